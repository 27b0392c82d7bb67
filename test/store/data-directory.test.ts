import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createLog } from '../../src/operate/logger.ts';
import { lockDataDirectory } from '../../src/store/data-directory.ts';
import { openStore } from '../../src/store/open.ts';
import { aRun } from '../support/fixtures.ts';

const log = createLog('silent');

/** A process that takes the folder when it is told to, says what came of it, and stays alive. */
const holder = `
  import { lockDataDirectory } from './src/store/data-directory.ts';
  process.on('message', (path) => {
    lockDataDirectory(path).then(() => process.send('taken'), (error) => process.send(error.message));
  });
  process.send('ready');
`;

describe('the lock on a data folder', () => {
  let folder: string;
  let program: string;
  const children: ChildProcess[] = [];

  const startHolder = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    assert.deepEqual((await once(child, 'message'))[0], 'ready');
    return child;
  };
  const take = async (child: ChildProcess): Promise<string> => {
    child.send(folder);
    return String((await once(child, 'message'))[0]);
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const inUseBy = (pid: number | undefined): string =>
    `The data folder ${folder} is in use by process ${pid}. Stop it, or set DATABASE_URL to a PostgreSQL server, ` +
    'which any number of processes can share.';

  before(async () => {
    // Once, ahead: each process would take half a second to do so itself.
    const stdin = { contents: holder, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) };
    const built = await build({ stdin, bundle: true, write: false, platform: 'node', format: 'esm' });
    program = built.outputFiles[0]?.text ?? '';
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parallel-run-'));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    await rm(folder, { recursive: true, force: true });
  });

  it('makes a folder that is not there, and leaves nothing of its own in it', async () => {
    const path = join(folder, 'deep', 'data');
    const lock = await lockDataDirectory(path);
    assert.deepEqual(await readdir(path), ['process.lock']);
    await lock.release();
    assert.deepEqual(await readdir(path), []);
  });

  it('keeps a second process out while the first one lives, and lets it in when that one died', async () => {
    const other = await startHolder();
    assert.equal(await take(other), 'taken');
    await assert.rejects(lockDataDirectory(folder), { message: inUseBy(other.pid) });
    await kill(other);
    const lock = await lockDataDirectory(folder);
    const next = await startHolder();
    assert.equal(await take(next), inUseBy(process.pid));
    await lock.release();
    assert.equal(await take(next), 'taken');
  });

  it('is given to one of several processes that find a stale one at once', async () => {
    const contenders = await Promise.all([startHolder(), startHolder(), startHolder()]);
    const dead = await startHolder();
    await take(dead);
    await kill(dead);
    const answers = await Promise.all(contenders.map(take));
    assert.equal(answers.filter((answer) => answer === 'taken').length, 1, answers.join('\n'));
    assert.equal(answers.filter((answer) => answer.includes('is in use by process')).length, 2, answers.join('\n'));
  });

  it('is taken over also from a process that died while it took it over', async () => {
    for (const name of ['process.lock', 'process.lock.takeover']) await writeFile(join(folder, name), '999999999');
    const lock = await lockDataDirectory(folder);
    assert.deepEqual(await readdir(folder), ['process.lock']);
    await lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it('does not open twice in one process, and can be had again when it was given back', async () => {
    const lock = await lockDataDirectory(folder);
    await assert.rejects(lockDataDirectory(folder), {
      message: `The data folder ${folder} is already open in this process.`,
    });
    await lock.release();
    await (await lockDataDirectory(folder)).release();
  });

  for (const [what, text] of [
    ['that an earlier life of the same process id left', String(process.pid)],
    ['that was never written to the end', ''],
    ['that is not a process id', 'nonsense'],
  ] as const) {
    it(`takes over one ${what}`, async () => {
      await writeFile(join(folder, 'process.lock'), text);
      await (await lockDataDirectory(folder)).release();
    });
  }

  it('fails with the reason where the folder can not be made, and can be tried again', async () => {
    const path = join(folder, 'file', 'data');
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(lockDataDirectory(path), { code: 'ENOTDIR' });
    await rm(join(folder, 'file'));
    await mkdir(join(folder, 'file'));
    await (await lockDataDirectory(path)).release();
  });

  it('guards a store that keeps what it holds from one life to the next', async function () {
    this.timeout(60_000);
    const first = await openStore({ dataDirectory: folder, log });
    await assert.rejects(openStore({ dataDirectory: folder, log }), /is already open in this process/);
    await first.transaction((tx) => tx.runs.save(aRun()));
    await first.close();
    const second = await openStore({ dataDirectory: folder, log });
    assert.deepEqual(await second.transaction((tx) => tx.runs.find(aRun().id)), aRun());
    await second.close();
    assert.deepEqual(await readdir(folder), ['database']);
  });
});
