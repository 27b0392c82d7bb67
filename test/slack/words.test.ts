import assert from 'node:assert/strict';
import { wordsOf } from '../../src/slack/words.ts';

describe('the words of a slash command', () => {
  const examples: [string, string, string][] = [
    ['plain words', '  check levels --share ', 'check levels --share'],
    ['a mentioned person by id', 'assign <@U123|ana> now', 'assign @U123 now'],
    ['a mentioned channel by id', 'post <#C123|general>', 'post #C123'],
    ['a mentioned group by id', 'tell <!subteam^S123|@analysts>', 'tell @S123'],
    ['a link as its address', 'note <https://example.com/a?b=1&amp;c=2|here>', 'note https://example.com/a?b=1&c=2'],
    ['escaped signs as typed', 'note a &lt; b &amp;&amp; c &gt; d', 'note a < b && c > d'],
    ['an escaped entity once only', 'note &amp;lt;', 'note &lt;'],
    ['a telephone’s dash as two hyphens', 'check levels —share', 'check levels --share'],
    ['a dash between words as it is', 'note before — after', 'note before — after'],
    ['curly quotes as straight ones', 'show “a b” ‘c’', 'show "a b" \'c\''],
  ];
  for (const [what, typed, words] of examples) {
    it(`take ${what}`, () => assert.equal(wordsOf(typed), words));
  }
});
