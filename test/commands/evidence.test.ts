import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../src/core/audit/audit.ts';
import { placeInPdf } from '../../src/pdf/place.ts';
import { renderPdf } from '../../src/pdf/render.ts';
import { evidencePack } from '../../src/core/reports/evidence-pack.ts';
import { readPack } from '../../src/core/reports/read-living.ts';
import { verifyPack, writePackDown } from '../../src/core/reports/pack-verification.ts';
import { openEmbeddedStore, shareStore, type TestStore } from '../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRun, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const chen = anActor({ user: 'U0CHEN' });
const eli = anActor({ user: 'U0ELI' });
const playbook = thePlaybook({
  TECH_LEAD: 'slack:U0CHEN',
  SECURITY_OFFICER: 'slack:U0ELI',
  PRODUCT_OWNER: 'slack:U0BEN',
});

type Opened = () => TestStore;

let count = 0;
const over = (opened: Opened) => ({ ...servicesOver(opened().store, { playbook }), pdf: renderPdf, placeInPdf });

async function say(opened: Opened, words: string, actor = anActor()) {
  return (await ask(servicesOver(opened().store, { playbook }), words, { actor, id: `pack-${(count += 1)}` })).answer;
}

const pack = async (opened: Opened): Promise<string> =>
  ((await say(opened, 'export evidence')).json as { text: string }).text;

async function packInPdf(opened: Opened): Promise<Buffer> {
  const document = await opened().store.transaction(async (tx) => evidencePack(await readPack(tx, over(opened))));
  const file = await renderPdf(document);
  await opened().store.transaction((tx) => writePackDown(tx, file, 'ana', over(opened).clock.now()));
  return Buffer.from(file);
}

async function verify(opened: Opened, file: string | Uint8Array) {
  const readFile = async () => Buffer.from(file);
  return (await ask(over(opened), 'audit verify --pack evidence', { readFile })).answer;
}

const flipped = (file: Buffer, at: number): Buffer => {
  const changed = Buffer.from(file);
  changed[at] = (file[at] ?? 0) ^ 1;
  return changed;
};

/** Within the text of a page, from 0. */
const inPage = (file: Buffer, page: number): number => {
  const streams = [...file.toString('latin1').matchAll(/\/Filter \/FlateDecode\n>>\nstream\n/g)];
  return (streams[page]?.index ?? 0) + 300;
};

async function somethingDone(opened: Opened): Promise<void> {
  const findings = [
    aFinding({ check: 'levels', key: 'L3', verdict: 'fail', variance: '1.5' }),
    aFinding({ check: 'levels', key: 'L5', verdict: 'fail', variance: '44.25', difference: '4', suppressed: true }),
  ];
  const check = aCheckResult({ check: 'levels', title: 'Level Distribution', verdict: 'fail', findings });
  await opened().store.transaction((tx) => tx.runs.save(aRun({ slot: someMoment, state: 'fail', checks: [check] })));
  const ben = anActor({ user: 'U0BEN' });
  await say(opened, 'decision ask writeAccess --people "Fay | <b>" --until 2026-12-31');
  await say(opened, 'decision 1 approve --seen 1', eli);
  await say(opened, 'decision 1 approve --seen 1 --reason "All is well"', chen);
  await say(opened, 'trigger report corruption --what "Salaries are doubled"');
  await say(opened, 'incident 1 propose --reason "Wrong for everybody"');
  await say(opened, 'decision 2 roll-back --seen 1 --reason so --confirm "roll back"', chen);
  await say(opened, 'decision 2 roll-back --seen 1 --reason so --confirm "roll back"', ben);
  await say(opened, 'runbook rollback done disable-access --evidence "Nobody can sign in"', chen);
}

