import assert from 'node:assert/strict';
import { Arguments } from '../../simulator/arguments.ts';
import { createRateLimit } from '../../simulator/rate-limit.ts';
import { createTriggers } from '../../simulator/triggers.ts';

const minute = 60_000;

describe('What Slack gives for a while', () => {
  let now = 0;
  const clock = (): number => now;
  beforeEach(() => {
    now = 0;
  });

  it('a trigger opens a modal within 3 s, and not a moment later', () => {
    const triggers = createTriggers(clock);
    const [inTime, late] = [triggers.createTrigger('U0ANA00001'), triggers.createTrigger('U0ANA00001')];
    now = 3_000;
    assert.deepEqual(triggers.useTrigger(inTime), { person: 'U0ANA00001' });
    now = 3_001;
    assert.equal(triggers.useTrigger(late), 'trigger_expired');
  });
  it('a response URL takes answers for 30 minutes, and not a moment longer', () => {
    const triggers = createTriggers(clock);
    const origin = { kind: 'commands', person: 'U0ANA00001', channel: 'C0RECONCILE' } as const;
    const path = triggers.createResponsePath(origin);
    now = 30 * minute;
    assert.deepEqual(triggers.useResponsePath(path), origin);
    now = 30 * minute + 1;
    assert.equal(triggers.useResponsePath(path), 'expired_url');
    assert.equal(triggers.useResponsePath('/commands/made/up'), 'invalid_url');
  });
  it('posts to one channel are about one a second, after a short burst; other calls are free', () => {
    const limit = createRateLimit(true, clock);
    const post = (channel = 'C1') => limit.retryAfter('chat.postMessage', new Arguments({ channel }));
    assert.deepEqual([post(), post(), post(), post()], [undefined, undefined, undefined, 1]);
    assert.equal(post('C2'), undefined);
    assert.equal(limit.retryAfter('chat.update', new Arguments({ channel: 'C1' })), undefined);
    now = 999;
    assert.equal(post(), 1);
    now = 1_000;
    assert.equal(post(), undefined);
    assert.equal(post(), 1);
  });
  it('nothing is too fast when the limit is off', () => {
    const limit = createRateLimit(false, clock);
    for (let count = 0; count < 100; count += 1) {
      assert.equal(limit.retryAfter('chat.postMessage', new Arguments({ channel: 'C1' })), undefined);
    }
  });
});
