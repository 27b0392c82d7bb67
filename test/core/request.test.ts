import assert from 'node:assert/strict';
import { sharedPlace } from '../../src/core/request.ts';

describe('What is asked in private', () => {
  it('is shared in the channel that the place names, in Slack', () => {
    assert.deepEqual(sharedPlace({ platform: 'slack', channel: 'C0RECON', visibility: 'private', responseUrl: 'x' }), {
      platform: 'slack',
      channel: 'C0RECON',
      visibility: 'channel',
    });
  });
  it('is shared in the channel where it was asked, in Teams, whose private places are people’s own chats', () => {
    assert.deepEqual(
      sharedPlace({ platform: 'teams', channel: 'aad-ana', visibility: 'private', askedIn: '19:a@thread.tacv2' }),
      { platform: 'teams', channel: '19:a@thread.tacv2', visibility: 'channel' },
    );
  });
  it('is shared with nobody where it was asked in a person’s own chat', () => {
    assert.equal(sharedPlace({ platform: 'teams', channel: 'aad-ana', visibility: 'private' }), undefined);
  });
});
