import assert from 'node:assert/strict';
import type { Actor } from '../../src/core/request.ts';
import { connectTeams } from '../../src/teams/index.ts';
import { silentLog } from '../slack/support.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { someMoment } from '../support/fixtures.ts';
import { ana, channel, type FakeTeams, startTeams, tenantId } from './support.ts';

const actor: Actor = { platform: 'teams', workspace: tenantId, user: ana, name: 'Ana Ruiz' };
const member = { id: '29:ana', objectId: ana, tenantId, userPrincipalName: 'ana@contoso.example', userRole: 'user' };

describe('Who decides from Teams', () => {
  let teams: FakeTeams;
  let store: FakeStore;

  beforeEach(async () => {
    teams = await startTeams();
    store = createFakeStore();
    await store.transaction((tx) =>
      tx.conversationReferences.save(
        { platform: 'teams', channel, conversation: channel, serviceUrl: `${teams.url}/`, bot: '28:bot' },
        someMoment,
      ),
    );
  });
  afterEach(() => teams.close());

  const outsider = (who: Partial<Actor> = {}): Promise<string | undefined> =>
    connectTeams({
      settings: teams.settings,
      store,
      log: silentLog,
      onRequest: () => Promise.resolve('taken'),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      people: () => [],
      cardAt: () => Promise.resolve(undefined),
    }).outsider({ ...actor, ...who });
  const as = (more: Record<string, unknown>): Promise<string | undefined> => {
    teams.members.set(ana, { ...member, ...more });
    return outsider();
  };

  it('is a full member of the organisation, also one who never wrote to the bot', async () => {
    assert.equal(await as({}), undefined);
    assert.equal(await as({ userRole: undefined, aadObjectId: ana.toUpperCase(), objectId: undefined }), undefined);
  });
  it('is no guest, by their name in the directory or their role', async () => {
    assert.match((await as({ userPrincipalName: 'ana_x.org#EXT#@contoso.onmicrosoft.com' })) ?? '', /Guests/);
    assert.match((await as({ userRole: 'guest' })) ?? '', /Guests/);
    assert.match((await as({ userRole: 'anonymous' })) ?? '', /Guests/);
  });
  it('is nobody from another organisation', async () => {
    assert.match((await as({ tenantId: 'other' })) ?? '', /another one/);
    teams.members.set(ana, member);
    assert.match((await outsider({ workspace: 'other' })) ?? '', /another one/);
  });
  it('is nobody without a name in the directory, and nobody else than whoever asked', async () => {
    assert.match((await as({ userPrincipalName: undefined })) ?? '', /account of their own/);
    assert.match((await as({ objectId: 'somebody-else' })) ?? '', /does not know who you are/);
  });
  it('is nobody whom Teams does not find', async () => {
    assert.match((await outsider()) ?? '', /could not say/);
  });
  it('is nobody while Teams can not be asked', async () => {
    teams.members.set(ana, member);
    teams.faults.push({ status: 503, method: 'GET' });
    assert.match((await outsider()) ?? '', /could not say/);
    await store.transaction((tx) => tx.conversationReferences.remove('teams', channel));
    await store.transaction((tx) => tx.conversationReferences.remove('teams', ana));
    assert.match((await outsider()) ?? '', /could not say/);
    store.setUnavailable(true);
    assert.match((await outsider()) ?? '', /could not say/);
  });
});
