import type { Card } from '../src/core/cards/card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { codeHash, newCode } from '../src/core/decisions/codes.ts';
import { type Form, readForm } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit, personOf } from '../src/core/people.ts';
import type { LinkOffer } from '../src/core/record-stores.ts';
import { personBehind } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

/** How long a code works, in minutes. */
const codeMinutes = 10;

const usage = '[code]';
const word = 'link';

/**
 * Makes two accounts one person's: a code that is asked for with the one is typed with the other, and what that means is
 * confirmed there. From then on whatever either does, they did once.
 */
export const link: Command = {
  name: 'link',
  usage,
  summary: 'Tells that your accounts in Slack and Teams are one person',
  examples: ['link', 'link K7WP-M2QX-4HRT'],

  async form(call, services) {
    const code = read(call);
    if (code === undefined || call.request.form !== undefined) return undefined;
    return formOf(await services.store.transaction((tx) => offerOf(tx, code, call, services)));
  },

  async run(call, services) {
    const code = read(call);
    const outsider = await services.outsider(call.request.actor);
    if (outsider !== undefined) throw new UsageError(`${outsider} Nothing was changed.`, 'Ask for a full account.');
    if (code === undefined) return offer(call, services);
    return answeredBy(async (tx) => confirm(tx, await offerOf(tx, code, call, services), call, services));
  },
};

function read({ request, prefix, arguments: typed }: FormCall): string | undefined {
  const { words } = readArguments(typed, {
    flags: [],
    options: ['confirm'],
    words: 1,
    hint: `${prefix} link ${usage}`,
  });
  if (request.actor.platform === 'terminal') {
    throw new UsageError('Accounts are linked in chat, where it is known who asks.', 'Type "link" there.');
  }
  return words[0];
}

function offer({ request }: FormCall, { clock }: Services): Answer {
  const code = newCode();
  const title = 'Your code to link another account of yours';
  const card: Card = {
    title,
    tone: 'neutral',
    summary: title,
    body: [
      { kind: 'text', text: ['With the other account, in Slack or Teams, ask the bot: ', { code: `link ${code}` }] },
      { kind: 'note', text: `It works once, within ${codeMinutes} minutes. Give it to nobody.` },
    ],
  };
  return {
    card,
    json: {},
    write: async (tx) => {
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + codeMinutes * 60_000).toISOString();
      const account = personOf(request.actor);
      await tx.accountLinks.offer({ hash: codeHash(code), account, name: request.actor.name, expiresAt });
      const [actor, subject] = [actorInAudit(request.actor), `person/${account}`];
      await tx.audit.append({ at: now.toISOString(), actor, action: 'link.offered', subject, details: {} });
      return undefined;
    },
  };
}

/** Throws UsageError for a code that nobody can use now. */
async function offerOf(tx: Transaction, code: string, call: FormCall, services: Services): Promise<LinkOffer> {
  const found = await tx.accountLinks.offered(codeHash(code));
  if (found === undefined || found.expiresAt <= services.clock.now().toISOString()) {
    throw new UsageError(
      'This code is unknown, used up or too old. Nothing was changed.',
      `Ask for a new one with the other account: it works for ${codeMinutes} minutes.`,
    );
  }
  const { playbook } = services;
  if (personBehind(found.account, playbook) === personBehind(personOf(call.request.actor), playbook)) {
    throw new UsageError('Both accounts are yours already. Nothing was changed.', 'There is nothing left to do.');
  }
  return found;
}

function formOf({ account, name }: LinkOffer): Form {
  const where = account.startsWith('teams:') ? 'Teams' : 'Slack';
  return {
    title: 'Link your accounts',
    submit: 'They are both mine',
    intro: `"${name}" in ${where} asks to be you. From then on that account has your roles, and what it decides, you decided. Go on only if you asked for this code yourself.`,
    fields: [{ name: 'confirm', label: `Type "${word}"`, kind: 'text', lines: 'one', maxLength: 20, required: true }],
  };
}

async function confirm(tx: Transaction, found: LinkOffer, call: FormCall, services: Services): Promise<Answer> {
  const { request, prefix } = call;
  const { options } = readArguments(call.arguments, { flags: [], options: ['confirm'], words: 1, hint: usage });
  const typed = readForm(formOf(found), { ...Object.fromEntries(options), ...request.form }, `${prefix} link ${usage}`);
  if (typed['confirm']?.toLowerCase() !== word) {
    throw new UsageError(`"${typed['confirm']}" is not "${word}". Nothing was changed.`, 'The code still works.');
  }
  const at = services.clock.now().toISOString();
  const person = personOf(request.actor);
  if (!(await tx.accountLinks.link(found.hash, person, at))) {
    throw new UsageError('That account is linked already. Nothing was changed.', 'Who is who is in the audit.');
  }
  const [actor, subject] = [actorInAudit(request.actor), `person/${person}`];
  await tx.audit.append({ at, actor, action: 'link.confirmed', subject, details: { account: found.account } });
  await services.refresh(tx);
  const title = 'Your accounts are linked';
  const text = 'Whatever you do with either of them, you did once.';
  return {
    card: { title, tone: 'good', summary: `${title}. ${text}`, body: [{ kind: 'text', text }] },
    json: { person, account: found.account },
  };
}
