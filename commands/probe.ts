import { incidentCard } from '../src/core/cards/incident-card.ts';
import { probeCard, probesCard } from '../src/core/cards/probe-card.ts';
import { runCard } from '../src/core/cards/run-card.ts';
import type { Answer, Call, Command } from '../src/core/command.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { ChecksProbe, Probe } from '../src/core/probes/probe.ts';
import { findingOf } from '../src/core/probes/run-finding.ts';
import { keepProbe, postTest } from '../src/core/reports/keep-probe.ts';
import { recordRun, type RunWithRows } from '../src/core/reports/say-run.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import { nameOfIncident } from '../src/core/triggers/incident.ts';
import { UsageError } from '../src/core/usage-error.ts';

/** What the bot tries for itself (L20, L22, L125, L127, L153, L166): lists the probes, or tries one. */
export const probe: Command = {
  name: 'probe',
  usage: '[name]',
  summary: 'Lists what the bot tries for itself, or tries it',
  examples: ['probe', 'probe test-alert'],

  async run({ request, prefix, arguments: typed, signal }, services) {
    const { playbook } = services;
    const { words } = readArguments(typed, { flags: [], options: [], words: 1, hint: `${prefix} probe [name]` });
    const [name] = words;
    if (name === undefined) return { card: probesCard(playbook), json: { probes: playbook.probes.map(publicPart) } };
    const found = probeOf(name.toLowerCase(), playbook, prefix);
    refuseWithoutRole(request.actor, Object.keys(playbook.roles), playbook, `try ${found.title}`);
    const who = { by: actorInAudit(request.actor), byName: request.actor.name };
    if (found.kind === 'alert') {
      const title = `${found.title} goes to the alerts channel`;
      return {
        card: { title, tone: 'neutral', summary: `${title}.`, body: [] },
        json: publicPart(found),
        write: async (tx) => {
          const posted = await postTest(tx, found, who.by, services);
          return { card: incidentCard(posted, playbook), json: { ...posted, name: nameOfIncident(posted) } };
        },
      };
    }
    if (found.kind === 'checks') return tryChecks(found, { request, signal }, services);
    const finding = await services.probe(found, signal);
    return {
      card: probeCard(found, finding),
      json: { ...publicPart(found), ...finding },
      exitCode: finding.verdict === 'pass' ? 0 : 1,
      write: async (tx) => {
        await keepProbe(tx, found, finding, who, services);
        return undefined;
      },
    };
  },
};

/** All checks now; the run is kept like any other. */
async function tryChecks(
  found: ChecksProbe,
  { request, signal }: Pick<Call, 'request' | 'signal'>,
  services: Services,
): Promise<Answer> {
  const rows: RunWithRows['rows'][number][] = [];
  const run = await services.measure({
    keepRows: (comparison, differences) => rows.push({ comparison, differences }),
    checks: [],
    requestedBy: request.actor,
    slot: null,
    signal,
  });
  const finding = findingOf(run);
  const chat = request.actor.platform !== 'terminal';
  return {
    card: runCard(run, { playbook: services.playbook, chat, buttons: false }),
    json: { ...publicPart(found), ...finding },
    exitCode: finding.verdict === 'pass' ? 0 : 1,
    write: async (tx) => {
      await recordRun(tx, { run, rows }, services);
      const who = { by: actorInAudit(request.actor), byName: request.actor.name };
      await keepProbe(tx, found, finding, who, services);
      return undefined;
    },
  };
}

/** Never its address: that holds a password. */
const publicPart = ({ name, title, kind }: Probe) => ({ name, title, kind });

/** Throws UsageError for a name that is no probe of the playbook, with the one that was probably meant. */
export function probeOf(name: string, { probes }: Playbook, prefix: string): Probe {
  const found = probes.find((one) => one.name === name);
  if (found !== undefined) return found;
  const meant = closest(
    name,
    probes.map((one) => one.name),
  );
  throw new UsageError(
    `There is no probe "${name}" in the playbook.`,
    meant === undefined ? `${prefix} probe lists them.` : `Did you mean ${prefix} probe ${meant}?`,
  );
}
