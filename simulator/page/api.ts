import type {
  CloseViewBody,
  CommandAnswer,
  CommandBody,
  ControlAnswer,
  ControlBody,
  HomeBody,
  PressBody,
  SayBody,
  ShortcutBody,
  SimulatorState,
  SubmitAnswer,
  SubmitBody,
} from './state.ts';
import type { TeamsLookBody, TeamsPressAnswer, TeamsPressBody, TeamsSayAnswer, TeamsSayBody } from './teams/state.ts';

/** Every call of the page. A refusal becomes an Error with the server's own words, ready to be shown. */
export const api = {
  state: () => call<SimulatorState>('state'),
  command: (body: CommandBody) => call<CommandAnswer>('command', body),
  press: (body: PressBody) => call<unknown>('press', body),
  submit: (body: SubmitBody) => call<SubmitAnswer>('submit', body),
  say: (body: SayBody) => call<unknown>('say', body),
  shortcut: (body: ShortcutBody) => call<unknown>('shortcut', body),
  openHome: (body: HomeBody) => call<unknown>('home', body),
  closeView: (body: CloseViewBody) => call<unknown>('close-view', body),
  control: (body: ControlBody) => call<ControlAnswer>('control', body),
  teams: {
    say: (body: TeamsSayBody) => call<TeamsSayAnswer>('teams/say', body),
    press: (body: TeamsPressBody) => call<TeamsPressAnswer>('teams/press', body),
    look: (body: TeamsLookBody) => call<unknown>('teams/look', body),
  },
};

async function call<Answer>(path: string, body?: unknown): Promise<Answer> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(`simulator/${path}`, body === undefined ? {} : post);
  } catch {
    throw new Error('The simulator does not answer. Is its process still running?');
  }
  const answer: Answer & { readonly error?: string } = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The simulator answered with status ${response.status}.`);
  return answer;
}

/** Calls back at once and whenever something changed; `onLink` tells whether the server can be heard. Returns the end. */
export function listen(onChange: () => void, onLink: (connected: boolean) => void): () => void {
  const events = new EventSource('simulator/events');
  const changed = (): void => onChange();
  events.addEventListener('message', changed);
  events.addEventListener('changed', changed);
  // Also after a lost connection, which the browser opens again by itself: changes may have been missed meanwhile.
  events.addEventListener('open', () => {
    onLink(true);
    onChange();
  });
  events.addEventListener('error', () => onLink(false));
  return () => events.close();
}
