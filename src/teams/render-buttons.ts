import type { Button } from '../core/cards/card.ts';
import type { CommandData } from './actions.ts';
import type { Action, ActionStyle, Container, Element, ExecuteAction, ToggleAction } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { clean, cut, inline, linesOf, oneLine, paragraph, richText } from './text.ts';

const styles: Readonly<Record<Button['style'], { readonly style?: ActionStyle }>> = {
  primary: { style: 'positive' },
  danger: { style: 'destructive' },
  default: {},
};

/**
 * The buttons in rows, under them what they ask before they do something, and in words which ones are missing. `first` is
 * the number of the first within the card: hidden parts need ids of their own.
 */
export function renderButtons(all: readonly Button[], first: number): Element[] {
  const actions: Action[] = [];
  const questions: Container[] = [];
  const missing: string[] = [];
  for (const [index, button] of all.entries()) {
    if (!pressable(button)) {
      missing.push(oneLine(button.label, limits.buttonText, '–'));
    } else if (button.confirm === undefined) {
      actions.push(press(oneLine(button.label, limits.buttonText, 'Open'), button));
    } else {
      const id = `confirm-${first + index}`;
      actions.push(toggle(oneLine(button.label, limits.buttonText, 'Open'), id, true, styles[button.style]));
      questions.push(question(id, button, button.confirm));
    }
  }
  return [
    ...inRows(actions),
    ...questions,
    ...(missing.length === 0
      ? []
      : [richText([inline(`Too long to be a button: ${missing.join(', ')}`, { size: 'Small', isSubtle: true })])]),
  ];
}

/** An action in both shapes, which clients of any age understand. */
export function execute(
  title: string,
  data: Readonly<Record<string, string>> & { readonly action: string },
  more: Pick<ExecuteAction, 'style' | 'associatedInputs'> = {},
): ExecuteAction {
  return {
    type: 'Action.Execute',
    title,
    verb: data.action,
    data,
    ...more,
    fallback: { type: 'Action.Submit', title, data, ...more },
  };
}

/** A command that was cut or cleaned would be another command: such a button is not shown at all. */
function pressable({ command }: Button): boolean {
  return command !== '' && command.length <= limits.command && clean(command) === command;
}

function press(title: string, { command, style }: Button): ExecuteAction {
  const data: CommandData = { action: 'command', command };
  return execute(title, data, styles[style]);
}

function toggle(title: string, elementId: string, isVisible: boolean, style: { style?: ActionStyle }): ToggleAction {
  return { type: 'Action.ToggleVisibility', title, ...style, targetElements: [{ elementId, isVisible }] };
}

function question(
  id: string,
  button: Button,
  { title, text, confirm, deny }: NonNullable<Button['confirm']>,
): Container {
  const asked = oneLine(title, limits.title, 'Are you sure?');
  return {
    type: 'Container',
    id,
    isVisible: false,
    style: 'emphasis',
    items: [
      richText([inline(asked, { weight: 'Bolder' })]),
      ...paragraph(linesOf(cut(text, limits.tableCell), limits.tableCell), { spacing: 'Small' }),
      {
        type: 'ActionSet',
        actions: [
          press(oneLine(confirm, limits.buttonText, 'Yes'), button),
          toggle(oneLine(deny, limits.buttonText, 'No'), id, false, {}),
        ],
      },
    ],
  };
}

/** As many in a row as stand beside each other on a desktop: a renderer drops more, or makes them too narrow to be read. */
function inRows(actions: readonly Action[]): Element[] {
  const rows: Action[][] = [];
  let left = 0;
  for (const action of actions) {
    const row = rows.at(-1);
    const length = action.title?.length ?? 0;
    if (row !== undefined && row.length < limits.buttonsARow && length <= left) row.push(action);
    else rows.push([action]);
    left = (rows.at(-1) === row ? left : limits.buttonsARowText) - length;
  }
  return rows.map((row, index) => ({
    type: 'ActionSet',
    ...(index === 0 ? {} : { spacing: 'Small' as const }),
    actions: row,
  }));
}
