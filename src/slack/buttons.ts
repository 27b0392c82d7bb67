import type { ActionsBlock, ContextBlock, Button as SlackButton } from '@slack/types';
import type { Button } from '../core/cards/card.ts';
import { limits } from './limits.ts';
import { note } from './note.ts';
import type { Room } from './room.ts';
import { clean, cut, oneLine, plain } from './text.ts';

/** Buttons leave this much of a message's characters to what can be read. */
const roomForReading = limits.messageText / 2;

/** The buttons in rows as long as Slack takes them, and in words which ones are missing. */
export function renderButtons(all: readonly Button[], room: Room): (ActionsBlock | ContextBlock)[] {
  const missing: string[] = [];
  const elements: SlackButton[] = [];
  for (const button of all) {
    const element = pressable(button) ? renderButton(button, room.buttons + 1) : undefined;
    const left = room.text - (element === undefined ? 0 : lengthOf(element));
    if (element === undefined || left < roomForReading) {
      missing.push(oneLine(button.label, limits.buttonText, '–'));
      continue;
    }
    elements.push(element);
    room.buttons += 1;
    room.text = left;
  }
  const blocks: ActionsBlock[] = [];
  for (let start = 0; start < elements.length; start += limits.actionElements) {
    blocks.push({ type: 'actions', elements: elements.slice(start, start + limits.actionElements) });
  }
  if (missing.length === 0) return blocks;
  return [...blocks, ...note(`Too long to be a button: ${missing.join(', ')}`, room)];
}

/** A command that was cut or cleaned would be another command: such a button is not shown at all. */
function pressable({ command }: Button): boolean {
  return command !== '' && command.length <= limits.buttonValue && clean(command) === command;
}

function renderButton(button: Button, number: number): SlackButton {
  const { confirm } = button;
  return {
    type: 'button',
    action_id: `command:${number}`,
    text: plain(oneLine(button.label, limits.buttonText, 'Open')),
    value: button.command,
    ...(button.style === 'default' ? {} : { style: button.style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(oneLine(confirm.title, limits.confirmTitle, 'Are you sure?')),
            text: plain(cut(clean(confirm.text).trim() || 'Are you sure?', limits.confirmText)),
            confirm: plain(oneLine(confirm.confirm, limits.confirmButton, 'Yes')),
            deny: plain(oneLine(confirm.deny, limits.confirmButton, 'No')),
            ...(button.style === 'danger' ? { style: 'danger' as const } : {}),
          },
        }),
  };
}

function lengthOf({ text, value, confirm }: SlackButton): number {
  const parts = [text, confirm?.title, confirm?.text, confirm?.confirm, confirm?.deny];
  return parts.reduce((sum, part) => sum + (part?.text?.length ?? 0), value?.length ?? 0);
}
