import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';

const folder = new URL('../teams/', import.meta.url);
const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What the manifest leaves open, with what stands there unless the environment says so; the app's id has to be said. */
const defaults: Readonly<Record<string, string>> = {
  TEAMS_DEVELOPER_NAME: 'Parallel Run',
  TEAMS_WEBSITE_URL: 'https://example.org',
};

/**
 * The Teams app as Teams takes it: a zip of the manifest and its two icons, for the bot of the environment.
 * @throws where the app's id is missing or none, or where a value does not fit; the message says what to do.
 */
export function packTeamsApp(environment: Readonly<Record<string, string | undefined>>): Uint8Array {
  const icon = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
  // The same input gives the same file: no time of today stands in it.
  return zipSync(
    {
      'manifest.json': strToU8(manifestFor(environment)),
      'color.png': icon('color.png'),
      'outline.png': icon('outline.png'),
    },
    { mtime: '1980-01-01T12:00:00' },
  );
}

/** The manifest with the values of the environment. */
export function manifestFor(environment: Readonly<Record<string, string | undefined>>): string {
  const values: Record<string, string> = { ...defaults };
  for (const name of ['TEAMS_APP_ID', ...Object.keys(defaults)]) {
    const value = environment[name]?.trim() ?? '';
    if (value !== '') values[name] = value;
  }
  checkValues(values);
  const text = readFileSync(new URL('manifest.json', folder), 'utf8');
  return text.replace(/\$\{\{(\w+)\}\}/g, (_, name: string) => JSON.stringify(values[name] ?? '').slice(1, -1));
}

function checkValues({
  TEAMS_APP_ID: id,
  TEAMS_DEVELOPER_NAME: name,
  TEAMS_WEBSITE_URL: url,
}: Record<string, string>): void {
  const where = 'It is the "Microsoft App ID" on the page of the bot in the Azure portal.';
  if (id === undefined) throw new Error(`TEAMS_APP_ID is not set: nothing was packed. ${where}`);
  if (!guid.test(id))
    throw new Error(`TEAMS_APP_ID is "${id}", and not an id such as 00000000-0000-0000-0000-000000000000. ${where}`);
  if ((name ?? '').length > 32)
    throw new Error('TEAMS_DEVELOPER_NAME is longer than the 32 characters that Teams takes.');
  if (!/^https:\/\/\S+$/.test(url ?? ''))
    throw new Error(`TEAMS_WEBSITE_URL is "${url}": Teams wants an address with https.`);
}
