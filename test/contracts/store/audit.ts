import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type AuditEntry, type AuditRow, auditHash, hashBeforeFirst } from '../../../src/core/audit/audit.ts';
import type { TestStore } from '../../support/databases.ts';
import { someMoment } from '../../support/fixtures.ts';

const anEntry = (overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  at: someMoment,
  actor: 'slack:T0TEST/U0ANA',
  action: 'run.finished',
  subject: 'run/20261123-k3f9a',
  details: { state: 'pass', checks: 9, critical: false, note: null },
  ...overrides,
});

export function auditContract(opened: () => TestStore): void {
  const append = (...entries: AuditEntry[]): Promise<AuditRow[]> =>
    opened().store.transaction(async (tx) => {
      const rows: AuditRow[] = [];
      for (const entry of entries) rows.push(await tx.audit.append(entry));
      return rows;
    });
  const appendMany = (count: number): Promise<AuditRow[]> =>
    append(...Array.from({ length: count }, (_, index) => anEntry({ subject: `run/${index + 1}` })));
  const verify = (expectedHead?: string) => opened().store.transaction((tx) => tx.audit.verify(expectedHead));
  const head = () => opened().store.transaction((tx) => tx.audit.head());

  /** What somebody with the owner's password can do who switches the triggers off. */
  const tamper = async (...statements: string[]): Promise<void> => {
    const { owner } = opened();
    await owner('alter table audit disable trigger user');
    for (const sql of statements) await owner(sql);
    await owner('alter table audit enable trigger user');
  };
  /** Writes a whole chain that is right in itself, as somebody would who replaced it. */
  const writeChain = async (entries: readonly AuditEntry[]): Promise<void> => {
    let previousHash = hashBeforeFirst;
    const rows = entries.map((entry, index) => {
      const hash = auditHash(index + 1, previousHash, entry);
      const row = { sequence: index + 1, ...entry, previous_hash: previousHash, hash };
      previousHash = hash;
      return row;
    });
    await tamper('delete from audit');
    await opened().owner('insert into audit select * from jsonb_populate_recordset(null::audit, $1::jsonb)', [
      JSON.stringify(rows),
    ]);
    await opened().owner('update audit_head set sequence = $1, hash = $2', [rows.length, previousHash]);
  };

  describe('the audit', () => {
    it('is empty and right at first', async () => {
      assert.equal(await head(), undefined);
      assert.deepEqual(await verify(), { ok: true, entries: 0, head: null });
    });

    it('numbers its entries without gaps, each with the hash of the one before', async () => {
      const [first, second] = await append(anEntry(), anEntry({ action: 'run.shown' }));
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual(first, {
        ...anEntry(),
        sequence: 1,
        previousHash: hashBeforeFirst,
        hash: auditHash(1, hashBeforeFirst, anEntry()),
      });
      assert.deepEqual([second.sequence, second.previousHash], [2, first.hash]);
      assert.deepEqual(await head(), second);
      assert.deepEqual(await verify(), { ok: true, entries: 2, head: second.hash });
    });

    it('leaves no gap when a transaction is rolled back', async () => {
      await appendMany(1);
      const failing = opened().store.transaction(async (tx) => {
        await tx.audit.append(anEntry());
        throw new Error('the work failed');
      });
      await assert.rejects(failing, { message: 'the work failed' });
      assert.deepEqual(
        (await appendMany(1)).map(({ sequence }) => sequence),
        [2],
      );
      assert.equal((await verify()).ok, true);
    });

    it('is right whatever text and figures it is given', async () => {
      const texts = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\0', '\ud800', 'é', '😀', '\n', 'u0000') });
      const values = fc.oneof(
        texts,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      );
      const entries = fc.record({
        at: texts,
        actor: texts,
        action: texts,
        subject: texts,
        details: fc.dictionary(texts, values, { maxKeys: 4, noNullPrototype: true }),
      });
      await fc.assert(
        fc.asyncProperty(entries, async (entry) => {
          const [row] = await append(entry);
          assert.deepEqual(await head(), row);
        }),
        { numRuns: 60 },
      );
      assert.equal((await verify()).ok, true);
    });

    it('is verified in batches, whatever the length', async () => {
      const entries = Array.from({ length: 2_001 }, (_, index) => anEntry({ subject: `run/${index + 1}` }));
      for (const length of [1_000, 1_001, 2_000, 2_001]) {
        await writeChain(entries.slice(0, length));
        assert.deepEqual({ ...(await verify()), head: undefined }, { ok: true, entries: length, head: undefined });
      }
      await tamper(`update audit set subject = 'run/x' where sequence = 1001`);
      assert.deepEqual(await verify(), {
        ok: false,
        entries: 1_000,
        sequence: 1_001,
        problem: 'Entry 1001 was changed.',
      });
    });

    describe('tampered with', () => {
      const changed = {
        at: `'2020-01-01T00:00:00.000Z'`,
        actor: `'slack:T0TEST/U0EVE'`,
        action: `'run.held'`,
        subject: `'run/other'`,
        details: `'{"state":"fail"}'::jsonb`,
        hash: `repeat('f', 64)`,
      };
      for (const [column, value] of Object.entries(changed)) {
        it(`in the ${column} of an entry names that entry`, async () => {
          await appendMany(3);
          await tamper(`update audit set ${column} = ${value} where sequence = 2`);
          assert.deepEqual(await verify(), { ok: false, entries: 1, sequence: 2, problem: 'Entry 2 was changed.' });
        });
      }

      it('in what an entry says of the one before names that entry', async () => {
        await appendMany(3);
        await tamper(`update audit set previous_hash = repeat('f', 64) where sequence = 2`);
        const problem = 'Entry 2 does not follow from the one before.';
        assert.deepEqual(await verify(), { ok: false, entries: 1, sequence: 2, problem });
      });

      it('with a changed entry and its hash made to fit names the entry after it', async () => {
        const [first, second] = await appendMany(3);
        assert.ok(first !== undefined && second !== undefined);
        const forged = auditHash(2, first.hash, { ...second, actor: 'clock' });
        await tamper(`update audit set actor = 'clock', hash = '${forged}' where sequence = 2`);
        const problem = 'Entry 3 does not follow from the one before.';
        assert.deepEqual(await verify(), { ok: false, entries: 2, sequence: 3, problem });
      });

      for (const sequence of [1, 2]) {
        it(`by deleting entry ${sequence} of 3 names it`, async () => {
          await appendMany(3);
          await tamper(`delete from audit where sequence = ${sequence}`);
          const problem = `Entry ${sequence} is missing.`;
          assert.deepEqual(await verify(), { ok: false, entries: sequence - 1, sequence, problem });
        });
      }

      it('by deleting an entry and numbering the rest anew is found', async () => {
        await appendMany(3);
        await tamper('delete from audit where sequence = 2', 'update audit set sequence = 2 where sequence = 3');
        const answer = await verify();
        assert.deepEqual([answer.ok, answer.entries], [false, 1]);
      });

      it('by cutting the tail is found, since the head knows how far it went', async () => {
        await appendMany(3);
        await tamper('delete from audit where sequence = 3');
        const problem = 'The chain ends at entry 2, but its head says 3: the tail was cut.';
        assert.deepEqual(await verify(), { ok: false, entries: 2, sequence: 3, problem });
      });

      it('by emptying it is found', async () => {
        await appendMany(2);
        await tamper('delete from audit');
        const problem = 'The chain ends at entry 0, but its head says 2: the tail was cut.';
        assert.deepEqual(await verify(), { ok: false, entries: 0, sequence: 1, problem });
      });

      it('by adding an entry at the end past the head is found', async () => {
        const last = (await appendMany(2)).at(-1);
        assert.ok(last !== undefined);
        const forged = auditHash(3, last.hash, anEntry());
        await opened().application('insert into audit values (3, $1, $2, $3, $4, $5, $6, $7)', [
          ...Object.values(anEntry()),
          last.hash,
          forged,
        ]);
        const problem = 'Entry 3 stands past the head, which says 2: it was not appended by this program.';
        assert.deepEqual(await verify(), { ok: false, entries: 3, sequence: 3, problem });
      });

      it('by adding an entry past the head is found where a batch ends, too', async () => {
        await writeChain(Array.from({ length: 1_001 }, () => anEntry()));
        const [last] = await opened().owner<{ hash: string }>('select hash from audit where sequence = 1000');
        await tamper(`update audit_head set sequence = 1000, hash = '${last?.hash}'`);
        assert.deepEqual((await verify()).ok, false);
      });

      it('in the head is found', async () => {
        await appendMany(2);
        await tamper(`update audit_head set hash = repeat('f', 64)`);
        const problem = 'Entry 2 is not the one that the head says: the chain was replaced.';
        assert.deepEqual(await verify(), { ok: false, entries: 2, sequence: 2, problem });
      });

      it('by removing the head is found', async () => {
        await appendMany(2);
        await tamper('delete from audit_head');
        const problem = 'The audit has no head row.';
        assert.deepEqual(await verify(), { ok: false, entries: 2, sequence: null, problem });
        await opened().owner(`insert into audit_head (sequence, hash) values (0, '')`);
      });

      it('by cutting the tail and setting the head back is found by who remembers the head', async () => {
        const [, second, third] = await appendMany(3);
        assert.ok(second !== undefined && third !== undefined);
        await tamper(
          'delete from audit where sequence = 3',
          `update audit_head set sequence = 2, hash = '${second.hash}'`,
        );
        assert.equal((await verify()).ok, true);
        assert.equal((await verify(second.hash)).ok, true);
        const problem = `No entry has the hash ${third.hash}: the tail was cut, or the whole chain was replaced.`;
        assert.deepEqual(await verify(third.hash), { ok: false, entries: 2, sequence: null, problem });
      });

      it('by replacing the whole chain is found by who remembers a head', async () => {
        const last = (await appendMany(2)).at(-1);
        assert.ok(last !== undefined);
        await writeChain([anEntry({ actor: 'clock' }), anEntry({ actor: 'clock' })]);
        assert.equal((await verify()).ok, true);
        assert.equal((await verify(last.hash)).ok, false);
      });
    });

    it('lists the newest entries of an action, the newest first', async () => {
      await append(anEntry({ subject: 'run/1' }), anEntry({ action: 'run.shown' }), anEntry({ subject: 'run/2' }));
      const newest = (limit: number) => opened().store.transaction((tx) => tx.audit.newest('run.finished', limit));
      assert.deepEqual(
        (await newest(5)).map(({ subject }) => subject),
        ['run/2', 'run/1'],
      );
      assert.deepEqual(
        (await newest(1)).map(({ sequence }) => sequence),
        [3],
      );
    });

    it('takes a remembered head of 16 digits or more, in either case, though the chain went on since', async () => {
      const [, second] = await appendMany(4);
      assert.ok(second !== undefined);
      assert.equal((await verify(second.hash.slice(0, 16))).ok, true);
      assert.equal((await verify(second.hash.toUpperCase())).ok, true);
    });

    it('takes no fewer than 16 digits for a remembered head, and nothing else', async () => {
      const [first] = await appendMany(1);
      assert.ok(first !== undefined);
      for (const given of ['', first.hash.slice(0, 15), `${first.hash}0`, 'zzzzzzzzzzzzzzzz']) {
        const answer = await verify(given);
        assert.ok(!answer.ok, given);
        assert.match(answer.problem, /is not the hash of an entry: give at least its first 16 hexadecimal digits\.$/);
      }
    });

    describe('is append-only', () => {
      const changes = ['update audit set actor = actor', 'delete from audit', 'truncate audit'];
      for (const sql of changes) {
        it(`for the application: ${sql}`, async () => {
          await appendMany(1);
          await assert.rejects(opened().application(sql), { code: '42501', message: /permission denied/ });
        });
        it(`even for the owner: ${sql}`, async () => {
          await appendMany(1);
          await assert.rejects(opened().owner(sql), { code: '42501', message: /the audit is append-only/ });
        });
      }

      it('for the application, which can not switch the triggers off', async () => {
        await assert.rejects(opened().application('alter table audit disable trigger user'), { code: '42501' });
      });

      it('for the application, which can not empty or remove the head', async () => {
        await assert.rejects(opened().application('delete from audit_head'), { code: '42501' });
        await assert.rejects(opened().application('truncate audit_head'), { code: '42501' });
      });
    });
  });
}
