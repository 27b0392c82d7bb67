import assert from 'node:assert/strict';
import { type ActionPayload, requestOfAction } from '../../src/slack/payload.ts';
import { personOf, withPerson } from '../../src/slack/response-url.ts';

const at = new Date('2026-03-02T12:00:00Z');
const press: ActionPayload = {
  trigger_id: 'trigger.1',
  team: { id: 'T0HOME' },
  user: { id: 'U0ANA00001', username: 'ana.ruiz' },
  container: { type: 'message', message_ts: '1.000001', channel_id: 'C0RECONCILE' },
  channel: { id: 'C0RECONCILE' },
  response_url: 'https://hooks.slack.com/actions/T0HOME/1/x',
  actions: [{ action_ts: '2.000001', value: 'show levels' }],
};
const { trigger_id: _, ...withoutTrigger } = press;
const {
  channel: _1,
  response_url: _2,
  ...onHome
} = {
  ...press,
  container: { type: 'view', view_id: 'V0HOME' },
};

describe('a pressed button', () => {
  it('on the Home tab, which has no channel, is answered in a direct message', () => {
    assert.deepEqual(requestOfAction(onHome, at).place, {
      platform: 'slack',
      channel: 'U0ANA00001',
      visibility: 'private',
    });
  });

  it('that asks for the Home tab there, is answered there', () => {
    const { place } = requestOfAction({ ...onHome, actions: [{ value: 'home' }] }, at);
    assert.deepEqual(place, { platform: 'slack', channel: 'U0ANA00001', visibility: 'home' });
  });

  it('without a trigger id, is told from others by its message, its time and who pressed it', () => {
    const id = (payload: ActionPayload): string => requestOfAction(payload, at).id;
    const first = id(withoutTrigger);
    assert.equal(first, 'slack/action/1.000001/2.000001/U0ANA00001');
    assert.equal(id({ ...withoutTrigger }), first);
    const others = [
      { ...withoutTrigger, user: { id: 'U0BEN00002' } },
      { ...withoutTrigger, actions: [{ ...withoutTrigger.actions[0], action_ts: '3.000001' }] },
      { ...withoutTrigger, container: { message_ts: '1.000002' } },
    ];
    assert.equal(new Set([first, ...others.map(id)]).size, 4);
  });

  it('in a shared channel by somebody of another company, belongs to their workspace', () => {
    const foreign = { ...press, user: { ...press.user, team_id: 'T0ELSEWHERE' } };
    assert.equal(requestOfAction(foreign, at).actor.workspace, 'T0ELSEWHERE');
  });
});

describe('the address of a private answer', () => {
  it('carries who asked, and does not tell it to Slack', () => {
    const url = withPerson('https://hooks.slack.com/commands/T/1/x', 'U0ANA00001');
    assert.equal(personOf(url), 'U0ANA00001');
    assert.equal(new URL(url).hash, '#U0ANA00001');
    assert.equal(personOf('https://hooks.slack.com/commands/T/1/x'), undefined);
  });
});
