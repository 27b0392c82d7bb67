import type { Playbook } from '../playbook/playbook.ts';
import type { Place } from '../request.ts';
import type { Message } from './message.ts';

type Channels = { readonly channels: Pick<Playbook['channels'], 'beside'> };

/** Teams' conversations are known by the form of their ids, "19:…@thread.tacv2"; what is none of them is Slack's. */
const platformOf = (channel: string): Place['platform'] => (/^(19|a):/.test(channel) ? 'teams' : 'slack');

/** A channel and those that the playbook names beside it. */
export const channelsOf = (channel: string, { channels }: Channels): string[] => [
  channel,
  ...(channels.beside?.[channel] ?? []),
];

/** A channel, with those that the playbook names beside it: what is said there is said in all of them. */
export function channelPlace(channel: string, { channels }: Channels): Place {
  const [, ...also] = channelsOf(channel, { channels });
  return {
    platform: platformOf(channel),
    channel,
    visibility: 'channel',
    ...(also.length === 0 ? {} : { also }),
  };
}

/** Where somebody is told something by themselves; undefined for whoever is only known in a shell. */
export function personPlace(person: string, { people }: Pick<Playbook, 'people'>): Place | undefined {
  const accounts = people.find((one) => one.accounts.includes(person))?.accounts ?? [person];
  for (const platform of ['slack', 'teams'] as const) {
    const found = accounts.find((account) => account.startsWith(`${platform}:`));
    if (found !== undefined) return { platform, channel: found.slice(platform.length + 1), visibility: 'private' };
  }
  return undefined;
}

/** The same message for each channel beside its own, under keys of their own; in the thread of the parent's copy there. */
export function copiesOf({ place: { also = [], ...place }, ...message }: Message): Message[] {
  return also.map((channel) => ({
    ...message,
    key: `${message.key}@${channel}`,
    ...(message.parent === undefined ? {} : { parent: `${message.parent}@${channel}` }),
    place: { ...place, platform: platformOf(channel), channel },
  }));
}
