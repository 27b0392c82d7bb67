import type { Form } from '../form.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import type { Decision, DecisionKindName, EvidenceItem, Option } from './decision.ts';

/** What a decision is about. */
export type Matter = Pick<Decision, 'about' | 'proposal'>;

export interface Asking extends Pick<Form, 'title' | 'fields'> {
  /** What is asked now, and about what. Throws UsageError where it can't be asked yet. */
  question(tx: Transaction, services: Services): Promise<Pick<Decision, 'about' | 'question'>>;
}

/** What a kind of decision is about, and what follows from it. Everything happens in the transaction at hand. */
export interface DecisionKind {
  readonly name: DecisionKindName;
  readonly options: readonly Option[];
  /** How people ask for it by `decision ask`; left out where something else asks. */
  readonly ask?: Asking;
  /** What is on the table now. The same facts give the same items. */
  evidence(tx: Transaction, matter: Matter, services: Services): Promise<readonly EvidenceItem[]>;
  /** Why the first option can't be taken at present, in words; undefined: nothing is in the way. */
  blocked?(tx: Transaction, matter: Matter, services: Services): Promise<string | undefined>;
  /** What follows from the outcome. */
  decided(tx: Transaction, decision: Decision & { readonly outcome: string }, services: Services): Promise<void>;
  /** What follows when it ended without an outcome. */
  ended?(tx: Transaction, decision: Decision, services: Services): Promise<void>;
}
