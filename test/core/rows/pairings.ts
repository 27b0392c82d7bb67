import assert from 'node:assert/strict';
import type { RowComparison } from '../../../src/core/playbook/playbook.ts';
import { compareRows } from '../../../src/core/rows/compare-rows.ts';
import type { Wait } from '../../../src/core/time/clock.ts';
import type { RowComparisonResult, RowCounts, RowsMeasured } from '../../../src/core/rows/result.ts';
import { someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';
import { type Engine, engines, openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import type { Side } from '../../../src/core/sources.ts';

const { readiness: _readiness, ...rest } = thePlaybook();
const playbook = {
  ...rest,
  readiness: { batchDate: 'any', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 } as const,
};
export const aComparison = (more: Partial<RowComparison> = {}): RowComparison => ({
  name: 'people',
  title: 'People',
  key: ['id'],
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
  agreement: '100',
  ignore: [],
  columns: {},
  limits: {},
  segments: [],
  noun: ['row', 'rows'],
  ...more,
});

export interface Asked {
  readonly signal?: AbortSignal;
  readonly hashFrom?: number;
  readonly inPartAlways?: boolean;
  readonly mostLookedAt?: number;
  readonly wait?: Wait;
  readonly before?: RowCounts;
}

/** By hashes, unless `hashFrom` says otherwise. */
export async function compare(
  systems: TwoSystems,
  comparison: RowComparison,
  {
    signal = new AbortController().signal,
    hashFrom = 0,
    inPartAlways = false,
    mostLookedAt = 500_000,
    wait = async () => undefined,
    before,
  }: Asked = {},
): Promise<RowComparisonResult & Pick<RowsMeasured, 'differences'>> {
  const compared = await compareRows({
    comparison,
    playbook,
    sources: systems.sources,
    clock: { now: () => new Date(someMoment) },
    progress: () => undefined,
    signal,
    hashFrom,
    inPartAlways,
    mostLookedAt,
    wait,
    ...(before === undefined ? {} : { before }),
  });
  assert.ok(compared.state === 'compared', 'not held');
  return { ...compared.result, differences: compared.differences };
}

/** Two systems, and what fills their table `people`. */
export interface Pairing {
  readonly systems: TwoSystems;
  given(legacy: string, now?: string): Promise<void>;
}

type Kinds = Readonly<Record<Side, Engine>>;
type Say = (opened: () => Pairing, kinds: Kinds) => void;

/** Says the same of every pairing of engines: of how rows are read, hashed and told apart. */
export function forEveryPairing(say: Say): void {
  for (const legacy of engines) for (const now of engines) sayOf({ legacy, new: now }, say);
}

/** Says the same with each engine on either side: of what becomes of rows once they are read, by whatever way. */
export function forMixedPairings(say: Say): void {
  sayOf({ legacy: 'postgresql', new: 'duckdb' }, say);
  sayOf({ legacy: 'duckdb', new: 'postgresql' }, say);
}

function sayOf(kinds: Kinds, say: Say): void {
  describe(`The rows of a ${kinds.legacy} and a ${kinds.new} system`, function () {
    this.timeout(120_000);
    let systems: TwoSystems | undefined;
    before(async () => {
      systems = await openTwoSystems(kinds);
    });
    after(() => systems?.close());
    say(() => {
      assert.ok(systems !== undefined);
      const { write } = systems;
      return {
        systems,
        given: async (ofLegacy, ofNew = ofLegacy) => {
          await write('legacy', 'DROP TABLE IF EXISTS people', `CREATE TABLE people AS ${ofLegacy}`);
          await write('new', 'DROP TABLE IF EXISTS people', `CREATE TABLE people AS ${ofNew}`);
        },
      };
    }, kinds);
  });
}
