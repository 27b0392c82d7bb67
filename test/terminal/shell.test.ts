import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../src/config.ts';
import { runTerminalCommand, type Shell } from '../../src/terminal.ts';

const program = fileURLToPath(new URL('../../bin/parallel-run.js', import.meta.url));
const settings = {
  LEGACY_DATABASE_URL: 'postgresql://localhost/legacy',
  NEW_DATABASE_PATH: 'planwise.duckdb',
  RECONCILIATION_CHANNEL: 'C0RECON',
  ALERTS_CHANNEL: 'C0ALERTS',
};

/** Types a line in this process. */
async function type(line: string, env: Readonly<Record<string, string>> = {}) {
  const written = { output: '', errors: '' };
  const collect = (to: 'output' | 'errors') => ({ write: (text: string) => ((written[to] += text), true) });
  const shell: Shell = { env, stdout: collect('output'), stderr: collect('errors'), once: () => undefined };
  const exitCode = await runTerminalCommand(line.split(' '), shell);
  return { ...written, exitCode };
}

describe('The program in a shell', () => {
  it('says what there is with nothing configured', async () => {
    for (const line of ['help', '--help', '-h']) {
      const { output, exitCode } = await type(line);
      assert.equal(exitCode, 0);
      assert.match(output, /parallel-run check \[name…\]/);
      assert.match(output, /playbook validate/);
    }
  });
  it('shows examples of one command however they are asked for, with nothing configured', async () => {
    for (const line of ['help check', 'check --help', 'check -h']) {
      const { output, exitCode } = await type(line, { PLAYBOOK: 'nowhere.yml' });
      assert.equal(exitCode, 0);
      assert.match(output, /parallel-run check employees compensation/);
    }
  });
  it('takes a blank PLAYBOOK for none', async () => {
    assert.equal((await type('playbook validate', { ...settings, PLAYBOOK: ' ' })).exitCode, 0);
  });
  it('says every setting that a command lacks, which the channels of chat are not', async () => {
    await assert.rejects(type('check'), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, 3);
      assert.match(error.problems.join('\n'), /playbook\.yml:\d+:\d+ the setting LEGACY_DATABASE_URL is not set/);
      return true;
    });
  });

  describe('playbook validate', () => {
    let directory: string;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'validate-'));
    });
    after(() => rm(directory, { recursive: true, force: true }));

    it('finds the default playbook right', async () => {
      const { output, exitCode } = await type('playbook validate', settings);
      assert.equal(exitCode, 0);
      assert.match(output, /PlanWise Navigator with 5 checks/);
    });
    it('names every problem with file, line and column, and ends with 2', async () => {
      const path = join(directory, 'playbook.yml');
      const text = await readFile(new URL('../../playbook.yml', import.meta.url), 'utf8');
      await writeFile(path, text.replace('severity: 1', 'severity: 7').replace('owner: dataOwner', 'owner: nobody'));
      const { errors, exitCode } = await type(`playbook validate ${path}`, settings);
      assert.equal(exitCode, 2);
      assert.match(errors, /playbook\.yml:\d+:\d+ .*severity|playbook\.yml:\d+:\d+ .*1, 2 or 3/i);
      assert.match(errors, /playbook\.yml:\d+:\d+ .*"nobody" is not a role/);
      assert.match(errors, /2 problems\./);
    });
    it('warns of a time that does not exist on a day, and ends with 0', async () => {
      const path = join(directory, 'early.yml');
      const text = await readFile(new URL('../../playbook.yml', import.meta.url), 'utf8');
      await writeFile(path, text.replace('at: "07:00"', 'at: "02:30"'));
      const { errors, exitCode } = await type(`playbook validate ${path}`, settings);
      assert.equal(exitCode, 0);
      assert.match(errors, /warning: .*02:30 does not exist on/);
    });
    it('says that there is no such file, and ends with 64', async () => {
      assert.equal((await type(`playbook validate ${join(directory, 'none.yml')}`)).exitCode, 64);
    });
    it('ends with 64 for other words', async () => assert.equal((await type('playbook check')).exitCode, 64));
  });

  it('compares the sample systems with nothing configured, as a process of its own, and shows what it found', async function () {
    this.timeout(120_000);
    const child = spawn(process.execPath, [program, 'explain', 'levels', '--sample', '--json'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { PATH: process.env['PATH'] },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(exitCode, 0, errors);
    const { explanations } = JSON.parse(output) as { explanations: { check: string; key: string; leftOver: string }[] };
    assert.deepEqual(
      explanations.map(({ check, key, leftOver }) => [check, key, leftOver]),
      [
        ['levels', 'L2', '0'],
        ['levels', 'L3', '0'],
      ],
    );
  });
});
