import assert from 'node:assert/strict';
import { withTimes } from '../../simulator/page/teams/times.ts';

describe('A time in a card', () => {
  const reader = { locale: 'en-GB', timeZone: 'America/New_York' };
  const shown = (text: string) => withTimes(text, reader);

  it("is read in the people's zone, also where that makes it another day", () => {
    assert.match(
      String(shown('Next: {{DATE(2026-01-06T03:30:00Z, SHORT)}}, {{TIME(2026-01-06T03:30:00Z)}}.')),
      /^Next: Mon,? 5 Jan 2026, 22:30\.$/,
    );
  });
  it('has a date in as many words as it asks for, few where it does not say', () => {
    assert.match(String(shown('{{DATE(2026-01-05T12:00:00Z,LONG)}}')), /^Monday,? 5 January 2026$/);
    assert.equal(shown('{{DATE(2026-01-05T12:00:00Z, COMPACT)}}'), '05/01/2026');
    assert.equal(shown('{{DATE(2026-01-05T12:00:00Z)}}'), '05/01/2026');
  });
  it('stays as it is where it names no moment', () => {
    for (const text of [
      '{{TIME(soon)}}',
      '{{DATE()}}',
      '{{ZONE(2026-01-05T12:00:00Z)}}',
      '{DATE(2026-01-05T12:00:00Z)}',
    ]) {
      assert.equal(shown(text), text);
    }
  });
  it('is found anywhere in the card, but for what its actions carry', () => {
    const time = '{{TIME(2026-01-05T12:00:00Z)}}';
    const card = { body: [{ inlines: ['At ', { text: time }] }], actions: [{ title: time, data: { at: time } }], n: 1 };
    assert.deepEqual(withTimes(card, reader), {
      body: [{ inlines: ['At ', { text: '7:00' }] }],
      actions: [{ title: '7:00', data: { at: time } }],
      n: 1,
    });
  });
});
