import { createHash } from 'node:crypto';
import { ApiError, type ApiMethod } from './api-method.ts';
import { type Arguments, isRecord } from './arguments.ts';
import { problemsOfView } from './block-rules.ts';
import { bot, team } from './people.ts';
import type { StoredView, Workspace } from './workspace.ts';

/** Modals and the Home tab. */
export const viewMethods: Readonly<Record<string, ApiMethod>> = {
  'views.open': {
    token: 'bot',
    run: (body, { workspace, triggers }) => {
      const id = body.text('trigger_id');
      if (id === undefined) throw new ApiError('invalid_arguments');
      const content = viewIn(body, 'modal');
      const trigger = triggers.useTrigger(id);
      if (typeof trigger === 'string') throw new ApiError(trigger);
      const view = storedView(workspace, trigger.person, 'modal', content);
      workspace.modals.set(trigger.person, [view]);
      workspace.changed();
      return { view: wireView(view) };
    },
  },
  'views.update': {
    token: 'bot',
    run: (body, { workspace }) => {
      const content = viewIn(body, 'modal');
      const id = body.text('view_id');
      const all = [...workspace.modals.values()].flat();
      const before = all.find((view) => view.id === id);
      if (before === undefined) throw new ApiError('not_found');
      if (body.text('hash') !== undefined && body.text('hash') !== before.hash) throw new ApiError('hash_conflict');
      const after: StoredView = { ...before, content, hash: hashOf(content) };
      const views = workspace.modals.get(before.person) ?? [];
      workspace.modals.set(
        before.person,
        views.map((view) => (view.id === before.id ? after : view)),
      );
      workspace.changed();
      return { view: wireView(after) };
    },
  },
  'views.publish': {
    token: 'bot',
    run: (body, { workspace }) => {
      const person = workspace.person(body.text('user_id') ?? '');
      if (person === undefined) throw new ApiError('invalid_arguments');
      if (person.deleted === true) throw new ApiError('not_enabled');
      const content = viewIn(body, 'home');
      const before = workspace.homes.get(person.id);
      if (body.text('hash') !== undefined && body.text('hash') !== before?.hash) throw new ApiError('hash_conflict');
      const view = storedView(workspace, person.id, 'home', content, before?.id);
      workspace.homes.set(person.id, view);
      workspace.changed();
      return { view: wireView(view) };
    },
  },
};

/** A view as the Web API and the payloads show it. */
export function wireView(view: StoredView): Record<string, unknown> {
  return {
    private_metadata: '',
    callback_id: '',
    state: { values: {} },
    ...view.content,
    id: view.id,
    team_id: team.id,
    type: view.type,
    hash: view.hash,
    root_view_id: view.id,
    app_id: bot.appId,
    bot_id: bot.botId,
  };
}

/** What the app sent as the view. Throws as Slack does where it breaks a rule. */
function viewIn(body: Arguments, type: StoredView['type']): Record<string, unknown> {
  const view = body.json('view');
  if (!isRecord(view)) throw new ApiError('invalid_arguments');
  const problems = problemsOfView(view, type);
  if (problems.length > 0) {
    throw new ApiError('invalid_arguments', {
      response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
    });
  }
  return view;
}

function storedView(
  workspace: Workspace,
  person: string,
  type: StoredView['type'],
  content: Record<string, unknown>,
  id = workspace.nextId('V'),
): StoredView {
  return { id, type, person, content, hash: hashOf(content) };
}

function hashOf(content: Record<string, unknown>): string {
  return `${Date.now()}.${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8)}`;
}
