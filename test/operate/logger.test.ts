import assert from 'node:assert/strict';
import { scrub } from '../../src/operate/logger.ts';

describe('The log', () => {
  it('strikes out Slack tokens wherever they stand', () => {
    const line = scrub('{"msg":"xoxb-12-ab and xapp-1-A0-cd refused"}');
    assert.equal(line, '{"msg":"[redacted token] and [redacted token] refused"}');
  });

  it('strikes out signed tokens such as Microsoft’s', () => {
    assert.equal(scrub('Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln-bmF0 sent'), 'Bearer [redacted token] sent');
  });

  it('strikes out the password of a connection URL and keeps the rest', () => {
    assert.equal(scrub('"postgresql://ana:s3cr3t@db.example/pay"'), '"postgresql://ana:[redacted]@db.example/pay"');
  });

  it("strikes out Slack's reply addresses", () => {
    assert.equal(scrub('to https://hooks.slack.com/commands/T1/2/abc failed'), 'to [redacted reply address] failed');
  });

  it('leaves other lines alone', () => {
    const line = '{"level":30,"time":"2026-11-23T07:00:00.000Z","msg":"run finished"}\n';
    assert.equal(scrub(line), line);
  });
});
