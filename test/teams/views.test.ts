import assert from 'node:assert/strict';
import type { Button, Card } from '../../src/core/cards/card.ts';
import type { AdaptiveCard } from '../../src/teams/adaptive-card.ts';
import type { Member } from '../../src/teams/conversations.ts';
import { ConnectorError } from '../../src/teams/errors.ts';
import { cardFor } from '../../src/teams/own-view.ts';
import { createViews } from '../../src/teams/views.ts';
import { aCard } from '../support/fixtures.ts';
import { claimOf, type ClaimParts, silentLog } from '../slack/support.ts';

const [ana, ben, gone] = ['a', 'b', 'f'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const at = { platform: 'teams', channel: '19:x@thread.tacv2', conversation: '19:x', serviceUrl: '', bot: '' } as const;
const inChannel = { platform: 'teams', channel: '19:x@thread.tacv2', visibility: 'channel' } as const;

const button = (label: string, people?: readonly string[]): Button => ({
  label,
  command: label,
  style: 'default',
  ...(people === undefined ? {} : { people: people.map((person) => `teams:${person}`) }),
});
const cardWith = (...buttons: Button[]): Card => aCard({ body: [{ kind: 'buttons', buttons }] });
const question = cardWith(button('Approve', [ana, ben]), button('Pause', [ben]), button('History'));

describe('A card in Teams with buttons that are for some people', () => {
  let asked: string[] = [];
  let answer: (person: string) => Promise<Member>;
  beforeEach(() => {
    asked = [];
    answer = async (person) => ({ id: `29:${person.slice(0, 1)}` });
  });
  const anew = () =>
    createViews({
      conversations: {
        member: (_at, person) => {
          asked.push(person);
          return answer(person);
        },
      },
      nameOf: () => undefined,
      log: silentLog,
    });
  const view = async (card: Card, place: ClaimParts['place'] = inChannel, viewOf = anew()): Promise<AdaptiveCard> => {
    const message = await viewOf(claimOf({ place, content: { kind: 'card', card } }), at, new AbortController().signal);
    return message.attachments[0]?.content as AdaptiveCard;
  };
  const labels = (card: AdaptiveCard | undefined): string[] =>
    [...JSON.stringify(card?.body).matchAll(/"type":"Action.Execute","title":"(\w+)"/g)].map(([, title = '']) => title);

  it('shows in a channel what anybody may press, and lets those people ask for theirs', async () => {
    const card = await view(question);
    assert.deepEqual(labels(card), ['History']);
    assert.deepEqual(card.refresh?.userIds, ['29:a', '29:b']);
  });
  it('leaves out who is not in the channel', async () => {
    answer = (person) =>
      person === gone
        ? Promise.reject(new ConnectorError(404, 'NotFound', undefined))
        : Promise.resolve({ id: `29:${person.slice(0, 1)}` });
    const card = await view(cardWith(button('Approve', [ana, gone])));
    assert.deepEqual(card.refresh?.userIds, ['29:a']);
  });
  it('shows all to everybody where Teams can not say who they are', async () => {
    answer = () => Promise.reject(new Error('502'));
    const card = await view(question);
    assert.deepEqual(labels(card), ['Approve', 'Pause', 'History']);
    assert.equal(card.refresh, undefined);
  });
  for (const [people, seen] of [
    [60, []],
    [61, ['Approve']],
  ] as const) {
    it(`shows ${seen.length === 0 ? 'nobody else' : 'everybody'} what is for ${people} people`, async () => {
      const many = Array.from({ length: people }, (_, index) => `${index}`);
      assert.deepEqual(labels(await view(cardWith(button('Approve', many)))), seen);
    });
  }
  it('asks for nobody where every button is for all', async () => {
    assert.equal((await view(cardWith(button('History')))).refresh, undefined);
    assert.deepEqual(asked, []);
  });
  it('shows nobody what is for nobody who is in Teams', async () => {
    assert.deepEqual(labels(await view(cardWith(button('Approve', []), button('History')))), ['History']);
  });
  it('asks once who somebody is', async () => {
    const viewOf = anew();
    for (let times = 0; times < 2; times += 1) await view(question, inChannel, viewOf);
    assert.deepEqual(asked.toSorted(), [ana, ben]);
  });
  it('shows somebody in their own chat theirs at once', async () => {
    const card = await view(question, { platform: 'teams', channel: ana, visibility: 'private' });
    assert.deepEqual(labels(card), ['Approve', 'History']);
    assert.equal(card.refresh, undefined);
  });
  it('is somebody’s own when their client asks for it, in whatever case their id is', () => {
    assert.deepEqual(cardFor(question, ben.toUpperCase()), question);
    assert.deepEqual(cardFor(question, gone), cardWith(button('History')));
  });
});
