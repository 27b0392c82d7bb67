import type { Rows, Snapshot, Source } from '../../../src/core/sources.ts';
import { SourceError } from '../../../src/core/sources.ts';
import { anUnaskedSnapshot } from '../../support/fake-snapshot.ts';

export type Answer = Rows | SourceError | (() => Promise<Rows>);

/** A compared system that answers as it is told, and remembers what was done with it. */
export interface FakeSource extends Source {
  /** Every query, in the order in which they were asked. */
  readonly asked: string[];
  opened: number;
  closed: number;
  /** How many queries were in flight at the same time, at most. */
  mostAtOnce: number;
}

/** `answers` by query; one without an answer is refused. `opening`: what opening fails with. */
export function fakeSource(answers: Readonly<Record<string, Answer>>, opening?: Error): FakeSource {
  let inFlight = 0;
  const source: FakeSource = {
    asked: [],
    opened: 0,
    closed: 0,
    mostAtOnce: 0,
    close: async () => undefined,
    open: async (signal): Promise<Snapshot> => {
      if (opening !== undefined) throw opening;
      if (signal?.aborted === true) throw new SourceError('cancelled', 'The run was cancelled.');
      source.opened += 1;
      return {
        ...anUnaskedSnapshot,
        close: async () => {
          source.closed += 1;
        },
        query: async (sql) => {
          if (signal?.aborted === true) throw new SourceError('cancelled', 'The run was cancelled.');
          source.asked.push(sql);
          inFlight += 1;
          source.mostAtOnce = Math.max(source.mostAtOnce, inFlight);
          try {
            await new Promise((resolve) => setImmediate(resolve));
            const answer = answers[sql] ?? new SourceError('query', 'no such table');
            if (answer instanceof SourceError) throw answer;
            return typeof answer === 'function' ? await answer() : answer;
          } finally {
            inFlight -= 1;
          }
        },
      };
    },
  };
  return source;
}
