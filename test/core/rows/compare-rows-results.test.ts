import assert from 'node:assert/strict';
import type { Wait } from '../../../src/core/time/clock.ts';
import { someMoment } from '../../support/fixtures.ts';
import { type Asked, aComparison, compare, forMixedPairings } from './pairings.ts';

forMixedPairings((opened) => {
  const values = (...rows: readonly string[]): string =>
    `SELECT * FROM (VALUES ${rows.join(', ')}) AS given (id, word)`;

  it('are counted where they are more than can be looked at, and the sample is spread over them', async () => {
    const rows = (word: string, more: number): string =>
      `SELECT number AS id, '${word}' || number AS word FROM generate_series(1, ${more}) AS n (number)`;
    await opened().given(rows('a', 1_000), rows('b', 1_100));
    const result = await compare(opened().systems, aComparison(), { mostLookedAt: 100 });
    assert.deepEqual([result.agree, result.differ, result.only], [0, 1_000, { legacy: 0, new: 100 }]);
    assert.deepEqual(result.rows, { legacy: 1_000, new: 1_100 });
    const looked = result.differences.length;
    assert.ok(looked > 50 && looked <= 100, String(looked));
    assert.equal(result.unread, 1_100 - looked);
    const ids = result.differences.map(({ key }) => Number(key[0]));
    assert.ok(ids.some((id) => id < 100) && ids.some((id) => id > 900), ids.join());
  });
  it('are compared until a limit of the playbook is reached, with what is known so far', async () => {
    const rows = (word: string): string =>
      `SELECT number AS id, '${word}' AS word FROM generate_series(1, 12000) AS n (number)`;
    await opened().given(rows('a'), rows('b'));
    const all = { hashFrom: Number.POSITIVE_INFINITY };
    const few = await compare(opened().systems, aComparison({ limits: { differing: '30' } }), all);
    assert.deepEqual([few.verdict, few.differ], ['fail', 10_000]);
    assert.match(few.reason, /It ended early, after 10,000 rows: 10,000 of them differ, more than 30 %\./);
    const enough = await compare(opened().systems, aComparison({ limits: { differing: '100' } }), all);
    assert.deepEqual([enough.reason, enough.differ], ['', 12_000]);
    await opened().given(rows('a'));
    const some = await compare(opened().systems, aComparison({ limits: { rows: 10_000 } }), {
      hashFrom: Number.POSITIVE_INFINITY,
    });
    assert.deepEqual([some.verdict, some.agree], ['error', 10_000]);
    assert.match(some.reason, /after 10,000 rows: the playbook has no more compared/);
    assert.deepEqual(
      some.integrity.filter(({ probe }) => probe === 'rowsLost'),
      [],
    );
  });
  it('that differed while a side was written to count only if they still differ a while later', async () => {
    await opened().given(
      values("(1, 'a')", "(2, 'b')", "(3, 'c')", "(4, 'd')"),
      values("(1, 'a')", "(2, 'x')", "(3, 'y')", "(5, 'e')"),
    );
    const waited: number[] = [];
    const wait: Wait = async (milliseconds) => {
      waited.push(milliseconds);
      await opened().given(
        values("(1, 'a')", "(2, 'b')", "(3, 'c')", "(4, 'd')"),
        values("(1, 'q')", "(2, 'b')", "(3, 'z')", "(4, 'd')"),
      );
    };
    const result = await compare(opened().systems, aComparison({ confirmAfterSeconds: 60 }), { wait });
    assert.deepEqual(waited, [60_000]);
    // 3 differs both times; 2, 4 and 5 did, and 1 does now.
    assert.deepEqual([result.agree, result.differ, result.only, result.unsettled], [3, 1, { legacy: 0, new: 0 }, 4]);
    assert.deepEqual(
      result.differences.map(({ key }) => key),
      [['3']],
    );
  });
  it('are not compared again where all agree', async () => {
    await opened().given(values("(1, 'a')"));
    const wait: Wait = () => Promise.reject(new Error('nothing to wait for'));
    const result = await compare(opened().systems, aComparison({ confirmAfterSeconds: 60 }), { wait });
    assert.deepEqual([result.verdict, result.unsettled], ['pass', null]);
  });
  it('that differ are compared again where a side was changed less than so long before it was read, by its own word', async () => {
    await opened().given(values("(1, 'a')"), values("(1, 'b')"));
    const sql = (minutes: number): string => {
      const at = new Date(Date.parse(someMoment) - minutes * 60_000).toISOString();
      return `SELECT CAST('${at}' AS TIMESTAMP WITH TIME ZONE) AS changed_at`;
    };
    const waits: string[] = [];
    const asked = async (ofLegacy: number, ofNew: number) => {
      const changed = { legacy: sql(ofLegacy), new: sql(ofNew), withinMinutes: 15 };
      const wait: Wait = async () => {
        waits.push(`${ofLegacy} ${ofNew}`);
      };
      const compared = await compare(opened().systems, aComparison({ confirmAfterSeconds: 60, changed }), { wait });
      return [compared.differ, compared.unsettled];
    };
    assert.deepEqual(
      [await asked(15, 14), await asked(15, 15)],
      [
        [1, 0],
        [1, null],
      ],
    );
    assert.deepEqual(waits, ['15 14']);
  });
  it('fail where the new system has damage that legacy has not: repeated keys, no keys, too little pay, lost rows', async () => {
    const pays = (...rows: readonly string[]): string => `SELECT * FROM (VALUES ${rows.join(', ')}) AS given (id, pay)`;
    const asked = aComparison({ agreement: '10', columns: { pay: { minimum: '0' } } });
    const failing = async (legacy: string, now: string, more: Asked = {}): Promise<string[]> => {
      await opened().given(legacy, now);
      const { integrity, verdict } = await compare(opened().systems, asked, more);
      const failed = integrity.filter((one) => one.verdict === 'fail').map(({ probe, column }) => column ?? probe);
      assert.equal(verdict, failed.length > 0 ? 'fail' : 'pass');
      return failed;
    };
    const fine = pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)');
    assert.deepEqual(await failing(fine, fine), []);
    assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, -1)', '(4, 9)')), ['pay']);
    const both = pays('(1, 5)', '(2, 0)', '(3, -1)', '(4, 9)');
    assert.deepEqual(await failing(both, both), [], 'what legacy has as well is not the migration’s');
    assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)', '(4, 9)')), ['repeatedKeys']);
    assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)', '(NULL, 9)')), ['nullKeys']);
    assert.deepEqual(await failing(fine, fine, { before: { legacy: 4, new: 5 } }), ['rowsLost']);
    assert.deepEqual(await failing(fine, fine, { before: { legacy: 5, new: 5 } }), [], 'both lost as many');
    assert.deepEqual(await failing(fine, fine, { before: { legacy: 4, new: 4 } }), []);
  });
  it('come with the evidence: snapshots, queries, rules, and a checksum of each side', async () => {
    await opened().given(values("(1, 'a')", "(2, 'b')"), values("(1, 'a')", "(2, 'x')"));
    const asked = aComparison({ columns: { word: { mapping: { legacy: { b: 'B' } } } } });
    const { evidence } = await compare(opened().systems, asked);
    assert.deepEqual(
      [evidence.sql, evidence.rules, evidence.key],
      [{ legacy: asked.legacy, new: asked.new }, asked.columns, ['id']],
    );
    assert.match(evidence.snapshots.legacy, /snapshot \d|\d bytes, written 20/);
    assert.match(evidence.checksums?.legacy ?? '', /^[0-9a-f]{16}$/);
    assert.notEqual(evidence.checksums?.legacy, evidence.checksums?.new);
    const { evidence: read } = await compare(opened().systems, asked, { hashFrom: Number.POSITIVE_INFINITY });
    assert.deepEqual([read.way, read.checksums], [null, null]);
  });
});
