/** How the bot reaches Slack: Socket Mode needs no public address; HTTP has Slack post to `/slack/events`. */
export type SlackConnection =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl?: string }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly apiUrl?: string };

/** Which bot it is in Microsoft Teams, and in which organisation; Teams posts to `/api/messages`. */
export interface TeamsConnectionSettings {
  readonly appId: string;
  readonly appPassword: string;
  readonly tenantId: string;
}

/** Everything the environment settles, read once and frozen. */
export interface Config {
  /** Null where there is no Slack; with `teams` null as well: the simulated workspace. */
  readonly slack: SlackConnection | null;
  readonly teams: TeamsConnectionSettings | null;
  readonly playbookPath: string;
  readonly store:
    | { readonly kind: 'postgresql'; readonly databaseUrl: string; readonly ownerDatabaseUrl?: string }
    | { readonly kind: 'folder'; readonly dataDirectory: string }
    | { readonly kind: 'memory' };
  /** Where /healthz and /metrics (and Slack's requests in HTTP mode, and those of Teams) are served. */
  readonly host: string;
  readonly port: number;
  /** With which programs sign the readings of metrics that they report; empty: none may. */
  readonly metricsSigningSecrets: readonly string[];
  readonly simulatorPort: number;
  readonly logLevel: LogLevel;
}

const shortestSecret = 32;

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The settings can't be used; `problems` are whole sentences, each with what to do. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const slackSettings = ['SLACK_MODE', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const;
const teamsSettings = ['MICROSOFT_APP_ID', 'MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_TENANT_ID'] as const;

/** One of these set means that somebody wants the real thing: what is missing is then said, instead of simulated. */
const realThing = [
  ...slackSettings,
  ...teamsSettings,
  'LEGACY_DATABASE_URL',
  'NEW_DATABASE_PATH',
  'RECONCILIATION_CHANNEL',
  'ALERTS_CHANNEL',
  'PLAYBOOK',
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'DATA_DIRECTORY',
] as const;

/**
 * Reads the settings (docs/operating.md has the table). `serve` is the bot, which talks to Slack, to Teams or to both, or
 * to the simulator when nothing of the real thing is set; `terminal` is a single command, which needs neither. Throws
 * ConfigError with every problem at once.
 */
