import assert from 'node:assert/strict';
import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { createFaults } from '../../simulator/faults.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Fault, Simulator } from '../../simulator/types.ts';
import { channel, clientOf, refusalOf } from './client.ts';

describe('A fault of the simulated Slack', () => {
  let simulator: Simulator;
  let client: ReturnType<typeof clientOf>;
  beforeEach(async () => {
    simulator = await startSimulator();
    client = clientOf(simulator);
  });
  afterEach(() => simulator.close());

  const post = () => client.chat.postMessage({ channel, text: 'x' });
  const inject = (fault: Fault, times?: number): void =>
    simulator.inject({ method: 'chat.postMessage', fault, ...(times === undefined ? {} : { times }) });
  const posted = (): number => simulator.messages(channel).length;

  it('is an HTTP status without an effect, once', async () => {
    inject({ kind: 'status', status: 503 });
    await assert.rejects(post(), (error) => error instanceof WebAPIHTTPError && error.statusCode === 503);
    assert.equal(posted(), 0);
    await post();
    assert.equal(posted(), 1);
  });
  it('asks for a pause', async () => {
    inject({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    await assert.rejects(post(), (error) => error instanceof WebAPIRateLimitedError && error.retryAfter === 7);
  });
  it('is an error by its name, as often as was said', async () => {
    inject({ kind: 'error', error: 'fatal_error' }, 2);
    assert.equal((await refusalOf(post())).error, 'fatal_error');
    assert.equal((await refusalOf(post())).error, 'fatal_error');
    await post();
    assert.equal(posted(), 1);
  });
  it('loses the answer after the effect', async () => {
    inject({ kind: 'dropReply' });
    await assert.rejects(post(), WebAPIRequestError);
    assert.equal(posted(), 1);
    assert.equal(simulator.calls.at(-1)?.ok, true);
  });
  it('loses the request before any effect', async () => {
    inject({ kind: 'dropRequest' });
    await assert.rejects(post(), WebAPIRequestError);
    assert.equal(posted(), 0);
    assert.equal(simulator.calls.at(-1)?.ok, false);
  });
  it('answers late, with the effect at once', async () => {
    inject({ kind: 'hang', milliseconds: 60, effect: true });
    const began = performance.now();
    const answer = await post();
    assert.ok(performance.now() - began >= 55);
    assert.equal(answer.ok, true);
    assert.equal(posted(), 1);
  });
  it('never answers, without an effect', async () => {
    inject({ kind: 'hang', milliseconds: 30, effect: false });
    await assert.rejects(post(), WebAPIRequestError);
    assert.equal(posted(), 0);
  });
  it('meets the method that was named, or every method', async () => {
    inject({ kind: 'error', error: 'internal_error' });
    assert.equal((await refusalOf(client.auth.test())).error, 'none');
    simulator.clearFaults();
    await post();
    simulator.inject({ method: '*', fault: { kind: 'error', error: 'internal_error' } });
    assert.equal((await refusalOf(client.auth.test())).error, 'internal_error');
  });
  it('meets uploads and response URLs by names of their own', async () => {
    simulator.inject({ method: 'upload', fault: { kind: 'status', status: 500 } });
    const { upload_url } = await client.files.getUploadURLExternal({ filename: 'a', length: 1 });
    assert.equal((await fetch(upload_url ?? '', { method: 'POST', body: 'x' })).status, 500);
    simulator.inject({ method: 'response_url', fault: { kind: 'dropRequest' } });
    await assert.rejects(fetch(new URL('/commands/x', simulator.pageUrl), { method: 'POST', body: '{}' }));
  });

  it('of a probability meets the same calls for the same seed', () => {
    const met = (seed: number): boolean[] => {
      const faults = createFaults(seed);
      faults.inject({ method: '*', fault: { kind: 'dropReply' }, times: Infinity, probability: 0.25 });
      return Array.from({ length: 2_000 }, () => faults.next('chat.postMessage') !== undefined);
    };
    assert.deepEqual(met(7), met(7));
    assert.notDeepEqual(met(7), met(8));
    const share = met(7).filter(Boolean).length / 2_000;
    assert.ok(share > 0.2 && share < 0.3, `${share} of the calls`);
  });
});

describe('The simulated rate limit', () => {
  it('asks the real client for a pause of a second', async () => {
    const simulator = await startSimulator({ rateLimit: true });
    try {
      const posts = Array.from({ length: 8 }, () => clientOf(simulator).chat.postMessage({ channel, text: 'x' }));
      const outcomes = await Promise.allSettled(posts);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.ok(refused.length >= 4, `${refused.length} refused`);
      for (const { reason } of refused) {
        assert.ok(reason instanceof WebAPIRateLimitedError);
        assert.equal(reason.retryAfter, 1);
      }
    } finally {
      await simulator.close();
    }
  });
});
