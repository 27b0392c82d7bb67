import type { Card, Span } from '../src/core/cards/card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { count } from '../src/core/numbers/format.ts';
import { actorInAudit, personSpan } from '../src/core/people.ts';
import type { Feedback } from '../src/core/records/feedback.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';

const usage = '["text"] [--list] [--share]';
const shown = 20;

/** What people say of the new system, at any time (L62); the weekly checkpoint talks about it. */
export const feedback: Command = {
  name: 'feedback',
  usage,
  summary: 'Takes what you say of the new system, or lists what was said',
  examples: ['feedback', 'feedback "The search is much faster"', 'feedback --list'],

  async form(call) {
    const { list, text } = read(call);
    return list || text !== undefined || call.request.form !== undefined ? undefined : theForm;
  },

  async run(call, services) {
    const { list, share, text } = read(call);
    if (list) {
      const all = await services.store.transaction((tx) => tx.feedback.list(shown));
      return { card: listCard(all, services.playbook.timeZone), share, json: { feedback: all } };
    }
    const values = { ...(text === undefined ? {} : { text }), ...call.request.form };
    const said = readForm(theForm, values, `${call.prefix} feedback ${usage}`)['text'] ?? '';
    return answeredBy((tx) => write(tx, said, call, services));
  },
};

const theForm: Form = {
  title: 'Your feedback',
  submit: 'Send it',
  fields: [
    {
      name: 'text',
      label: 'What you say of the new system',
      kind: 'text',
      lines: 'many',
      maxLength: reasonLength,
      required: true,
    },
  ],
};

function read({ prefix, arguments: typed }: FormCall): {
  readonly text: string | undefined;
  readonly list: boolean;
  readonly share: boolean;
} {
  const hint = `${prefix} feedback ${usage}`;
  const { words, flags } = readArguments(typed, { flags: ['list', 'share'], words: 1_000, hint });
  return { text: words.length === 0 ? undefined : words.join(' '), list: flags.has('list'), share: flags.has('share') };
}

async function write(tx: Transaction, text: string, { request }: FormCall, { clock }: Services): Promise<Answer> {
  const at = clock.now().toISOString();
  const by = actorInAudit(request.actor);
  const kept = await tx.feedback.add({ text, by, at });
  await tx.audit.append({
    at,
    actor: by,
    action: 'feedback.recorded',
    subject: `feedback/${kept.number}`,
    details: {},
  });
  const title = `Thank you: F-${kept.number} is on record`;
  const next = 'The next checkpoint talks about it.';
  const card: Card = { title, tone: 'good', summary: `${title}. ${next}`, body: [{ kind: 'text', text: next }] };
  return { card, json: kept };
}

function listCard(all: readonly Feedback[], timeZone: string): Card {
  const title = all.length === 0 ? 'Nobody said anything yet' : `The newest feedback, ${count(all.length, 'line')}`;
  const when = (at: string): Span => ({
    time: at,
    style: 'dateTime',
    fallback: formatDateTime(new Date(at), timeZone),
  });
  return {
    title,
    tone: 'neutral',
    summary: `${title}.`,
    body:
      all.length === 0
        ? []
        : [
            {
              kind: 'list',
              items: all.map(({ number, text, by, at }) => [
                { bold: `F-${number} ` },
                when(at),
                ', ',
                personSpan(by),
                `: ${text}`,
              ]),
            },
          ],
  };
}