describe('The evidence pack', () => {
  // Made once: no test of these does anything that a pack tells of.
  let kept: TestStore | undefined;
  const opened = (): TestStore => {
    assert.ok(kept !== undefined);
    return kept;
  };
  before(async function () {
    this.timeout(60_000);
    kept = await openEmbeddedStore();
    await somethingDone(opened);
  });
  after(() => kept?.close());

  it('has each decision with who, when, why and on which evidence, and each step with its times', async () => {
    const text = (await pack(opened)).replaceAll('\\', '');
    assert.match(text, /### DEC-1 Write access to PlanWise Navigator\?/);
    assert.match(text, /\| Approve \| slack:U0CHEN \| Mon 23 Nov 2026, 07:00 \| 1 \| All is well \|/);
    assert.match(text, /Evidence 1, Mon 23 Nov 2026, 07:00, SHA-256 [0-9a-f]{64}/);
    assert.match(text, /\| I-1 \| Data corruption \| proposed \|.*Salaries are doubled/);
    assert.match(
      text,
      /\| Disable access to PlanWise Navigator \| done \| Mon 23 Nov 2026, 07:00 \|.*Nobody can sign in/,
    );
    const head = await opened().store.transaction((tx) => tx.audit.head());
    assert.match(text, new RegExp(`Hash of the newest entry: ${String(head?.details['head'])}`));
  });
  it('begins with the verdict: the newest run, the gates, what is open and what was decided', async () => {
    const [verdict = ''] = (await pack(opened)).replaceAll('\\', '').split('## Timeline');
    assert.match(verdict, /\*\*Newest daily run\*\*: ✗ fail, Mon 23 Nov 2026, 07:00/);
    assert.match(verdict, /\*\*Gate of phase 1\*\*: 1 of 4 green/);
    assert.match(verdict, /\*\*Go\/No-Go\*\*: not asked yet/);
    assert.match(verdict, /\*\*Triggers\*\*: 1 of 1 incident not cleared/);
  });
  it('gives away no group of fewer than five people', async () => {
    assert.doesNotMatch(await pack(opened), /44\.25|L5/);
  });
  it('names the same head of the audit in every format, whichever was exported before', async () => {
    const first = await pack(opened);
    await say(opened, 'export evidence evidence.pdf');
    assert.equal(await pack(opened), first);
  });
  it('is known again by its hash, and is not when one byte of it is changed', async () => {
    const text = await pack(opened);
    const whole = await say(opened, `audit verify --pack "${sha256(text)}  -"`);
    assert.match(textOf(whole.card), /The audit is whole.*As it was exported/);
    const changed = await say(opened, `audit verify --pack ${sha256(text.replace('All is well', 'All is wel1'))}`);
    assert.match(changed.card.title, /The evidence pack was changed/);
    assert.equal(changed.exitCode, 1);
    assert.match((await say(opened, 'audit verify --pack nonsense')).card.title, /is no SHA-256/);
  });

  describe('as a file in a shell', () => {
    it('is known again, and which line was changed is named with what it said', async () => {
      const text = await pack(opened);
      const whole = await verify(opened, text);
      assert.deepEqual([whole.exitCode, whole.card.title], [0, 'The audit is whole']);
      const changed = await verify(opened, text.replace('All is well', 'All is wel1'));
      const line = text.split('\n').findIndex((one) => one.includes('All is well')) + 1;
      assert.match(changed.card.summary, new RegExp(`as it was exported Mon 23 Nov 2026, 07:00 .*: line ${line} is`));
      assert.match(textOf(changed.card), /says","value":"[^"]*All is wel1.*It said","value":"[^"]*All is well/);
      assert.equal(changed.exitCode, 1);
    });
    it('is no changed copy where it has little in common with any export', async () => {
      await pack(opened);
      assert.match((await verify(opened, '# Something else\n')).card.summary, /comes from elsewhere/);
    });
    it('is never taken for the one that was exported when any one byte of it is another', async () => {
      const text = Buffer.from(await pack(opened));
      await fc.assert(
        fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
          const changed = Buffer.from(text);
          changed[at] = (text[at] ?? 0) ^ flip;
          const services = servicesOver(opened().store, { playbook });
          const verdict = await opened().store.transaction((tx) => verifyPack(tx, changed, services));
          const line = text.subarray(0, at).toString('latin1').split('\n').length;
          assert.deepEqual([verdict.kind, verdict.kind === 'changed' && verdict.line], ['changed', line]);
        }),
        { numRuns: 20 },
      );
    }).timeout(60_000);
    describe('in PDF', () => {
      let file: Buffer;
      before(async () => {
        file = await packInPdf(opened);
      });

      it('is known again, and of one changed byte the page is named, and the line that stood there', async () => {
        const whole = await verify(opened, file);
        assert.deepEqual([whole.exitCode, whole.card.title], [0, 'The audit is whole']);
        const { card, exitCode } = await verify(opened, flipped(file, inPage(file, 1)));
        assert.equal(exitCode, 1);
        assert.match(card.summary, /as it was exported Mon 23 Nov 2026, 07:00 .*: what page 2 says is the first/);
        assert.match(textOf(card), /"It said there","value":"[^"]+"/);
      });
      it('is told to be changed where it was cut off', async () => {
        const { card, exitCode } = await verify(opened, file.subarray(0, file.length - 40));
        assert.equal(exitCode, 1);
        assert.match(card.summary, /what holds its pages together is the first that differs/);
      });
    });
    it('names the entry of the audit of which one byte was changed, whatever the pack says', async () => {
      const text = await pack(opened);
      const { owner } = opened();
      const rows = await owner<Record<string, string>>(
        'select *, details::text as details from audit order by sequence',
      );
      await owner('alter table audit disable trigger user');
      for (const column of ['at', 'actor', 'action', 'subject', 'previous_hash', 'hash']) {
        const property = fc.asyncProperty(fc.nat(rows.length - 1), fc.nat(), async (index, place) => {
          const before = rows[index]?.[column] ?? '';
          const at = place % before.length;
          const changed = `${before.slice(0, at)}${before[at] === 'a' ? 'b' : 'a'}${before.slice(at + 1)}`;
          const set = `update audit set ${column} = $1 where sequence = $2`;
          await owner(set, [changed, index + 1]);
          const { card, exitCode } = await verify(opened, text);
          await owner(set, [before, index + 1]);
          assert.deepEqual([card.title, exitCode], ['The audit was tampered with', 1]);
          assert.match(card.summary, new RegExp(`Entry ${index + 1} `));
        });
        await fc.assert(property, { numRuns: 4 });
      }
      await owner('alter table audit enable trigger user');
    }).timeout(60_000);
  });
});

