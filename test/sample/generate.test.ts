import assert from 'node:assert/strict';
import { generatePeople, years } from '../../sample/generate.ts';

describe('The people of the sample systems', () => {
  const people = generatePeople(20_251, 3_000);

  it('are the same for the same seed, and others for another', () => {
    assert.deepEqual(generatePeople(20_251, 3_000), people);
    assert.notDeepEqual(generatePeople(20_252, 3_000), people);
  });
  it('have one row a year, from the year of their hire on', () => {
    const rows = new Set(people.workforce.map(({ year, id }) => `${year}/${id}`));
    assert.equal(rows.size, people.workforce.length);
    assert.ok(people.workforce.every(({ year, hiredOn }) => hiredOn.slice(0, 4) <= String(year)));
  });
  it('are active one year later unless they left, plus those who were hired', () => {
    const active = (year: number) => people.workforce.filter((row) => row.year === year && row.active).length;
    const events = (year: number, type: string) =>
      people.events.filter((row) => row.year === year && row.type === type).length;
    for (const year of years.slice(1)) {
      assert.equal(active(year), active(year - 1) + events(year, 'hire') - events(year, 'termination'));
    }
  });
  it('have a level with three people, which chat must not break out', () => {
    const level5 = people.workforce.filter(({ year, active, level }) => year === 2029 && active && level === 5);
    assert.equal(level5.length, 3);
  });
  it('earn amounts of money, never negative', () =>
    assert.ok(people.workforce.every(({ salary }) => /^[1-9]\d*\.\d\d$/.test(salary))));
});
