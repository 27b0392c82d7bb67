import type {
  Decision,
  DecisionAnswer,
  DecisionRecord,
  DecisionRules,
  Delegation,
  Evidence,
} from '../core/decisions/decision.ts';
import type { CodeStore, DecisionStore } from '../core/record-stores.ts';
import { toJson, toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface Row {
  number: string;
  kind: Decision['kind'];
  about: string;
  proposal: Decision['proposal'];
  question: string;
  rules: DecisionRules;
  state: Decision['state'];
  evidence_version: number;
  opened_by: string;
  asker: string | null;
  opened_at: Date;
  expires_at: Date;
  closed_at: Date | null;
  closed_by: string | null;
  outcome: string | null;
  reason: string;
}

const oneOf = (text: string | null): string | null => (text === null ? null : toText(text));

export function decisionStore(query: Query): DecisionStore {
  const select = async (rest: string, values: readonly unknown[] = []): Promise<Decision[]> =>
    (await query<Row>(`select * from decisions ${rest}`, values)).rows.map(toDecision);
  const record = async (decision: Decision | undefined): Promise<DecisionRecord | undefined> => {
    if (decision === undefined) return undefined;
    const evidence = (await evidenceOf(decision.number)).at(-1);
    if (evidence === undefined) throw new Error(`decision ${decision.number} has no evidence`);
    const { number } = decision;
    return { decision, evidence, answers: await answersOf(number), delegations: await delegationsOf(number) };
  };
  const answersOf = async (decision: number): Promise<DecisionAnswer[]> => {
    const { rows } = await query<Omit<DecisionAnswer, 'at' | 'evidenceVersion'> & { at: Date; version: number }>(
      `select decision, person, option, reason, evidence_version as version, by, at
       from decision_answers where decision = $1 order by number`,
      [decision],
    );
    return rows.map(({ version, at, ...row }) => ({ ...row, decision, evidenceVersion: version, at: iso(at) }));
  };
  const delegationsOf = async (decision: number): Promise<Delegation[]> => {
    const { rows } = await query<Omit<Delegation, 'at'> & { at: Date }>(
      `select decision, "from", "to", role, reason, by, at from decision_delegations
       where decision = $1 order by at, "from", role`,
      [decision],
    );
    return rows.map((row) => ({ ...row, decision, at: iso(row.at) }));
  };
  const evidenceOf = async (decision: number): Promise<Evidence[]> => {
    const { rows } = await query<Omit<Evidence, 'at'> & { at: Date }>(
      'select decision, version, items, hash, at from decision_evidence where decision = $1 order by version',
      [decision],
    );
    return rows.map((row) => ({ ...row, decision, at: iso(row.at) }));
  };
  return {
    evidence: evidenceOf,
    find: async (number) => record((await select('where number = $1', [number]))[0]),
    lock: async (number) => record((await select('where number = $1 for update', [number]))[0]),
    about: (kind, about, limit) =>
      select('where kind = $1 and about = $2 order by number desc limit $3', [kind, about, limit]),
    list: (limit) => select('order by number desc limit $1', [limit]),
    pending: () => select("where state = 'pending' order by number"),

    async open(one) {
      const { rows } = await query<{ number: string }>(
        `insert into decisions (kind, about, question, rules, state, evidence_version, opened_by, asker, opened_at, expires_at, proposal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (kind, about) where state = 'pending' do nothing returning number`,
        [
          one.kind,
          toText(one.about),
          toText(one.question),
          toJson(one.rules),
          one.state,
          one.evidenceVersion,
          toText(one.openedBy),
          oneOf(one.asker),
          one.openedAt,
          one.expiresAt,
          toJson(one.proposal),
        ],
      );
      return rows[0] === undefined ? undefined : Number(rows[0].number);
    },

    async save({ number, state, evidenceVersion, closedAt, closedBy, outcome, reason }) {
      await query(
        `update decisions set state = $2, evidence_version = $3, closed_at = $4, closed_by = $5, outcome = $6, reason = $7
         where number = $1`,
        [number, state, evidenceVersion, closedAt, oneOf(closedBy), outcome, toText(reason)],
      );
    },

    async addEvidence({ decision, version, items, hash, at }) {
      await query('insert into decision_evidence (decision, version, items, hash, at) values ($1, $2, $3, $4, $5)', [
        decision,
        version,
        toJson(items),
        hash,
        at,
      ]);
    },

    async addAnswer({ decision, person, option, reason, evidenceVersion, by, at }) {
      await query(
        `insert into decision_answers (decision, person, option, reason, evidence_version, by, at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [decision, toText(person), option, toText(reason), evidenceVersion, toText(by), at],
      );
    },

    async addDelegation({ decision, from, to, role, reason, by, at }) {
      await query(
        `insert into decision_delegations (decision, "from", "to", role, reason, by, at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [decision, toText(from), toText(to), role, toText(reason), toText(by), at],
      );
    },
  };
}

export function codeStore(query: Query): CodeStore {
  return {
    async issue(person, hashes, at) {
      await query('update one_time_codes set ended_at = $2 where person = $1 and ended_at is null', [person, at]);
      for (const hash of hashes) {
        await query('insert into one_time_codes (hash, person, issued_at) values ($1, $2, $3)', [
          hash,
          toText(person),
          at,
        ]);
      }
    },

    async whose(hash) {
      const { rows } = await query<{ person: string }>(
        'select person from one_time_codes where hash = $1 and ended_at is null for update',
        [hash],
      );
      return rows[0]?.person;
    },

    async use(hash, at) {
      await query('update one_time_codes set ended_at = $2 where hash = $1', [hash, at]);
    },
  };
}

function toDecision(row: Row): Decision {
  const { number, kind, about, proposal, question, rules, state, asker, outcome, reason } = row;
  return {
    number: Number(number),
    kind,
    about,
    proposal,
    question,
    rules,
    state,
    evidenceVersion: row.evidence_version,
    openedBy: row.opened_by,
    asker,
    openedAt: iso(row.opened_at),
    expiresAt: iso(row.expires_at),
    closedAt: isoOrNull(row.closed_at),
    closedBy: row.closed_by,
    outcome,
    reason,
  };
}
