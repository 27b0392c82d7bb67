/**
 * Starts the bot as in the simulator, and Microsoft's own Agents Playground in front of it: another renderer of the same
 * cards. The playground is fetched by npx when this is run; it is Microsoft's, under a licence of its own for evaluation.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { stringify } from 'yaml';
import { type SigningRelay, startSigningRelay } from '../simulator/teams/signing-relay.ts';
import type { TeamsSimulator } from '../simulator/teams/types.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/operate/logger.ts';
import { closeAll } from '../src/setup.ts';
import { startTrial } from '../src/trial.ts';

const playground = '@microsoft/m365agentsplayground@0.2.28';
const port = '56150';
const [npx, ...more] = process.platform === 'win32' ? (['cmd', '/c', 'npx'] as const) : (['npx'] as const);

/** Nothing of the environment is taken: the bot has the simulator's people and keys, and no real tenant. */
const environment = { PORT: '0', SIMULATOR_PORT: '0' };
const closing: (() => Promise<unknown>)[] = [];
try {
  let relay: Promise<SigningRelay> | undefined;
  let configuration = '';
  const running = await startTrial({
    config: readConfig(environment, 'serve'),
    environment,
    log: createLog('warn'),
    onTeams: (teams, botEndpoint) => {
      configuration = stringify(configurationOf(teams));
      relay = startSigningRelay(teams, botEndpoint);
    },
  });
  closing.push(() => running.stop());
  if (relay === undefined) throw new Error('The bot has no endpoint for Teams.');
  const { endpoint, close } = await relay;
  closing.push(close);
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-playground-'));
  closing.push(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, '.m365agentsplayground.yml'), configuration);
  process.stdout.write(`Open http://localhost:${port}/ and write "help". Stop with Ctrl+C.\n`);
  process.on('SIGINT', () => undefined);
  const given = ['--app-endpoint', endpoint, '--channel-id', 'msteams', '--port', port, '--disable-telemetry'];
  const child = spawn(npx, [...more, '--yes', playground, ...given], { cwd: directory, stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill());
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== null && code !== 0) {
    const said = await readFile(join(directory, 'devTools', 'm365agentsplayground.log'), 'utf8').catch(() => '');
    throw new Error(`The playground ended with code ${code}. ${said.split('\n').filter(isProblem).join('\n')}`);
  }
  if (signal !== null) process.stdout.write(`The playground was ended by ${signal}.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeAll(closing);
}

function isProblem(line: string): boolean {
  return line.startsWith('error ');
}

/** The simulated tenant as the playground reads it, which wants exactly five people beside you; in a team of its own. */
function configurationOf({ tenantId, appId, people }: TeamsSimulator): Record<string, unknown> {
  const [first, ...others] = people
    .filter(({ deleted, guest }) => deleted !== true && guest !== true)
    .map(({ teamsId, aadObjectId, name, userPrincipalName }) => {
      const [givenName, surname] = name.split(' ');
      const email = userPrincipalName;
      return { id: teamsId, aadObjectId, name, userPrincipleName: email, givenName, surname, email };
    });
  return {
    version: '0.1.1',
    tenantId,
    bot: { id: `28:${appId}`, name: 'Parallel Run' },
    currentUser: first,
    users: others,
    personalChat: { id: 'a:playground' },
    groupChat: { id: '19:playground-group@thread.v2', name: 'Group Chat' },
    team: {
      id: '19:playground@thread.tacv2',
      name: 'Playground',
      aadGroupId: randomUUID(),
      channels: [{ id: '19:playground-channel@thread.tacv2', name: 'playground' }],
    },
  };
}
