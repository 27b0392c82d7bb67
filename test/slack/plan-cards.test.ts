import type { Card } from '../../src/core/cards/card.ts';
import { lateTasksCard, reminderCard } from '../../src/core/cards/reminder-card.ts';
import { planOf, tasksIn } from '../../src/core/phases/plan.ts';
import { renderHome, renderMessage } from '../../src/slack/render.ts';
import { anActor } from '../support/fixtures.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';
import { assertSlackTakes } from './block-kit-rules.ts';

describe("the plan of the default playbook, within Slack's limits", () => {
  const people = {
    DATA_OWNER: 'slack:U0ANA',
    PRODUCT_OWNER: 'slack:U0ANA',
    TECH_LEAD: 'slack:U0ANA',
    PROJECT_MANAGER: 'slack:U0ANA',
    SECURITY_OFFICER: 'slack:U0ANA',
    ANALYSTS: 'slack:U0ANA',
  };
  const taken = (card: Card): void => {
    assertSlackTakes('message', renderMessage(card).blocks);
    assertSlackTakes('home', renderHome(card).blocks);
  };

  for (const startDate of ['', '2026-12-07', '2026-11-09', '2026-08-31', '2026-05-04']) {
    it(`is taken with ${startDate === '' ? 'no start date' : `a start on ${startDate}`}`, async () => {
      const playbook = thePlaybook({ ...people, START_DATE: startDate });
      const services = servicesOver(createFakeStore(), { playbook });
      for (const words of ['plan', 'task', 'task add-users', 'status', 'home', 'start', 'start 2026-11-30']) {
        taken((await ask(services, words)).answer.card);
      }
    });
  }

  it('is taken when every task is late at once', () => {
    const playbook = thePlaybook({ ...people, START_DATE: '2026-05-04' });
    const late = tasksIn(planOf(playbook, [], '2026-11-23'), 'late');
    taken(reminderCard(late, playbook, '2026-11-23'));
    taken(lateTasksCard(late, playbook));
  });

  it('is taken with the longest evidence, many times over', async () => {
    const services = servicesOver(createFakeStore(), { playbook: thePlaybook(people) });
    const actor = anActor();
    for (let round = 0; round < 6; round += 1) {
      const evidence = '<&*>'.repeat(500);
      await ask(services, `task runbooks --done --evidence "${evidence}"`, { actor });
      await ask(services, `task runbooks --reopen --evidence "${evidence}"`, { actor });
    }
    taken((await ask(services, 'task runbooks')).answer.card);
  });
});
