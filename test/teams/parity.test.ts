import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commands } from '../../commands/index.ts';
import { exceptions, parityDocument } from '../../scripts/parity-table.ts';
import type { Platform } from '../../src/core/request.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { anActor } from '../support/fixtures.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';

const document = parityDocument();
const rowOf = (what: string): string[] =>
  document
    .split('\n')
    .find((line) => line.startsWith(`| ${what} |`))
    ?.split(' | ')
    .slice(1) ?? [];

describe('The table of what works where', () => {
  it('is as it is committed', () => {
    const committed = readFileSync(new URL('../../docs/parity.md', import.meta.url), 'utf8');
    assert.equal(committed, document, 'run "npm run generated" and commit the change');
  });
  it('has a row for each command, and none for what is no command', () => {
    for (const { name } of commands) assert.equal(rowOf(`\`${name}\``).length, 3, name);
    const names = commands.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(exceptions).filter((name) => !names.includes(name)),
      [],
    );
  });
  it('says what to do in place of each shortcut of Slack', () => {
    for (const shortcut of ['File a discrepancy', 'Write down a lesson']) {
      const [slack, teams, terminal] = rowOf(shortcut);
      assert.equal(slack, 'works');
      assert.match(teams ?? '', /copy the link of the message into `\w+`/);
      assert.match(terminal ?? '', /--link/);
    }
  });

  const roles = ['DATA_OWNER', 'PRODUCT_OWNER', 'TECH_LEAD', 'PROJECT_MANAGER', 'SECURITY_OFFICER', 'ANALYSTS'];
  const saysOf = async (words: string, platform: Platform): Promise<string> => {
    const actor = anActor({ platform, user: 'ana', workspace: platform === 'terminal' ? '' : 'T0TEST' });
    const person = platform === 'terminal' ? 'terminal:ana' : 'slack:U0ANA';
    const playbook = thePlaybook(Object.fromEntries(roles.map((role) => [role, person])));
    const { answer } = await ask(servicesOver(createFakeStore(), { playbook }), words, {
      actor: platform === 'slack' ? anActor() : actor,
    });
    return answer.card.title;
  };
  it('tells the truth of codes, which only chat gives', async () => {
    assert.match(await saysOf('codes', 'terminal'), /Codes are given in chat/);
    assert.match(await saysOf('codes', 'slack'), /6 one-time codes/);
    assert.match(rowOf('`codes`')[2] ?? '', /ask in chat/);
  });
  it('tells the truth of rows, which only a shell writes', async () => {
    assert.match(await saysOf('diff people --run last --rows people.csv', 'slack'), /Rows never go to chat/);
    assert.doesNotMatch(await saysOf('diff people --run last --rows people.csv', 'terminal'), /Rows never go to chat/);
    assert.match(rowOf('`diff`')[0] ?? '', /rows never go to chat/);
  });
});
