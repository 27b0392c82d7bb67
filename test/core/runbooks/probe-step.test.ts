import assert from 'node:assert/strict';
import type { ProbeFinding } from '../../../src/core/probes/probe.ts';
import { startRunbook } from '../../../src/core/reports/keep-runbook.ts';
import type { RunbookDefinition } from '../../../src/core/runbooks/runbook.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { anActor, someMoment } from '../../support/fixtures.ts';
import { ask, servicesOver, thePlaybook } from '../../support/services.ts';

const given = thePlaybook();
const probes = [{ name: 'copy', kind: 'checksum' as const, title: 'The copy', path: '/copy' }];
const step = { kind: 'probe' as const, probe: 'copy', owner: 'dataOwner', minutes: 5, evidence: 'The probe', undo: '' };
const keeping: RunbookDefinition = {
  name: 'keeping',
  title: 'Keeping',
  startedBy: ['dataOwner'],
  needsGo: false,
  steps: [
    { ...step, name: 'take', title: 'Take it', at: { afterMinutes: 0 } },
    { ...step, name: 'verify', title: 'Verify it', at: { afterMinutes: 120 } },
  ],
};
const sha = (letter: string): ProbeFinding => ({ verdict: 'pass', said: `SHA-256 ${letter.repeat(64)}` });

describe('A step of a runbook that is a probe', () => {
  let found = sha('a');
  const begin = async () => {
    const store = createFakeStore();
    const services = servicesOver(store, { playbook: { ...given, probes }, probe: async () => found });
    const beginning = { startedBy: 'x', about: '', rehearsal: null, channel: 'C0RECON', anchor: someMoment };
    await store.transaction((tx) => startRunbook(tx, keeping, beginning, services));
    const tried = async (name: string) => {
      const { answer } = await ask(services, `runbook 1 check ${name}`, {
        actor: anActor(),
        id: `${name} ${found.said}`,
      });
      const [runbook] = await store.transaction((tx) => tx.runbooks.list(1));
      return { title: answer.card.title, step: runbook?.steps.find((one) => one.name === name) };
    };
    return { tried };
  };

  it('keeps the checksum that it takes first, and is done when it is the same later', async () => {
    const { tried } = await begin();
    found = sha('a');
    assert.deepEqual([(await tried('take')).step?.state, (await tried('take')).step?.evidence], ['done', found.said]);
    assert.equal((await tried('verify')).step?.state, 'done');
  });
  it('fails where the checksum is another than it was, and says both', async () => {
    const { tried } = await begin();
    found = sha('a');
    await tried('take');
    found = sha('b');
    const { title, step: failed } = await tried('verify');
    assert.equal(title, 'The copy fails');
    assert.equal(failed?.state, 'failed');
    assert.match(failed?.evidence ?? '', /^SHA-256 b+, and it was SHA-256 a+$/);
  });
  it('stays open where nothing is shown, with why', async () => {
    const { tried } = await begin();
    found = { verdict: 'unknown', said: '/copy can’t be read' };
    const { step: open } = await tried('take');
    assert.deepEqual([open?.state, open?.evidence], ['open', found.said]);
  });
});
