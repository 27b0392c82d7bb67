import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../commands/index.ts';
import type { Run } from '../../src/core/checks/run.ts';
import { createLog } from '../../src/operate/logger.ts';
import { runInTerminal } from '../../src/terminal/run.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aFinding, aRun } from '../support/fixtures.ts';
import { servicesOver } from '../support/services.ts';

describe('A command in a shell', () => {
  const opened = shareStore(() => openEmbeddedStore());

  const type = async (line: string, options: { json?: boolean; interactive?: boolean; run?: Run } = {}) => {
    const written = { output: '', errors: '' };
    const exitCode = await runInTerminal({
      words: line.split(' '),
      json: options.json ?? false,
      commands,
      services: servicesOver(opened().store, {
        measure: (request) => {
          request.progress?.(1, 5, 'Employee Count');
          return options.run ?? aRun({ requestedBy: request.requestedBy });
        },
      }),
      terminal: {
        output: { write: (text) => (written.output += text) },
        errors: { write: (text) => (written.errors += text) },
        width: 100,
        color: false,
        interactive: options.interactive ?? false,
        user: 'ana',
      },
      signal: new AbortController().signal,
      log: createLog('silent'),
    });
    return { ...written, exitCode };
  };

  it('prints the answer and ends with 0 when all pass', async () => {
    const { output, errors, exitCode } = await type('check');
    assert.equal(exitCode, 0);
    assert.match(output, /Employee Count/);
    assert.match(output, /ana, in a terminal/);
    assert.equal(errors, '');
  });
  it('ends with 1 after a failure', async () => {
    const run = aRun({ state: 'fail', checks: [aCheckResult({ verdict: 'fail' })] });
    assert.equal((await type('check', { run })).exitCode, 1);
  });
  it('stores the run like one that was asked for in chat', async () => {
    await type('check');
    const [run] = await opened().store.transaction((tx) => tx.runs.list({ limit: 1 }));
    assert.equal(run?.requestedBy.user, 'ana');
  });
  it('prints nothing but JSON on standard output with --json', async () => {
    const { output, exitCode } = await type('check', { json: true });
    const json = JSON.parse(output) as { run: string; findings: unknown[] };
    assert.equal(json.run, '20261123-k3f9a');
    assert.equal(json.findings.length, 1);
    assert.equal(exitCode, 0);
  });
  it('says bad usage on standard error and ends with 64', async () => {
    const { output, errors, exitCode } = await type('chekc');
    assert.equal(exitCode, 64);
    assert.equal(output, '');
    assert.match(errors, /Did you mean parallel-run check\?/);
  });
  it('shows progress on standard error, where somebody watches', async () => {
    assert.match((await type('check', { interactive: true })).errors, /1 of 5 checks done/);
  });
  it('shows small groups, which chat does not', async () => {
    const findings = [aFinding({ key: 'L5', legacy: '3', new: '3', suppressed: true })];
    const run = aRun({ checks: [aCheckResult({ kind: 'distribution', title: 'Levels', findings })] });
    assert.match((await type('check', { run })).output, /Levels: L5/);
  });
  it('verifies an evidence pack by its path, and says so where it can not be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pack-'));
    const path = join(folder, 'evidence.md');
    await type(`export evidence ${path}`);
    const whole = await type(`audit verify --pack ${path}`);
    assert.match(whole.output, /As it was exported/);
    assert.equal(whole.exitCode, 0);
    await appendFile(path, 'And more.\n');
    assert.equal((await type(`audit verify --pack ${path}`)).exitCode, 1);
    await rm(folder, { recursive: true });
    const gone = await type(`audit verify --pack ${path}`);
    assert.match(gone.errors, /evidence\.md can't be read: ENOENT/);
    assert.equal(gone.exitCode, 64);
  });
});
