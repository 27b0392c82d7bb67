import type { Decision, DecisionAnswer, Delegation, Evidence } from '../../src/core/decisions/decision.ts';
import type { CodeStore, DecisionStore } from '../../src/core/record-stores.ts';
import type { Undo } from './undo.ts';

export interface DecisionState {
  readonly all: Map<number, Decision>;
  readonly evidence: Evidence[];
  readonly answers: DecisionAnswer[];
  readonly delegations: Delegation[];
}

export const createDecisionState = (): DecisionState => ({
  all: new Map(),
  evidence: [],
  answers: [],
  delegations: [],
});

export interface FakeCode {
  readonly person: string;
  readonly ended: boolean;
}

/** Decisions in plain memory. */
export function decisionStore({ all, evidence, answers, delegations }: DecisionState, undo: Undo): DecisionStore {
  const find: DecisionStore['find'] = async (number) => {
    const decision = all.get(number);
    const newest = evidence.filter((one) => one.decision === number).at(-1);
    if (decision === undefined || newest === undefined) return undefined;
    const mine = <T extends { decision: number }>(list: readonly T[]): T[] =>
      list.filter((one) => one.decision === number);
    return { decision, evidence: newest, answers: mine(answers), delegations: mine(delegations) };
  };
  return {
    find,
    lock: find,
    evidence: async (number) => evidence.filter((one) => one.decision === number),
    about: async (kind, about, limit) =>
      [...all.values()]
        .filter((one) => one.kind === kind && one.about === about)
        .toReversed()
        .slice(0, limit),
    list: async (limit) => [...all.values()].toReversed().slice(0, limit),
    pending: async () => [...all.values()].filter(({ state }) => state === 'pending'),
    open: async (decision) => {
      const taken = [...all.values()].some(
        ({ kind, about, state }) => kind === decision.kind && about === decision.about && state === 'pending',
      );
      if (taken) return undefined;
      const number = all.size + 1;
      undo.set(all, number, structuredClone({ ...decision, number }));
      return number;
    },
    save: async (decision) => {
      const before = all.get(decision.number);
      if (before?.state !== 'pending') throw new Error(`decision ${decision.number} has ended`);
      undo.set(all, decision.number, structuredClone(decision));
    },
    addEvidence: async (one) => undo.push(evidence, structuredClone(one)),
    addAnswer: async (one) => undo.push(answers, structuredClone(one)),
    addDelegation: async (one) => {
      const taken = delegations.some(
        ({ decision, from, role }) => decision === one.decision && from === one.from && role === one.role,
      );
      if (!taken) undo.push(delegations, structuredClone(one));
    },
  };
}

export function codeStore(all: Map<string, FakeCode>, undo: Undo): CodeStore {
  return {
    issue: async (person, hashes) => {
      for (const [hash, code] of all) if (code.person === person) undo.set(all, hash, { person, ended: true });
      for (const hash of hashes) undo.set(all, hash, { person, ended: false });
    },
    whose: async (hash) => {
      const code = all.get(hash);
      return code === undefined || code.ended ? undefined : code.person;
    },
    use: async (hash) => {
      const code = all.get(hash);
      if (code !== undefined) undo.set(all, hash, { ...code, ended: true });
    },
  };
}
