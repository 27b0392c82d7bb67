import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Discrepancy } from '../../src/core/records/discrepancy.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aDiscrepancy, aMeasurement, anActor, aReport, aRequest } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

describe('A lesson learned', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store);
  const stored = () => opened().store.transaction((tx) => tx.lessons.list(10));
  const words =
    'lesson --category Performance --learning "The night batch is slow" --action "Add an index" --owner analysts';

  it('is written down for good, by whom and when', async () => {
    const { answer } = await ask(services(), words);
    assert.match(textOf(answer.card), /L-1: Performance.*The night batch is slow.*Add an index.*Analysts/);
    assert.deepEqual(await stored(), [
      {
        number: 1,
        date: '2026-11-23',
        category: 'Performance',
        learning: 'The night batch is slow',
        action: 'Add an index',
        owner: 'analysts',
        link: null,
        discrepancy: null,
        blocks: null,
        done: null,
        recordedBy: 'slack:T0TEST/U0ANA',
        recordedAt: '2026-11-23T12:00:00.000Z',
      },
    ]);
    const head = await opened().store.transaction((tx) => tx.audit.head());
    assert.deepEqual([head?.action, head?.subject], ['lesson.recorded', 'lesson/1']);
  });
  it('is of today, and about the first category, unless it is said', async () => {
    await ask(services(), 'lesson --learning x');
    await ask(services(), 'lesson --learning y --date 2026-11-02', { id: 'Ev2' });
    const kept = (await stored()).map(({ date, category }) => [date, category]);
    assert.deepEqual(kept, [
      ['2026-11-23', 'Data Quality'],
      ['2026-11-02', 'Data Quality'],
    ]);
  });
  it('is of no day to come, of a category that there is, and not empty', async () => {
    for (const [bad, pattern] of [
      ['lesson --learning x --date 2026-11-24', /Not after Mon 23 Nov 2026/],
      ['lesson --learning x --category Weather', /One of Data Quality, Performance/],
      ['lesson --action x', /--learning: This is needed/],
      [`lesson --learning ${'x'.repeat(3_001)}`, /At most 3000 characters/],
      ['lesson --learning x --about D-9', /There is no discrepancy .*D-9/],
    ] as const) {
      const { answer } = await ask(services(), bad);
      assert.equal(answer.exitCode, 64);
      assert.match(textOf(answer.card), pattern);
    }
    assert.deepEqual(await stored(), []);
    await ask(services(), `lesson --learning ${'x'.repeat(3_000)}`);
    assert.equal((await stored()).length, 1);
  });
  it('remembers the discrepancy that taught it', async () => {
    await opened().store.transaction((tx) => tx.discrepancies.save([{ ...aDiscrepancy(), number: null }]));
    const form = await formFor(aRequest({ words: 'lesson --about D-1' }), commands, services());
    assert.match(form !== undefined && 'form' in form ? (form.form.intro ?? '') : '', /What did D-1 teach/);
    await ask(services(), 'lesson --about D-1', { form: { learning: 'Map them' } });
    assert.equal((await stored())[0]?.discrepancy, 1);
  });
  describe('of a discrepancy', () => {
    const file = (overrides: Partial<Discrepancy>) =>
      opened().store.transaction((tx) => tx.discrepancies.save([{ ...aDiscrepancy(overrides), number: null }]));
    /** What the button of the card asks for, pressed in Slack. */
    const offered = async () => {
      const { body } = (await ask(services(), 'discrepancy D-1')).answer.card;
      const buttons = body.flatMap((one) => (one.kind === 'buttons' ? one.buttons : []));
      return buttons.find(({ label }) => label === 'Write down a lesson');
    };
    const initials = async () => {
      const command = (await offered())?.command ?? 'nothing';
      const asked = await formFor(aRequest({ words: command }), commands, services());
      const fields = asked !== undefined && 'form' in asked ? asked.form.fields : [];
      return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
    };
    const resolved = { state: 'resolved', resolvedAt: '2026-11-23T12:00:00.000Z' } as const;

    it('is offered once that is resolved, and not before', async () => {
      await file({});
      assert.equal(await offered(), undefined);
      await ask(services(), 'discrepancy D-1 resolve --reason "The mapping was mended"');
      assert.equal((await offered())?.command, 'lesson --about D-1');
    });
    it('begins with what was measured', async () => {
      await file({ ...resolved, measured: aMeasurement({ occurrences: 3 }) });
      assert.equal((await initials())['learning'], 'Level Distribution L3: legacy 798, new 810, +12 (1.5 %); 3 times');
    });
    it('begins with what somebody reported, and where', async () => {
      await file({ ...resolved, measured: null, reported: aReport() });
      const { title, description, link } = aReport();
      assert.deepEqual(
        [(await initials())['learning'], (await initials())['link']],
        [`${title}\n${description}`, link],
      );
    });
    it('begins without the figures of fewer than five people', async () => {
      await file({ ...resolved, measured: aMeasurement({ suppressed: true }) });
      assert.equal((await initials())['learning'], 'Level Distribution, a small group: 1 time');
    });
  });
  it('with an action that blocks a phase keeps its gate red until the action is done', async () => {
    const about = 'lesson --learning "Loads can repeat" --action "Make them idempotent" --owner dataOwner --blocks 1';
    assert.equal((await ask(services(), 'lesson --learning x --blocks 1')).answer.exitCode, 64, 'without an action');
    await ask(services(), about, { id: 'Ev2' });
    const gate = async () => textOf((await ask(services(), 'gates 1')).answer.card);
    assert.match(await gate(), /0 of 6 done; open/);
    const stranger = anActor({ user: 'U0NEW' });
    assert.equal((await ask(services(), 'lesson-done L-1 "A link"', { actor: stranger })).answer.exitCode, 64);
    await ask(services(), 'lesson-done L-1 "A link"', { id: 'Ev3' });
    assert.match(await gate(), /1 of 6 done; open/);
    assert.equal((await stored())[0]?.done?.evidence, 'A link');
    assert.match((await ask(services(), 'lesson-done L-1 "Again"', { id: 'Ev4' })).answer.card.title, /done already/);
  });
  it('is found again by its words, in any order and whatever their case', async () => {
    await ask(services(), words);
    await ask(services(), 'lesson --learning "Users want Excel"', { id: 'Ev2' });
    const found = async (typed: string) => textOf((await ask(services(), typed)).answer.card);
    assert.match(await found('lessons INDEX batch'), /The night batch is slow/);
    assert.doesNotMatch(await found('lessons index batch'), /Excel/);
    assert.match(await found('lessons'), /2 lessons/);
    assert.match(await found('lessons nowhere'), /No lessons/);
  });
  it('is exported as it was typed, and as no formula', async () => {
    await ask(services(), 'lesson', { form: { learning: '=cmd|calc <!channel> 🎉 \u05e9\u05dc\u05d5\u05dd' } });
    const { answer } = await ask(services(), 'export lessons');
    assert.match(
      (answer.json as { text: string }).text,
      /L-1,2026-11-23,Data Quality,'=cmd\|calc <!channel> 🎉 שלום,/u,
    );
  });
});
