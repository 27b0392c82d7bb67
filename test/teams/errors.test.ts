import assert from 'node:assert/strict';
import { ConnectorError, failureOf, isGone, isStale, meanings, secondsOf } from '../../src/teams/errors.ts';
import { later, someMoment } from '../support/fixtures.ts';

describe('What Teams’ errors mean', () => {
  it('is the same for a post and an edit, but where nobody knows: an edit is made again', () => {
    for (const status of [500, 503, 408]) {
      const error = new ConnectorError(status, '', undefined);
      assert.equal(failureOf(error, 'once').kind, 'unknown');
      assert.equal(failureOf(error, 'repeatable').kind, 'retry');
    }
    const refused = new ConnectorError(403, 'MessageWritesBlocked', undefined);
    assert.deepEqual(failureOf(refused, 'once'), failureOf(refused, 'repeatable'));
  });

  it('is said in words of this house for every name that is known', () => {
    for (const [code, { kind, reason }] of Object.entries(meanings)) {
      assert.deepEqual(failureOf(new ConnectorError(403, code, undefined), 'once'), { kind, reason });
      assert.doesNotMatch(reason, new RegExp(code));
    }
  });

  it('goes by the name before the status, and by the status where there is no name that is known', () => {
    const named = (status: number, code: string) => new ConnectorError(status, code, undefined);
    assert.deepEqual([isGone(named(404, 'MessageNotFound')), isStale(named(404, 'MessageNotFound'))], [true, false]);
    assert.deepEqual(
      [isGone(named(404, 'ConversationNotFound')), isStale(named(404, 'ConversationNotFound'))],
      [false, true],
    );
    assert.deepEqual([isGone(named(404, '')), isStale(named(404, ''))], [true, true]);
    assert.deepEqual([isGone(named(403, 'Other')), isStale(named(403, 'Other'))], [false, false]);
    assert.deepEqual([isGone(new Error('x')), isStale(new Error('x'))], [false, false]);
  });

  it('is never a name of JavaScript’s own', () => {
    assert.deepEqual(failureOf(new ConnectorError(400, 'constructor', undefined), 'once'), {
      kind: 'refused',
      reason: 'Teams refused it (HTTP 400, constructor)',
    });
  });

  it('after a dropped connection is that nobody knows, and before one that nothing was sent', () => {
    const broken = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) });
    assert.equal(failureOf(broken, 'once').kind, 'unknown');
    const never = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) });
    assert.equal(failureOf(never, 'once').kind, 'retry');
  });
});

describe('The pause that Teams asks for', () => {
  const seconds = (text: string | null) => secondsOf(text, later(0));
  it('is in seconds, or until a moment', () => {
    assert.equal(seconds('17'), 17);
    assert.equal(seconds(new Date(Date.parse(someMoment) + 40_000).toUTCString()), 40);
  });
  it('is at least one second and at most a quarter of an hour', () => {
    assert.deepEqual([seconds('0'), seconds('1'), seconds('900'), seconds('901')], [1, 1, 900, 900]);
    assert.equal(seconds(new Date(Date.parse(someMoment) - 1_000).toUTCString()), 1);
  });
  it('is not there, or none that can be read', () => {
    assert.deepEqual([seconds(null), seconds(''), seconds('soon')], [undefined, undefined, undefined]);
  });
});
