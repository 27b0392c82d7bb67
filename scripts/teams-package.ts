/**
 * Writes dist/parallel-run-teams.zip: the app that an administrator uploads to Teams, for the bot that TEAMS_APP_ID names in
 * the environment or in .env.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { packTeamsApp } from './teams-app.ts';

const file = new URL('../dist/parallel-run-teams.zip', import.meta.url);

if (existsSync('.env')) process.loadEnvFile('.env');
try {
  const zip = packTeamsApp(process.env);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, zip);
  process.stdout.write(`${fileURLToPath(file)}: upload it in the Teams admin center under "Manage apps".\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
