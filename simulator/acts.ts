import { withUploads } from './submitted-files.ts';
import { isRecord } from './arguments.ts';
import type { Transport } from './delivery.ts';
import {
  actionPayload,
  closedPayload,
  commandPayload,
  elementIn,
  escapeTyped,
  homeOpenedPayload,
  type Place,
  shortcutPayload,
  submissionPayload,
} from './payloads.ts';
import { shortcuts } from './people.ts';
import type { Triggers } from './triggers.ts';
import type { Acknowledgement, Delivery, SimulatedPerson } from './types.ts';
import type { Channel, StoredView, Workspace } from './workspace.ts';

/** What people do. Every act throws an Error that says why it can't be done. */
export interface Acts {
  command(person: string, channel: string, text: string): Promise<Acknowledgement>;
  press(press: Press): Promise<Acknowledgement>;
  openHome(person: string): Promise<Acknowledgement>;
  /** Writes plain words into a channel. */
  say(person: string, channel: string, text: string): Promise<void>;
  /** Takes a message's shortcut. */
  shortcut(person: string, channel: string, ts: string, callbackId: string): Promise<Acknowledgement>;
  submit(person: string, viewId: string, values: unknown): Promise<unknown>;
  closeView(person: string, viewId: string): Promise<void>;
}

export interface Press {
  readonly person: string;
  readonly place:
    | { readonly channel: string; readonly ts: string }
    | { readonly viewId: string }
    | { readonly home: true };
  readonly actionId: string;
  readonly blockId?: string | undefined;
  /** What was chosen; absent for a button. */
  readonly chosen?: unknown;
}

export interface ActContext {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly origin: () => string;
  readonly send: (delivery: Delivery) => ReturnType<Transport['deliver']>;
}

