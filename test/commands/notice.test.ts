import assert from 'node:assert/strict';
import { openingVote } from '../../schedules/opening-vote.ts';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Gate } from '../../src/core/playbook/team.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const ana = anActor({ user: 'U0ANA' });
const ben = anActor({ user: 'U0BEN' });
const pat = anActor({ user: 'U0PAT' });
const chen = anActor({ user: 'U0CHEN' });
const file = thePlaybook({
  PRODUCT_OWNER: 'slack:U0BEN',
  PROJECT_MANAGER: 'slack:U0PAT',
  TECH_LEAD: 'slack:U0CHEN',
});
const gates: Gate[] = ([1, 2, 3] as const).map((phase) => ({ phase, criteria: [] }));
const midnight = '2027-01-18T05:00:00.000Z';

describe('A notice for the stakeholders', () => {
  const opened = shareStore(() => openEmbeddedStore());
  let count = 0;
  const over = (channels: { readonly stakeholders?: string } = {}) => {
    const playbook = { ...file, gates, channels: { ...file.channels, ...channels } };
    const services = servicesOver(opened().store, { playbook });
    services.setTime(midnight);
    return {
      services,
      say: async (words: string, actor = pat, form?: Record<string, string>) => {
        const request = { actor, id: `notice-${(count += 1)}`, ...(form === undefined ? {} : { form }) };
        return (await ask(services, words, request)).answer;
      },
    };
  };
  const tx = opened;
  const find = (key: string) => tx().store.transaction((one) => one.outbox.find(key));
  const cardOf = async (key: string): Promise<string> => {
    const content = (await find(key))?.message.content;
    return content?.kind === 'card' ? textOf(content.card) : '';
  };
  const vote = async ({ services, say } = over()): Promise<void> => {
    await tx().store.transaction((one) => openingVote.look(one, services));
    await say('decision 1 no-go --seen 1 --reason "Not ready"', ben);
  };
  const sending = { text: 'We stay with the old system.' };

  it('is a draft with a button after the vote, and nobody is told', async () => {
    await vote();
    assert.match(await cardOf('decision/1/notice'), /stays official.*notice DEC-1 send.*nobody was told yet/);
    assert.equal(await find('decision/1/notice/sent'), undefined);
  });
  it('asks whoever presses it for the text, with the draft filled in', async () => {
    await vote();
    const asked = await formFor(aRequest({ words: 'notice DEC-1 send', actor: pat }), commands, over().services);
    const [field] = asked !== undefined && 'form' in asked ? asked.form.fields : [];
    assert.equal(field?.name, 'text');
    assert.match(field?.initial ?? '', /there will be another vote/);
  });
  it('goes, once it is sent, to the channel that the playbook names, and the draft says who sent it when', async () => {
    await vote();
    await over({ stakeholders: 'C0EVERYBODY' }).say('notice DEC-1 send', pat, sending);
    const sent = await find('decision/1/notice/sent');
    assert.equal(sent?.message.place.channel, 'C0EVERYBODY');
    assert.match(await cardOf('decision/1/notice/sent'), /We stay with the old system\..*From .*U0PAT/);
    const draft = await cardOf('decision/1/notice');
    assert.match(draft, /Sent by .*U0PAT.*Mon 18 Jan 2027, 00:00.*The stakeholders were told/);
    assert.doesNotMatch(draft, /notice DEC-1 send/);
  });
  it('goes to the channel of the daily reports where the playbook names none for it', async () => {
    await vote();
    await over().say('notice DEC-1 send', pat, sending);
    assert.equal((await find('decision/1/notice/sent'))?.message.place.channel, 'C0RECON');
  });
  it('is sent once, by whoever was first, and is in the audit once', async () => {
    await vote();
    const { say } = over();
    const [, second] = [
      await say('notice DEC-1 send', pat, sending),
      await say('notice DEC-1 send', ben, { text: 'Something else.' }),
    ];
    assert.match(textOf(second.card), /The stakeholders were told.*We stay with the old system.*U0PAT/);
    assert.doesNotMatch(await cardOf('decision/1/notice/sent'), /Something else/);
    const [row] = await opened().owner<{ count: string }>(
      `select count(*) as count from audit where action = 'notice.sent'`,
    );
    assert.equal(Number(row?.count), 1);
  });
  it('is sent by nobody who neither decides it nor runs the plan, and not by the form either', async () => {
    await vote();
    const refused = await over().say('notice DEC-1 send', chen, sending);
    assert.match(refused.card.title, /Only Data Owner, Product Owner or Project Manager may tell the stakeholders/);
    const asked = await formFor(aRequest({ words: 'notice DEC-1 send', actor: chen }), commands, over().services);
    assert.ok(asked !== undefined && 'refused' in asked);
    assert.equal(await find('decision/1/notice/sent'), undefined);
  });
  it('needs a text of at most 2,000 characters', async () => {
    await vote();
    const { say } = over();
    assert.match((await say('notice DEC-1 send', ana, { text: ' ' })).card.title, /--text: This is needed/);
    assert.match(
      (await say('notice DEC-1 send', ana, { text: 'x'.repeat(2_001) })).card.title,
      /At most 2000 characters/,
    );
    assert.match((await say('notice DEC-1 send', ana, { text: 'x'.repeat(2_000) })).card.title, /were told/);
  });
  it('is there for a rollback too, at its hour 0', async () => {
    const { say } = over();
    await say('trigger report corruption --what "Salaries are doubled"');
    await say('incident 1 propose --reason "Wrong for everybody"', chen);
    await say('decision 1 roll-back --seen 1 --reason so --confirm "roll back"', chen);
    await say('decision 1 roll-back --seen 1 --reason so --confirm "roll back"', ben);
    assert.match(textOf((await say('notice R-1')).card), /nobody was told yet.*please work there/);
    assert.match((await say('notice R-1 send', pat, sending)).card.title, /were told/);
    assert.match(await cardOf('runbook/1/notice/sent'), /back to Legacy/);
  });
  it('is there only where one was drafted', async () => {
    const { say } = over();
    assert.match((await say('notice DEC-1 send', pat, sending)).card.title, /No notice was drafted for "DEC-1"/);
    assert.match((await say('notice everything')).card.title, /No notice was drafted for "everything"/);
  });
});
