import assert from 'node:assert/strict';
import { failureNamed, failureOf, failureOfStatus, meanings } from '../../src/slack/errors.ts';

function refusedConnection(code: string): Error {
  return Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });
}

describe('what an error of Slack means for a delivery', () => {
  const examples: readonly [string, string][] = [
    ['is_archived', 'refused'],
    ['channel_not_found', 'refused'],
    ['not_in_channel', 'refused'],
    ['msg_too_long', 'refused'],
    ['msg_blocks_too_long', 'refused'],
    ['invalid_blocks', 'refused'],
    ['missing_scope', 'refused'],
    ['token_revoked', 'stopped'],
    ['account_inactive', 'stopped'],
    ['invalid_auth', 'stopped'],
    ['not_authed', 'stopped'],
    ['message_not_found', 'gone'],
    ['thread_not_found', 'gone'],
    ['internal_error', 'unknown'],
    ['fatal_error', 'unknown'],
    ['ratelimited', 'rateLimited'],
    ['some_new_error', 'refused'],
    ['constructor', 'refused'],
    ['<html>Bad gateway</html>', 'unknown'],
  ];
  for (const [name, kind] of examples) {
    it(`${name}: ${kind}`, () => assert.equal(failureNamed(name).kind, kind));
  }

  it('says in a sentence what happened, without the vendor’s word alone', () => {
    for (const [name, { reason }] of Object.entries(meanings)) {
      assert.ok(reason.length > 15 && reason !== name, name);
    }
  });

  it('an HTTP status: too fast, Slack’s own trouble, or not taken', () => {
    assert.deepEqual(failureOfStatus(429, 7), { kind: 'rateLimited', retryAfterSeconds: 7 });
    assert.deepEqual(failureOfStatus(429), { kind: 'rateLimited', retryAfterSeconds: 30 });
    for (const status of [500, 502, 503, 408]) assert.equal(failureOfStatus(status).kind, 'unknown');
    assert.equal(failureOfStatus(404).kind, 'retry');
  });

  it('a connection that never stood: the post can’t have arrived', () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']) {
      assert.equal(failureOf(refusedConnection(code), 'once').kind, 'retry', code);
    }
  });

  it('a connection that broke: a post may have arrived, an edit may simply be sent again', () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'UND_ERR_HEADERS_TIMEOUT']) {
      assert.equal(failureOf(refusedConnection(code), 'once').kind, 'unknown', code);
      assert.equal(failureOf(refusedConnection(code), 'repeatable').kind, 'retry', code);
    }
  });

  it('a time that is over: a post may have arrived', () => {
    assert.equal(failureOf(new DOMException('late', 'TimeoutError'), 'once').kind, 'unknown');
  });
});
