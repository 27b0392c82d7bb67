import { alertCard } from '../cards/alert-card.ts';
import type { Card } from '../cards/card.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Place } from '../request.ts';
import type { Message } from './message.ts';
import { channelPlace, channelsOf } from './place.ts';

/** How a message is missing: given up, nobody knows whether it arrived, or tried for too long and tried on. */
export type Missing = 'dead' | 'unknown' | 'waiting';

/** What a message is about that says of another one that it is missing. */
export const subjectOfMissing = (id: string): string => `outbox/${id}`;

/**
 * What is said about a message that a channel will not get, or perhaps not: an alert. Where it was an alert itself, the
 * fallback channel gets its card, which is kept up like the first, and why; without such a channel, those that are named
 * beside the one of the alerts have the card already, and are told why it is missing there. What is not taken where it was
 * told goes nowhere else: it would only go round in circles. `id` is the message's in the outbox.
 */
export function messagesAboutMissing(
  { id, message }: { readonly id: string; readonly message: Message },
  missing: Missing,
  reason: string,
  { channels }: Pick<Playbook, 'channels'>,
): Message[] {
  const { place, key, content } = message;
  if (place.visibility !== 'channel') return [];
  const { alerts, fallback } = channels;
  const alertChannels = channelsOf(alerts, { channels });
  const isAlert = alertChannels.includes(place.channel);
  const card = cardAbout(key, place, missing, reason);
  const about: Omit<Message, 'place'> = {
    key: `alert/outbox/${id}`,
    subject: subjectOfMissing(id),
    content: { kind: 'card', card },
  };
  if (!isAlert) return key.startsWith('alert/') ? [] : [{ ...about, place: channelPlace(alerts, { channels }) }];
  // What is missing among the alerts is brought to none of their own channels: it would come back from there.
  const fallbacks = fallback === undefined ? [] : channelsOf(fallback, { channels });
  const carriedTo = placeOf(fallbacks.filter((channel) => !alertChannels.includes(channel)));
  if (carriedTo !== undefined) {
    if (content.kind !== 'card') return [{ ...about, place: carriedTo }];
    const copy = { key: `alert/fallback/${id}`, subject: message.subject, place: carriedTo, content };
    return [copy, { ...about, place: carriedTo, parent: copy.key }];
  }
  const beside = placeOf(alertChannels.filter((channel) => channel !== place.channel));
  if (beside !== undefined) return key.startsWith('alert/outbox/') ? [] : [{ ...about, place: beside }];
  return key.startsWith('alert/') || missing === 'waiting' ? [] : [{ ...about, place }];
}

/** The first of these channels, with the others beside it; undefined where there are none. */
function placeOf([first, ...also]: readonly string[]): Place | undefined {
  if (first === undefined) return undefined;
  return { ...channelPlace(first, { channels: {} }), ...(also.length === 0 ? {} : { also }) };
}

const platforms: Readonly<Record<Place['platform'], string>> = { slack: 'Slack', teams: 'Teams' };

function cardAbout(key: string, { platform, channel }: Place, missing: Missing, reason: string): Card {
  const where = `${platforms[platform]} (${channel})`;
  switch (missing) {
    case 'dead':
      return alertCard({
        title: 'A message could not be delivered',
        text: `The message "${key}" was given up: ${reason}. It was for ${where}.`,
        next: 'Mend the cause (is the bot in the channel, is the channel archived?), then post it again with /parallel show.',
      });
    case 'unknown':
      return alertCard({
        title: 'A message may or may not have been delivered',
        text: `"${key}" may not have arrived in ${where}: ${reason}.`,
        next: 'Look for it in its channel. It is not sent again by itself, so that it does not stand there twice.',
      });
    case 'waiting':
      return alertCard({
        title: 'An alert is late',
        text: `"${key}" had not arrived in ${where} when this was written: ${reason}.`,
        next: 'Read it here. It is still tried there, so it may come to stand in both places; /healthz says what is wrong.',
      });
  }
}
