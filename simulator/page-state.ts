import type { PageMessage, SimulatorState, Suggestion, TextObject, View } from './page/state.ts';
import { isRecord } from './arguments.ts';
import { bot, shortcuts, slashCommand, team } from './people.ts';
import type { Control, SimulatedMessage, TeamsPage } from './types.ts';
import type { StoredView, Workspace } from './workspace.ts';

export interface StateOptions {
  readonly workspace: Workspace;
  readonly suggestions: readonly Suggestion[];
  readonly timeZone: string | undefined;
  readonly teams: TeamsPage | undefined;
}

/** The whole workspace as the page shows it. */
export function stateOf(options: StateOptions, controls: readonly Control[]): SimulatorState {
  const { workspace, suggestions, timeZone, teams } = options;
  return {
    team: { id: team.id, name: team.name },
    bot: { id: bot.id, name: bot.name, command: slashCommand, shortcuts },
    people: workspace.people,
    channels: [...workspace.channels.values()].map(({ messages, ...channel }) => ({
      ...channel,
      messages: messages.map(pageMessage),
    })),
    privateMessages: mapValues(workspace.privateMessages, (messages) => messages.map(pageMessage)),
    homes: mapValues(workspace.homes, pageView),
    views: mapValues(workspace.modals, (views) => views.map(pageView)),
    suggestions,
    controls: controls.map(({ name, label, description }) => ({ name, label, description })),
    now: workspace.now().toISOString(),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(teams === undefined ? {} : { teams: teams.state() }),
  };
}

function pageMessage(message: SimulatedMessage): PageMessage {
  const { metadata: _, ...shown } = message;
  return shown;
}

function pageView({ id, type, content }: StoredView): View {
  const { blocks, title, submit, close } = content;
  const texts = Object.entries({ title, submit, close }).filter((entry): entry is [string, TextObject] =>
    isTextObject(entry[1]),
  );
  return { id, type, blocks: Array.isArray(blocks) ? blocks : [], ...Object.fromEntries(texts) };
}

function isTextObject(value: unknown): value is TextObject {
  return isRecord(value) && typeof value['text'] === 'string';
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries([...map].map(([key, value]) => [key, change(value)]));
}
