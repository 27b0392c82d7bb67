import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clean, cut, escapeWithin, oneLine, richText } from '../../src/slack/text.ts';
import { anyCharacter } from '../support/any-text.ts';

describe('text for Slack', () => {
  it('leaves a text of exactly the limit alone and cuts one that is a character longer', () => {
    assert.equal(cut('12345', 5), '12345');
    assert.equal(cut('123456', 5), '1234…');
  });

  it('never cuts inside a character', () => {
    assert.equal(cut('ab😀cd', 4), 'ab…');
    assert.equal(cut('ab😀cd', 5), 'ab😀…');
  });

  it('drops control characters and direction marks, and keeps line ends and right-to-left letters', () => {
    assert.equal(clean('a\u0000b\u001b[31m\u202Ec\r\nשלום\t'), 'ab[31mc\nשלום\t');
  });

  it('shows half of a character as the sign for an unknown one', () => {
    assert.equal(clean('a\ud83d'), 'a\ufffd');
  });

  it('is never empty where Slack wants some text', () => {
    assert.equal(oneLine(' \u0007 ', 10, 'Open'), 'Open');
  });

  it('escapes what Slack reads as mentions, links and entities', () => {
    assert.equal(escapeWithin('<!channel> & <@U1>', 100), '&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  it('keeps any text within the limit after escaping, without a half entity or a bare sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), fc.integer({ min: 1, max: 120 }), (text, max) => {
        const escaped = escapeWithin(text, max);
        assert.ok(escaped.length <= max);
        assert.doesNotMatch(escaped, /[<>]|&(?!amp;|lt;|gt;)/);
        assert.doesNotMatch(escaped, /\p{Surrogate}/u);
      }),
    );
  });

  it('shows a time in the reader’s zone, with the playbook’s zone where Slack cannot', () => {
    assert.deepEqual(richText([{ time: '2026-03-02T12:00:00Z', style: 'time', fallback: '07:00 New York' }], 100), [
      { type: 'date', timestamp: 1_772_452_800, format: '{time}', fallback: '07:00 New York' },
    ]);
    assert.deepEqual(richText([{ time: 'soon', style: 'time', fallback: 'soon' }], 100), [
      { type: 'text', text: 'soon' },
    ]);
  });

  it('mentions people and groups by their id, and names those that Slack does not know', () => {
    const spans = [
      { person: 'slack:U012ABC', name: 'Ana' },
      { person: 'S012ABC', name: 'Analysts' },
      { person: 'U1> <!channel', name: '<!channel>' },
    ];
    assert.deepEqual(richText(spans, 100), [
      { type: 'user', user_id: 'U012ABC' },
      { type: 'usergroup', usergroup_id: 'S012ABC' },
      { type: 'text', text: '<!channel>' },
    ]);
  });
});
