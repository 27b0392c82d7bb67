import type { ChannelState, PageMessage, SimulatorState } from '../state.ts';
import { calendarDay } from '../text/dates.ts';

/** Everything that this person sees in a channel, threads included, oldest first. */
export function messagesIn(channel: ChannelState, state: SimulatorState, person: string): PageMessage[] {
  const own = (state.privateMessages[person] ?? []).filter((message) => message.channel === channel.id);
  return [...channel.messages, ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
}

export function isReply(message: PageMessage): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

/** The channel's own messages by day, in the reader's zone: what stands between two day lines. */
export function byDay(
  messages: readonly PageMessage[],
  timeZone: string,
): { readonly day: string; readonly messages: PageMessage[] }[] {
  const days: { day: string; messages: PageMessage[] }[] = [];
  for (const message of messages) {
    const day = calendarDay(new Date(Number(message.ts) * 1_000), timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return days;
}
