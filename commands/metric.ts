import { figureInWords } from '../src/core/cards/metric-words.ts';
import { metricCard } from '../src/core/cards/metrics-card.ts';
import type { Answer, Call, Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { queryMetric } from '../src/core/metrics/query-metric.ts';
import { type Reading, readValue } from '../src/core/metrics/reading.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { Metric } from '../src/core/playbook/team.ts';
import { metricJson, oneMetric } from '../src/core/reports/metrics.ts';
import { changeHomes } from '../src/core/reports/overview.ts';
import { recordReading } from '../src/core/reports/record-reading.ts';
import { actorInAudit } from '../src/core/people.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { instantOf, isDate, localDate } from '../src/core/time/local-time.ts';

/** One metric; a reading of it; or its newest reading as the baseline (L48). */
export const metric: Command = {
  name: 'metric',
  usage: '<name> [value] [--at yyyy-mm-dd] [--note "…"] [--measure] [--accept-baseline] [--share]',
  summary: 'Shows one metric over time, takes a reading of it, or accepts its baseline',
  examples: ['metric p95', 'metric p95 1.8', 'metric adoption 82.5 --at 2026-11-20 --note "week 2"'],

  async run(call, services) {
    const { playbook, store } = services;
    const typed = readArguments(call.arguments, {
      flags: ['share', 'measure', 'accept-baseline'],
      options: ['at', 'note'],
      words: 8,
      hint: `${call.prefix} metric <name> [value] [--at yyyy-mm-dd] [--note "…"]`,
    });
    const [name, ...figure] = typed.words;
    const wanted = metricNamed(name, playbook, call.prefix);
    const share = typed.flags.has('share');
    const asked = { metric: wanted, call, services, share };
    refuseTwoAtOnce(figure, typed.flags, typed.options, asked);
    if (figure.length > 0) return report(asked, figure.join(' '), typed.options);
    if (typed.flags.has('measure')) return measure(asked);
    if (typed.flags.has('accept-baseline')) return accept(asked);
    return store.transaction((tx) => show(tx, asked));
  },
};

interface Asked {
  readonly metric: Metric;
  readonly call: Call;
  readonly services: Services;
  readonly share: boolean;
}

function metricNamed(name: string | undefined, { metrics }: Playbook, prefix: string): Metric {
  const names = metrics.map((one) => one.name);
  const all = names.length === 0 ? 'The playbook has no metrics.' : `The metrics are: ${names.join(', ')}.`;
  if (name === undefined) throw new UsageError('Which metric?', `${prefix} metric <name>. ${all}`);
  const found = metrics.find((one) => one.name === name.toLowerCase());
  if (found !== undefined) return found;
  const meant = closest(name, names);
  const hint = meant === undefined ? all : `Did you mean ${prefix} metric ${meant}?`;
  throw new UsageError(`There is no metric "${name}".`, hint);
}

function refuseTwoAtOnce(
  figure: readonly string[],
  flags: ReadonlySet<string>,
  options: ReadonlyMap<string, string>,
  { metric: { name }, call: { prefix } }: Asked,
): void {
  const doing = [figure.length > 0, flags.has('measure'), flags.has('accept-baseline')].filter(Boolean).length;
  if (doing > 1)
    throw new UsageError('That is two things at once.', `One at a time: ${prefix} metric ${name} <value>.`);
  if (figure.length === 0 && options.size > 0) {
    throw new UsageError('--at and --note go with a figure.', `${prefix} metric ${name} <value> --at yyyy-mm-dd`);
  }
}

async function show(tx: Transaction, { metric: wanted, services, share }: Asked, lead?: string): Promise<Answer> {
  const state = await oneMetric(tx, wanted, services);
  return { card: metricCard(state, services.playbook, lead), share, json: metricJson(state) };
}

/** A reading that a person of the owner's role tells. */
async function report(asked: Asked, figure: string, options: ReadonlyMap<string, string>): Promise<Answer> {
  const { metric: wanted, call, services } = asked;
  const { prefix, request } = call;
  if (wanted.reported !== true) {
    const hint =
      wanted.query === undefined ? `${prefix} check compares anew.` : `${prefix} metric ${wanted.name} --measure`;
    throw new UsageError(`${wanted.title} is measured, not reported: nothing was changed.`, hint);
  }
  refuseWithoutRole(request.actor, [wanted.owner], services.playbook, `report ${wanted.title}`);
  const read = readValue(figure, wanted);
  if ('problem' in read) throw new UsageError(read.problem, `${prefix} metric ${wanted.name} <value>`);
  const now = services.clock.now();
  const reading: Reading = {
    key: `request/${request.id}`,
    metric: wanted.name,
    value: read.value,
    measuredAt: measuredAt(options.get('at'), now, asked),
    recordedAt: now.toISOString(),
    recordedBy: actorInAudit(request.actor),
    note: (options.get('note') ?? '').slice(0, 500),
  };
  return writing(asked, (tx) => keep(tx, reading, asked));
}

/** A day before today is meant by its noon: it is of the day, whatever the hour. */
function measuredAt(day: string | undefined, now: Date, { metric: { name }, call, services }: Asked): string {
  const { timeZone } = services.playbook;
  const today = localDate(now, timeZone);
  if (day === undefined || day === today) return now.toISOString();
  const hint = `${call.prefix} metric ${name} <value> --at ${today}`;
  if (!isDate(day)) throw new UsageError(`"${day}" is not a date.`, hint);
  if (day > today) throw new UsageError(`${day} is in the future: a reading is of a day that has been.`, hint);
  return instantOf(day, '12:00', timeZone).toISOString();
}

/** Asks the metric's query, now. */
async function measure(asked: Asked): Promise<Answer> {
  const { metric: wanted, call, services } = asked;
  const { query } = wanted;
  if (query === undefined) {
    throw new UsageError(
      `${wanted.title} has no query to ask.`,
      wanted.reported === true ? `${call.prefix} metric ${wanted.name} <value>` : `${call.prefix} check`,
    );
  }
  refuseWithoutRole(call.request.actor, [wanted.owner], services.playbook, `measure ${wanted.title}`);
  const read = await queryMetric({ ...wanted, query }, services, call.signal);
  if ('problem' in read) throw new UsageError(read.problem, 'Nothing was written down. The query is in the playbook.');
  const reading: Reading = {
    key: `request/${call.request.id}`,
    metric: wanted.name,
    ...read,
    recordedAt: services.clock.now().toISOString(),
    recordedBy: actorInAudit(call.request.actor),
    note: '',
  };
  return writing(asked, (tx) => keep(tx, reading, asked));
}

async function keep(tx: Transaction, reading: Reading, asked: Asked): Promise<Answer> {
  await recordReading(tx, reading);
  await changeHomes(tx, asked.services);
  const { title } = asked.metric;
  return show(tx, asked, `${title}: ${figureInWords(reading.value, asked.metric)} is written down.`);
}

/** The newest reading becomes what later ones are compared with. */
async function accept(asked: Asked): Promise<Answer> {
  const { metric: wanted, call, services } = asked;
  const { title } = wanted;
  if (!wanted.baseline) {
    const others = services.playbook.metrics.filter(({ baseline }) => baseline).map(({ name }) => name);
    const hint = others.length === 0 ? 'No metric of the playbook has one.' : `These have one: ${others.join(', ')}.`;
    throw new UsageError(`${title} has no baseline.`, hint);
  }
  refuseWithoutRole(call.request.actor, [wanted.owner], services.playbook, `accept a baseline of ${title}`);
  return writing(asked, async (tx) => {
    const [newest] = (await oneMetric(tx, wanted, services)).readings;
    if (newest === undefined) return show(tx, asked, `${title} has no reading yet that could be the baseline.`);
    const at = services.clock.now().toISOString();
    const acceptedBy = actorInAudit(call.request.actor);
    const figure = figureInWords(newest.value, wanted);
    const accepted = await tx.metrics.acceptBaseline({ reading: newest, acceptedAt: at, acceptedBy });
    if (!accepted)
      return show(tx, asked, `${title}: the newest reading, ${figure}, was accepted as a baseline before.`);
    const answer = await show(tx, asked, `${title}: ${figure} is the baseline now.`);
    await tx.audit.append({
      at,
      actor: acceptedBy,
      action: 'metric.baseline',
      subject: `metric/${wanted.name}`,
      details: { reading: newest.key, value: newest.value, measuredAt: newest.measuredAt },
    });
    return answer;
  });
}

/** The answer is what the transaction that writes says; before it there is only what stands now. */
async function writing(asked: Asked, write: (tx: Transaction) => Promise<Answer>): Promise<Answer> {
  return { ...(await asked.services.store.transaction((tx) => show(tx, asked))), write };
}
