/** One person in one plan year, as both systems should know them. */
export interface WorkforceRow {
  readonly year: number;
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** 1 to 5. */
  readonly level: number;
  readonly department: string;
  /** yyyy-mm-dd */
  readonly hiredOn: string;
  /** "84200.00" a year. */
  readonly salary: string;
}

export interface EventRow {
  readonly year: number;
  readonly type: 'hire' | 'termination' | 'promotion' | 'raise';
  readonly id: string;
  /** yyyy-mm-dd */
  readonly date: string;
  readonly amount: string;
}

export interface People {
  readonly workforce: readonly WorkforceRow[];
  readonly events: readonly EventRow[];
}

export const years = [2025, 2026, 2027, 2028, 2029] as const;

const departments = ['Engineering', 'Finance', 'Operations', 'People', 'Sales', 'Support'];
const firstNames = [
  'Ada',
  'Amir',
  'Bea',
  'Chidi',
  'Dora',
  'Emre',
  'Femi',
  'Grace',
  'Hana',
  'Ivo',
  'Jun',
  'Kira',
  'Liam',
  'Mei',
  'Nia',
  'Otto',
  'Priya',
  'Rosa',
  'Sven',
  'Tariq',
];
const lastNames = [
  'Abara',
  'Berg',
  'Costa',
  'Dietrich',
  'Eze',
  'Fontaine',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kowalski',
  'Larsen',
  'Moreau',
  'Nguyen',
  'Okoye',
  'Petrov',
  'Quinn',
  'Rossi',
  'Sato',
  'Tanaka',
];
/** How many of a hundred begin at levels 1 to 4; three people in all are at level 5. */
const shares = [42, 74, 92, 100];
const basePay = [48_000, 67_000, 92_000, 128_000, 210_000];

/** Uniform over [0, 1), the same for the same seed (mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Employee {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly hiredOn: string;
  level: number;
  cents: number;
  active: boolean;
}

/** Five plan years of an employer with about `size` people at first: hires, terminations, promotions and raises. */
export function generatePeople(seed: number, size: number): People {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const day = (year: number): string =>
    `${year}-${String(1 + Math.floor(random() * 12)).padStart(2, '0')}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`;
  const employees: Employee[] = [];
  const workforce: WorkforceRow[] = [];
  const events: EventRow[] = [];

  const hire = (year: number, level: number): Employee => {
    const employee: Employee = {
      id: `E${String(employees.length + 1).padStart(5, '0')}`,
      name: `${pick(firstNames)} ${pick(lastNames)}`,
      department: pick(departments),
      hiredOn: day(year),
      level,
      cents: Math.round((basePay[level - 1] ?? 0) * (0.85 + random() * 0.4)) * 100,
      active: true,
    };
    employees.push(employee);
    return employee;
  };
  const anyLevel = (): number => 1 + shares.findIndex((share) => random() * 100 < share);

  for (let index = 0; index < size; index += 1) hire(2015 + Math.floor(random() * 10), index < 3 ? 5 : anyLevel());
  for (const year of years) {
    const note = (type: EventRow['type'], { id, cents }: Employee): void => {
      events.push({ year, type, id, date: day(year), amount: money(cents) });
    };
    for (const employee of employees.filter(({ active }) => active)) {
      const dice = random();
      if (employee.level < 5 && dice < 0.06) {
        employee.active = false;
        note('termination', employee);
      } else if (employee.level < 4 && dice < 0.15) {
        employee.level += 1;
        employee.cents = Math.round((employee.cents * 1.12) / 100) * 100;
        note('promotion', employee);
      } else if (dice < 0.75) {
        employee.cents = Math.round((employee.cents * 1.031) / 100) * 100;
        note('raise', employee);
      }
    }
    const hires = Math.round(size * (0.08 + random() * 0.02));
    for (let index = 0; index < hires; index += 1) note('hire', hire(year, anyLevel()));
    for (const { id, name, active, level, department, hiredOn, cents } of employees) {
      workforce.push({ year, id, name, active, level, department, hiredOn, salary: money(cents) });
    }
  }
  return { workforce, events };
}

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
