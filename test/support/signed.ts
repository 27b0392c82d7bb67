import { createHmac } from 'node:crypto';

/**
 * What Slack puts beside a request's body: the time and an HMAC-SHA256 over both
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function signedHeaders(secret: string, body: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}

export interface SlackEvent {
  /** The command's words, or the pressed button's. */
  readonly words: string;
  readonly trigger: string;
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  readonly responseUrl: string;
}

/** The body of a slash command, as Slack posts it. */
export function commandBody(event: SlackEvent): string {
  return new URLSearchParams({
    command: '/parallel',
    text: event.words,
    trigger_id: event.trigger,
    team_id: event.team,
    team_domain: 'test',
    channel_id: event.channel,
    channel_name: 'test',
    user_id: event.user,
    user_name: 'test',
    response_url: event.responseUrl,
    api_app_id: 'A0TEST',
    is_enterprise_install: 'false',
    token: 'unused',
  }).toString();
}

/** The body of a pressed button, as Slack posts it. */
export function clickBody(event: SlackEvent): string {
  const payload = {
    type: 'block_actions',
    team: { id: event.team, domain: 'test' },
    user: { id: event.user, username: 'test', name: 'test', team_id: event.team },
    api_app_id: 'A0TEST',
    token: 'unused',
    container: { type: 'message', message_ts: '1.000001', channel_id: event.channel, is_ephemeral: false },
    channel: { id: event.channel, name: 'test' },
    trigger_id: event.trigger,
    response_url: event.responseUrl,
    is_enterprise_install: false,
    actions: [
      {
        type: 'button',
        block_id: 'buttons',
        action_id: 'command:0',
        text: { type: 'plain_text', text: 'Run again' },
        value: event.words,
        action_ts: event.trigger,
      },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