export function readConfig(environment: Environment, purpose: 'serve' | 'terminal'): Config {
  const problems: string[] = [];
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const real = realThing.filter((name) => value(name) !== undefined);
  const chat = purpose === 'serve' && real.length > 0 ? readChat(value, real, problems) : { slack: null, teams: null };

  const level = value('LOG_LEVEL') ?? (real.length === 0 ? 'warn' : 'info');
  const logLevel = logLevels.find((known) => known === level);
  if (logLevel === undefined) problems.push(`LOG_LEVEL is "${level}": set it to one of ${logLevels.join(', ')}.`);
  const port = readPort(value, 'PORT', 3000, problems);
  const simulatorPort = readPort(value, 'SIMULATOR_PORT', 3100, problems);

  const config = {
    ...chat,
    playbookPath: value('PLAYBOOK') ?? 'playbook.yml',
    store: readStore(value, purpose === 'serve' && real.length === 0, problems),
    host: value('HOST') ?? '127.0.0.1',
    port,
    metricsSigningSecrets: readSecrets(value, problems),
    simulatorPort,
    logLevel: logLevel ?? 'info',
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

type Value = (name: string) => string | undefined;

/** Slack, Teams or both: whatever somebody began to set up; Slack, where nobody began with either. */
function readChat(value: Value, real: readonly string[], problems: string[]): Pick<Config, 'slack' | 'teams'> {
  const set = (names: readonly string[]): string[] => names.filter((name) => value(name) !== undefined);
  const [slack, teams] = [set(slackSettings), set(teamsSettings)];
  if (teams.length === 0) {
    const others = slack.length > 0 ? '' : `; for Microsoft Teams instead, set ${teamsSettings.join(', ')}`;
    return { slack: readSlack(value, real, `to try the simulated workspace${others}`, problems), teams: null };
  }
  return {
    slack: slack.length === 0 ? null : readSlack(value, slack, 'to use Teams alone', problems),
    teams: readTeams(value, problems),
  };
}

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** All three or none: without an id or a tenant nobody who speaks from Teams could be told from a stranger. */
function readTeams(value: Value, problems: string[]): TeamsConnectionSettings | null {
  const appId = value('MICROSOFT_APP_ID');
  const appPassword = value('MICROSOFT_APP_PASSWORD');
  const tenantId = value('MICROSOFT_APP_TENANT_ID');
  const set = teamsSettings.filter((name) => value(name) !== undefined);
  const because = `Because ${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'} set, Teams is used`;
  const wanted = [
    ['MICROSOFT_APP_ID', appId, 'the "Application (client) ID" of the app registration'],
    ['MICROSOFT_APP_PASSWORD', appPassword, "the value of the app registration's client secret"],
    ['MICROSOFT_APP_TENANT_ID', tenantId, 'the "Directory (tenant) ID" of the app registration'],
  ] as const;
  for (const [name, given, what] of wanted) {
    if (given === undefined) problems.push(`${name} is not set. ${because}: give ${what}, or unset all three.`);
    else if (name === 'MICROSOFT_APP_PASSWORD' && guid.test(given)) {
      problems.push(
        `${name} looks like the id of a client secret: give its value, which is shown once when it is made.`,
      );
    } else if (name !== 'MICROSOFT_APP_PASSWORD' && !guid.test(given)) {
      problems.push(`${name} is no such id: give ${what}, such as 01234567-89ab-cdef-0123-456789abcdef.`);
    }
  }
  if (appId === undefined || appPassword === undefined || tenantId === undefined) return null;
  return { appId, appPassword, tenantId };
}

/** `real`: the settings that say that Slack is wanted. `instead`: what unsetting all of them is good for. */
function readSlack(value: Value, real: readonly string[], instead: string, problems: string[]): SlackConnection | null {
  const mode = value('SLACK_MODE') ?? 'socket';
  const apiUrl = value('SLACK_API_URL');
  const botToken = value('SLACK_BOT_TOKEN');
  const appToken = value('SLACK_APP_TOKEN');
  const signingSecret = value('SLACK_SIGNING_SECRET');
  const because = `Because ${real.join(', ')} ${real.length === 1 ? 'is' : 'are'} set, Slack is used`;
  const missing = (name: string, what: string): void => {
    problems.push(`${name} is not set. ${because}: give ${what}, or unset all of them ${instead}.`);
  };

  if (botToken === undefined) missing('SLACK_BOT_TOKEN', "the bot's token (xoxb-…, from OAuth & Permissions)");
  else if (!botToken.startsWith('xoxb-')) problems.push('SLACK_BOT_TOKEN must be a bot token: it begins with xoxb-.');

  if (mode === 'socket') {
    if (appToken === undefined) {
      missing('SLACK_APP_TOKEN', 'the app-level token with connections:write (xapp-…, from Basic Information)');
    } else if (!appToken.startsWith('xapp-')) {
      problems.push('SLACK_APP_TOKEN must be an app-level token: it begins with xapp-.');
    }
    if (botToken === undefined || appToken === undefined) return null;
    return { mode, botToken, appToken, ...(apiUrl === undefined ? {} : { apiUrl }) };
  }
  if (mode === 'http') {
    if (signingSecret === undefined) missing('SLACK_SIGNING_SECRET', 'the signing secret (from Basic Information)');
    if (botToken === undefined || signingSecret === undefined) return null;
    return { mode, botToken, signingSecret, ...(apiUrl === undefined ? {} : { apiUrl }) };
  }
  problems.push(`SLACK_MODE is "${mode}": set it to socket (the default) or http.`);
  return null;
}

function readStore(value: Value, simulated: boolean, problems: string[]): Config['store'] {
  for (const name of ['DATABASE_URL', 'MIGRATION_DATABASE_URL']) {
    const url = value(name);
    if (url !== undefined && !(URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol))) {
      problems.push(`${name} is not a PostgreSQL URL: write postgresql://user:password@host:5432/database.`);
    }
  }
  const databaseUrl = value('DATABASE_URL');
  const ownerDatabaseUrl = value('MIGRATION_DATABASE_URL');
  if (databaseUrl !== undefined) {
    return { kind: 'postgresql', databaseUrl, ...(ownerDatabaseUrl === undefined ? {} : { ownerDatabaseUrl }) };
  }
  const dataDirectory = value('DATA_DIRECTORY');
  if (simulated && dataDirectory === undefined) return { kind: 'memory' };
  return { kind: 'folder', dataDirectory: dataDirectory ?? 'data' };
}

/** One, or two while a new one takes over from an old one. What is said of them names no digit of theirs. */
function readSecrets(value: Value, problems: string[]): readonly string[] {
  const secrets = value('METRICS_SIGNING_SECRETS')?.split(/\s+/) ?? [];
  if (secrets.length > 2) {
    problems.push(`METRICS_SIGNING_SECRETS has ${secrets.length} secrets: give one, or the old and the new one.`);
  }
  if (secrets.some((secret) => secret.length < shortestSecret)) {
    problems.push(
      `METRICS_SIGNING_SECRETS needs at least ${shortestSecret} characters a secret: openssl rand -hex 32 makes one.`,
    );
  }
  return secrets;
}

function readPort(value: Value, name: string, otherwise: number, problems: string[]): number {
  const text = value(name);
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  problems.push(`${name} is "${text}": set it to a port number, 0 to 65535 (0 takes any free one).`);
  return otherwise;
}
