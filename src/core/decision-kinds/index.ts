import type { DecisionKindName } from '../decisions/decision.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { extension } from './extension.ts';
import { goNoGo } from './go-no-go.ts';
import { rollback } from './rollback.ts';
import { step } from './step.ts';
import { waiver } from './waiver.ts';
import { writeAccess } from './write-access.ts';

/** Every kind of decision. */
export const decisionKindList: readonly DecisionKind[] = [writeAccess, waiver, goNoGo, extension, rollback, step];

/** Throws for a name that is on record and that this program does not know. */
export function decisionKindOf(name: DecisionKindName): DecisionKind {
  const kind = decisionKindList.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`There is no kind of decision "${name}".`);
  return kind;
}