export function createActs({ workspace, triggers, origin, send }: ActContext): Acts {
  const actor = (id: string): SimulatedPerson => {
    const person = workspace.person(id);
    if (person === undefined) throw new Error(`There is nobody with the id "${id}" in this workspace.`);
    if (person.deleted === true) throw new Error(`${person.name} is deactivated and can do nothing here.`);
    return person;
  };
  const channelOf = (id: string, person: SimulatedPerson): Channel => {
    const channel = workspace.channel(id);
    if (channel === undefined) throw new Error(`There is no channel with the id "${id}".`);
    if (channel.person !== undefined && channel.person !== person.id) {
      throw new Error(`${person.name} does not see the direct messages of somebody else.`);
    }
    return channel;
  };
  const modalOf = (person: SimulatedPerson, id: string): StoredView => {
    const view = workspace.modals.get(person.id)?.find((one) => one.id === id);
    if (view === undefined) throw new Error(`${person.name} has no open modal with the id "${id}".`);
    return view;
  };
  const closeModal = (view: StoredView): void => {
    const others = (workspace.modals.get(view.person) ?? []).filter((other) => other.id !== view.id);
    workspace.modals.set(view.person, others);
    workspace.changed();
  };

  const placeOf = (person: SimulatedPerson, place: Press['place']): Place => {
    if ('home' in place) {
      const view = workspace.homes.get(person.id);
      if (view === undefined) throw new Error(`The app has published no Home tab for ${person.name} yet.`);
      return { kind: 'view', view };
    }
    if ('viewId' in place) return { kind: 'view', view: modalOf(person, place.viewId) };
    const channel = channelOf(place.channel, person);
    const message =
      channel.messages.find(({ ts }) => ts === place.ts) ??
      workspace.privateMessages.get(person.id)?.find(({ ts }) => ts === place.ts);
    if (message === undefined) throw new Error(`${person.name} sees no message ${place.ts} there.`);
    const path = triggers.createResponsePath({
      kind: 'actions',
      person: person.id,
      channel: channel.id,
      message: { ts: message.ts, private: message.ephemeralFor !== undefined },
    });
    return { kind: 'message', channel, message, responseUrl: origin() + path };
  };

  return {
    command: async (personId, channelId, text) => {
      const person = actor(personId);
      const channel = channelOf(channelId, person);
      if (channel.archived) throw new Error(`#${channel.name} is archived: nobody can write there.`);
      const responseOrigin = { kind: 'commands', person: person.id, channel: channel.id } as const;
      const responseUrl = origin() + triggers.createResponsePath(responseOrigin);
      const acknowledgement = await send(
        commandPayload(person, channel, text.trim(), triggers.createTrigger(person.id), responseUrl),
      );
      showAnswer(workspace, channel, person, acknowledgement.body);
      return acknowledgement;
    },
    press: async ({ person: personId, place: where, actionId, blockId, chosen }) => {
      const person = actor(personId);
      const place = placeOf(person, where);
      const blocks = place.kind === 'view' ? place.view.content['blocks'] : place.message.blocks;
      const found = elementIn(Array.isArray(blocks) ? blocks : [], actionId, blockId);
      if (found === undefined) throw new Error(`There is nothing with the action id "${actionId}" there.`);
      const { type, text, value, style, placeholder } = found.element;
      const button = Object.entries({ text, value, style, placeholder }).filter(([, part]) => part !== undefined);
      const action = {
        action_id: actionId,
        block_id: found.blockId,
        type,
        ...Object.fromEntries(button),
        ...(isRecord(chosen) ? chosen : {}),
      };
      return send(actionPayload(person, place, action, triggers.createTrigger(person.id)));
    },
    say: async (personId, channelId, text) => {
      const person = actor(personId);
      const channel = channelOf(channelId, person);
      if (channel.archived) throw new Error(`#${channel.name} is archived: nobody can write there.`);
      workspace.post(channel, { text: escapeTyped(text) }, person.id);
    },
    shortcut: async (personId, channelId, ts, callbackId) => {
      const person = actor(personId);
      if (!shortcuts.some((one) => one.callbackId === callbackId)) {
        throw new Error(`The app has no shortcut "${callbackId}".`);
      }
      const place = placeOf(person, { channel: channelId, ts });
      if (place.kind !== 'message') throw new Error('Only messages have shortcuts.');
      return send(shortcutPayload(person, place, callbackId, triggers.createTrigger(person.id)));
    },
    openHome: (personId) => {
      const person = actor(personId);
      const channel = workspace.channel(person.id);
      if (channel === undefined) throw new Error(`${person.name} has no direct messages with the app.`);
      return send(homeOpenedPayload(person, channel, workspace.homes.get(person.id)));
    },
    submit: async (personId, viewId, values) => {
      const person = actor(personId);
      const view = modalOf(person, viewId);
      const answer = await send(
        submissionPayload(person, view, withUploads(values, workspace, origin()), triggers.createTrigger(person.id)),
      );
      if (!answer.acknowledged) throw new Error('The app did not answer within 3 seconds; the form stays open.');
      takeSubmissionAnswer(workspace, view, answer.body, closeModal);
      return answer.body;
    },
    closeView: async (personId, viewId) => {
      const person = actor(personId);
      const view = modalOf(person, viewId);
      closeModal(view);
      if (view.content['notify_on_close'] === true) await send(closedPayload(person, view));
    },
  };
}

/** An acknowledgement of a command may be an answer already: private unless it says in_channel. */
function showAnswer(workspace: Workspace, channel: Channel, person: SimulatedPerson, body: unknown): void {
  const answer = typeof body === 'string' ? { text: body } : body;
  if (!isRecord(answer)) return;
  const { text, blocks } = answer;
  const content = {
    text: typeof text === 'string' ? text : '',
    ...(Array.isArray(blocks) ? { blocks: blocks as unknown[] } : {}),
  };
  if (content.text === '' && content.blocks === undefined) return;
  if (answer['response_type'] === 'in_channel') workspace.post(channel, content);
  else workspace.postPrivately(channel.id, person.id, content);
}

/** https://docs.slack.dev/surfaces/modals: errors keep the modal open, update and push change what is open. */
function takeSubmissionAnswer(
  workspace: Workspace,
  view: StoredView,
  body: unknown,
  closeModal: (view: StoredView) => void,
): void {
  const action = isRecord(body) ? body['response_action'] : undefined;
  if (action === 'errors') return;
  if (action === 'clear') {
    workspace.modals.set(view.person, []);
    workspace.changed();
    return;
  }
  const next = isRecord(body) ? body['view'] : undefined;
  if ((action === 'update' || action === 'push') && isRecord(next)) {
    const views = workspace.modals.get(view.person) ?? [];
    const opened: StoredView = { ...view, content: next, id: action === 'push' ? workspace.nextId('V') : view.id };
    workspace.modals.set(
      view.person,
      action === 'push' ? [...views, opened] : views.map((other) => (other.id === view.id ? opened : other)),
    );
    workspace.changed();
    return;
  }
  closeModal(view);
}