describe('The evidence pack', () => {
  const opened = shareStore(() => openEmbeddedStore());

  it('shows no answer of a sealed ballot that is still open', async () => {
    const writeAccess = { ...playbook.decisions.writeAccess!, sealed: true, reason: 'never' as const };
    const sealed = { ...playbook, decisions: { ...playbook.decisions, writeAccess } };
    const over = servicesOver(opened().store, { playbook: sealed });
    await ask(over, 'decision ask writeAccess --people Fay --until 2026-12-31', { id: 'a' });
    await ask(over, 'decision 1 approve --seen 1', { actor: eli, id: 'b' });
    const { answer } = await ask(over, 'export evidence', { id: 'c' });
    assert.doesNotMatch((answer.json as { text: string }).text, /U0ELI/);
  });
  it('is the same text for the same records, however often it is exported', async () => {
    await somethingDone(opened);
    const first = await pack(opened);
    assert.equal(await pack(opened), first);
    await say(opened, 'trigger report corruption --what "More of it"');
    assert.notEqual(await pack(opened), first);
  });

  describe('as a file in a shell', () => {
    it('has its changed line named though the records went on since', async () => {
      await somethingDone(opened);
      const text = await pack(opened);
      await say(opened, 'trigger report corruption --what "More of it"');
      await pack(opened);
      const { card } = await verify(opened, text.replace('All is well', 'All is wel1'));
      assert.match(textOf(card), /line \d+ is the first that differs.*All is wel1.*nobody can tell any more/);
    });
    it('has its changed page named though the records went on since', async () => {
      await somethingDone(opened);
      const file = await packInPdf(opened);
      await say(opened, 'trigger report corruption --what "More of it"');
      const { card, exitCode } = await verify(opened, flipped(file, inPage(file, 1)));
      assert.equal(exitCode, 1);
      assert.match(card.summary, /what page 2 says is the first that differs/);
      assert.doesNotMatch(textOf(card), /It said there/);
    });
  });
});
