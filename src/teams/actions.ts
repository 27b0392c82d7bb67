import { limits } from './limits.ts';

/*
 * What a card's actions carry, and how it is read when it comes back. An action carries no authority: it is a command of
 * the grammar, and the core checks the role of whoever pressed it.
 *
 * Every action has the same data in two shapes: `Action.Execute`, which is answered in place, and as its fallback
 * `Action.Submit` for clients from before version 1.4. `verb` and `data.action` say the same, so that either routes it.
 *
 * A button that asks "are you sure?" does so inside the card, without asking the bot: it shows a part of the card that was
 * hidden (`Action.ToggleVisibility`), with the question, the button that carries the command, and one that hides it again.
 * So a confirmation costs no round trip, changes nobody else's card, and is closed again by every edit of the card.
 *
 * Inputs come back in the same object as the data, and win over it where names are the same (the form of a lesson has a
 * field named "action"). So inputs have names of their own: `inputId`.
 */

/** A button: a command as it would be typed. */
export type CommandData = { readonly action: 'command'; readonly command: string };
/** A client asks by itself for the card as its person is to see it: nobody pressed anything. */
export type RefreshData = { readonly action: 'refresh' };
/**
 * A form that was sent: the words that it was asked for, the id of this asking, under which it takes effect once, and,
 * signed, the channel where it was asked for.
 */
export type FormData = {
  readonly action: 'form';
  readonly command: string;
  readonly form: string;
  readonly askedIn?: string;
};
/** A form that was put away. */
export type CancelData = { readonly action: 'cancel' };

export type TeamsAction =
  | CommandData
  | RefreshData
  /** `values` by the fields' names; what was left empty is missing. */
  | (FormData & { readonly values: Readonly<Record<string, string>> })
  | CancelData;

const prefix = 'field.';

/** The id of a field's input. */
export const inputId = (field: string): string => `${prefix}${field}`;

/**
 * What was pressed or sent, from the `value` of an activity: of an `adaptiveCard/action` invoke (`value.action`) or of a
 * message by `Action.Submit` (the data itself). Undefined for what is none of ours, and for what is longer than anything
 * that we ask for. Inputs are taken as they are typed: what they may hold is the form's business.
 */
export function readAction(value: unknown): TeamsAction | undefined {
  const invoked = recordOf(recordOf(value)?.['action']);
  const data = invoked === undefined ? recordOf(value) : recordOf(invoked['data'] ?? {});
  if (data === undefined) return undefined;
  const kind = data['action'] ?? invoked?.['verb'];
  if (kind === 'cancel' || kind === 'refresh') return { action: kind };
  const command = bounded(data['command'], limits.command);
  if (command === undefined) return undefined;
  if (kind === 'command') return { action: kind, command };
  const form = bounded(data['form'], limits.formId);
  const values = valuesIn(data);
  const askedIn = bounded(data['askedIn'], limits.askedIn);
  return kind === 'form' && form !== undefined && values !== undefined
    ? { action: kind, command, form, values, ...(askedIn === undefined ? {} : { askedIn }) }
    : undefined;
}

/** The inputs among an action's data, by the fields' names; undefined where they are more than we take. */
function valuesIn(data: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  const inputs = Object.entries(data).filter(([id]) => id.startsWith(prefix));
  const values = inputs.flatMap(([id, value]) => {
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    return text === '' ? [] : [[id.slice(prefix.length), text] as const];
  });
  const characters = values.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  const tooMany = inputs.length > limits.inputs || characters > limits.inputText;
  return tooMany || values.some(([name]) => name.length > limits.inputName) ? undefined : Object.fromEntries(values);
}

function bounded(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
