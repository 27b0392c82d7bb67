import assert from 'node:assert/strict';
import { channelPlace } from '../../../src/core/messages/place.ts';
import { messagesAboutMissing } from '../../../src/core/messages/undelivered.ts';
import type { Playbook } from '../../../src/core/playbook/playbook.ts';
import { aMessage } from '../../support/fixtures.ts';

const inTeams = '19:alerts@thread.tacv2';
const elsewhere = '19:duty@thread.tacv2';

describe('What is said of a message that is missing in a channel', () => {
  /** Each place that hears of it, by the message's key. */
  const told = (
    channels: Partial<Playbook['channels']>,
    {
      channel = 'C0ALERTS',
      key = 'urgent',
      missing = 'dead',
    }: { channel?: string; key?: string; missing?: 'dead' | 'waiting' } = {},
  ): [key: string, ...channels: string[]][] => {
    const all = { reconciliation: 'C0DAILY', alerts: 'C0ALERTS', ...channels };
    const message = aMessage({ key, place: channelPlace(channel, { channels: {} }) });
    return messagesAboutMissing({ id: '7', message }, missing, 'archived', { channels: all }).map(
      ({ key: about, place }) => [about, place.channel, ...(place.also ?? [])],
    );
  };

  it('goes to the fallback channel and those beside it, on either platform', () => {
    assert.deepEqual(told({ fallback: elsewhere, beside: { [elsewhere]: ['C0DUTY'] } }), [
      ['alert/fallback/7', elsewhere, 'C0DUTY'],
      ['alert/outbox/7', elsewhere, 'C0DUTY'],
    ]);
  });
  it('goes to no channel of the alerts again, though the playbook names one of them as the fallback', () => {
    const beside = { C0ALERTS: [inTeams] };
    assert.deepEqual(told({ fallback: inTeams, beside }), [['alert/outbox/7', inTeams]]);
    assert.deepEqual(told({ fallback: inTeams, beside }, { channel: inTeams }), [['alert/outbox/7', 'C0ALERTS']]);
    assert.deepEqual(told({ fallback: elsewhere, beside: { ...beside, [elsewhere]: ['C0ALERTS'] } }), [
      ['alert/fallback/7', elsewhere],
      ['alert/outbox/7', elsewhere],
    ]);
  });
  it('ends where what told of it is missing, too', () => {
    const beside = { C0ALERTS: [inTeams] };
    assert.deepEqual(told({ beside }, { key: 'alert/outbox/6' }), []);
    assert.deepEqual(told({ fallback: elsewhere }, { key: 'alert/fallback/6', channel: elsewhere }), []);
    assert.deepEqual(told({}, { key: 'alert/report' }), []);
  });
  it('goes to the alerts where it was to be anywhere else, but not for being late', () => {
    assert.deepEqual(told({ fallback: elsewhere }, { channel: 'C0DAILY' }), [['alert/outbox/7', 'C0ALERTS']]);
    assert.deepEqual(told({}), [['alert/outbox/7', 'C0ALERTS']]);
    assert.deepEqual(told({}, { missing: 'waiting' }), []);
  });
});
