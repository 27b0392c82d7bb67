import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { methods as simulatedMethods } from '../../simulator/api.ts';

const folder = new URL('../../src/slack/', import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');
const manifestText = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
const manifest = parse(manifestText) as Manifest;

interface Manifest {
  readonly display_information: { name: string; description: string; long_description: string };
  readonly features: {
    readonly app_home: Record<string, boolean>;
    readonly slash_commands: readonly { command: string; should_escape: boolean; usage_hint: string }[];
    readonly shortcuts?: readonly { callback_id: string }[];
  };
  readonly oauth_config: { readonly scopes: Record<string, readonly string[]> };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean };
    readonly socket_mode_enabled: boolean;
  };
}

const history = ['channels:history', 'groups:history'];

/**
 * The bot's scopes for each method, from its page https://docs.slack.dev/reference/methods/<method>. Where a page names
 * one for each kind of channel, those of the kinds that the product works in: public and private channels.
 */
const scopesOfMethod: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': history,
  'conversations.replies': history,
  'files.completeUploadExternal': ['files:write'],
  'pins.add': ['pins:write'],
  'usergroups.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'files.getUploadURLExternal': ['files:write'],
  'views.open': [],
  'views.publish': [],
};

function found(pattern: RegExp): string[] {
  return [...new Set(Array.from(sources.matchAll(pattern), (match) => match[1] ?? ''))].sort();
}

const called = found(/\bclient\.([a-z][A-Za-z]*\.[a-z][A-Za-z]*)\(/g);
const commands = found(/\bapp\.command\('([^']+)'/g);
const events = found(/\bapp\.event\('([^']+)'/g);
const shortcuts = found(/\bapp\.shortcut\('([^']+)'/g);

describe('the manifest of the Slack app', () => {
  it('is held against all calls that the product makes, and the scan sees them', () => {
    assert.ok(called.length >= 8, `the scan found ${called.join(', ') || 'nothing'}`);
    assert.doesNotMatch(sources, /\.apiCall\(|client\[/, 'calls that the scan would not see');
    for (const method of called) assert.ok(Object.hasOwn(scopesOfMethod, method), `${method} has no known scope`);
    for (const method of called) assert.ok(Object.hasOwn(simulatedMethods, method), `${method} is not simulated`);
  });

  it('asks for the scopes of these calls, and for none beside them', () => {
    const needed = new Set(called.flatMap((method) => scopesOfMethod[method] ?? []));
    // https://docs.slack.dev/reference/scopes/commands
    if (commands.length + shortcuts.length > 0) needed.add('commands');
    // https://docs.slack.dev/reference/objects/file-object: files in messages are visible to files:read only.
    if (/\bmessage\.files\b/.test(sources)) needed.add('files:read');
    assert.deepEqual([...(manifest.oauth_config.scopes['bot'] ?? [])].sort(), [...needed].sort());
    assert.deepEqual(Object.keys(manifest.oauth_config.scopes), ['bot'], 'nothing is done in the name of a person');
  });

  it('says of every scope what it is for', () => {
    for (const scope of manifest.oauth_config.scopes['bot'] ?? []) {
      assert.match(manifestText, new RegExp(`^ +- ${scope} # \\w.{6,}$`, 'm'));
    }
  });

  it('registers the commands, shortcuts and events that the product listens to, and no others', () => {
    assert.deepEqual(commands, ['/parallel'], 'the scan found the command');
    assert.deepEqual(manifest.features.slash_commands.map(({ command }) => command).sort(), commands);
    assert.deepEqual((manifest.features.shortcuts ?? []).map((shortcut) => shortcut.callback_id).sort(), shortcuts);
    assert.ok(events.length > 0, 'the scan found the events');
    assert.deepEqual([...manifest.settings.event_subscriptions.bot_events].sort(), events);
  });

  it('lets people press buttons, see the Home tab and get direct messages, over Socket Mode', () => {
    assert.match(sources, /\bapp\.action\(/);
    assert.equal(manifest.settings.interactivity.is_enabled, true);
    assert.match(sources, /\bclient\.views\.publish\(/);
    assert.equal(manifest.features.app_home['home_tab_enabled'], true);
    assert.equal(manifest.features.app_home['messages_tab_enabled'], true);
    assert.equal(manifest.settings.socket_mode_enabled, true);
  });

  it('has mentions arrive with their ids', () => {
    for (const command of manifest.features.slash_commands) assert.equal(command.should_escape, true);
  });

  // https://docs.slack.dev/reference/app-manifest: name 35, description 140, long description 174 to 4,000 characters.
  it('keeps to the lengths that Slack takes', () => {
    const { name, description, long_description: long } = manifest.display_information;
    assert.ok(name.length <= 35 && description.length <= 140, 'name and description');
    assert.ok(long.length >= 174 && long.length <= 4_000, `${long.length} characters of long description`);
  });
});
