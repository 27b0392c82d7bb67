import type { Card } from '../../src/core/cards/card.ts';
import { renderHome, renderMessage } from '../../src/slack/render.ts';
import { renderCard as renderForTeams } from '../../src/teams/render.ts';
import { renderCard as renderForTerminal } from '../../src/terminal/render.ts';
import { productCards } from '../contracts/product-cards.ts';
import { renderingContract } from '../contracts/rendering.ts';
import { assertSlackTakes } from '../slack/block-kit-rules.ts';
import { assertTeamsTakes, wordsOf } from './teams-rules.ts';

describe('The same cards everywhere:', function () {
  this.timeout(300_000);
  let all: ReadonlyMap<string, Card> = new Map();
  const cards = (): ReadonlyMap<string, Card> => all;
  before(async () => {
    all = await productCards();
  });

  renderingContract(
    {
      platform: 'Teams',
      buttons: true,
      words: (card) => {
        const rendered = renderForTeams(card);
        assertTeamsTakes(rendered);
        return wordsOf(rendered.body);
      },
    },
    cards,
  );
  renderingContract(
    {
      platform: 'Slack',
      buttons: true,
      words: (card) => {
        const { blocks } = renderMessage(card);
        assertSlackTakes('message', blocks);
        assertSlackTakes('home', renderHome(card).blocks);
        return slackWords(blocks);
      },
    },
    cards,
  );
  renderingContract(
    { platform: 'a terminal', buttons: false, words: (card) => renderForTerminal(card, { width: 100, color: false }) },
    cards,
  );
});

/** All that people may read in blocks, at any depth and in their order. */
function slackWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(slackWords).join('');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, part]) => (name === 'text' && typeof part === 'string' ? part : slackWords(part)))
    .join('');
}
