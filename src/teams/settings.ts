/** Which bot this is, and where. The password is never logged. */
export interface TeamsSettings {
  /** The bot's id at Microsoft: the app registration's "Application (client) ID". */
  readonly appId: string;
  /** A client secret of that registration. */
  readonly appPassword: string;
  /** The one organisation that it answers: the "Directory (tenant) ID". */
  readonly tenantId: string;
  /** Where somebody else plays Microsoft's part (the tests, the simulator); absent: Microsoft's public cloud. */
  readonly endpoints?: TeamsEndpoints;
}

export interface TeamsEndpoints {
  /** Tokens are had below it, at /<tenant>/oauth2/v2.0/token; without a slash at its end. */
  readonly loginUrl: string;
  /** Who signs what arrives: the `iss` of its tokens. */
  readonly issuer: string;
  /** The document that names the issuer's keys. */
  readonly openIdMetadataUrl: string;
}

export const publicCloud: TeamsEndpoints = {
  loginUrl: 'https://login.microsoftonline.com',
  issuer: 'https://api.botframework.com',
  openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
};

/**
 * Whether messages may be posted below this address: HTTPS alone, since they carry the bot's token; and, where somebody
 * else plays Microsoft's part, plain HTTP on this machine.
 */
export function isServiceUrl(address: string, { endpoints }: TeamsSettings): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  if (username !== '') return false;
  if (protocol === 'https:') return true;
  return endpoints !== undefined && protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}
