import {
  type Action,
  AdaptiveCard,
  ExecuteAction,
  OpenUrlAction,
  SubmitAction,
} from 'adaptivecards/lib/card-elements.js';
import { GlobalRegistry } from 'adaptivecards/lib/registry.js';
import { Versions } from 'adaptivecards/lib/serialization.js';
import { Table } from 'adaptivecards/lib/table.js';
import { type ReactNode, useEffect, useRef } from 'react';
import { useWorkspace } from '../workspace.ts';
import { hostConfig } from './host-config.ts';
import { withMentions } from './mentions.ts';
import type { TeamsPressBody } from './state.ts';
import { withTimes } from './times.ts';

// The table is a module of its own, which nothing else of the renderer asks for.
GlobalRegistry.elements.register('Table', Table, Versions.v1_5);
// Text is shown as it was sent: no Markdown becomes HTML here, so nothing has to be made safe first.
AdaptiveCard.onProcessMarkdown = () => undefined;

export type PressInCard = (action: TeamsPressBody['action'], inputs: TeamsPressBody['inputs']) => void;

interface CardProps {
  readonly card: unknown;
  readonly onPress: PressInCard;
}

/** An Adaptive Card as Microsoft's own renderer draws it. What is typed stays until the card is another one. */
export function Card({ card, onPress }: CardProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const press = useRef(onPress);
  const { reader } = useWorkspace();
  const { locale, timeZone } = reader;
  const json = JSON.stringify(withTimes(withMentions(card), { locale, timeZone }));
  useEffect(() => {
    press.current = onPress;
  });
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const adaptive = new AdaptiveCard();
    adaptive.hostConfig = hostConfig;
    adaptive.onExecuteAction = (action) => take(action, adaptive, press.current);
    adaptive.parse(JSON.parse(json));
    const drawn = adaptive.render();
    // The focus was in what goes now: it stays at the message.
    const focused = box.contains(document.activeElement);
    box.replaceChildren(...(drawn === undefined ? [] : [drawn]));
    if (focused) box.focus();
  }, [json]);
  return <div ref={place} className="teams-card" tabIndex={-1} />;
}

function take(action: Action, card: AdaptiveCard, press: PressInCard): void {
  if (action instanceof OpenUrlAction) {
    if (action.url !== undefined) window.open(action.url, '_blank', 'noopener,noreferrer');
    return;
  }
  if (!(action instanceof ExecuteAction || action instanceof SubmitAction)) return;
  const { id, title, verb, data } = action.toJSON() as TeamsPressBody['action'];
  // The title is what the reader sees, with times of their own: it names an action only that carries nothing else.
  const known = verb === undefined && data === undefined ? { id, title } : { id, verb, data };
  const named = Object.entries(known).filter(([, value]) => value !== undefined);
  const inputs = card
    .getAllInputs()
    .flatMap(({ id: name, value }): [string, string][] =>
      name === undefined || value === undefined ? [] : [[name, String(value)]],
    );
  press(Object.fromEntries(named), Object.fromEntries(inputs));
}
