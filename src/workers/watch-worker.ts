import type { Services } from '../core/services.ts';
import type { Watch } from '../core/time/watch.ts';

export interface WatchWorkerOptions {
  readonly watch: Watch;
  readonly services: Services;
  /** Something was written to the outbox. */
  readonly onWritten: () => void;
}

/** Lets a watch look, once for each call. */
export function createWatchWorker({ watch, services, onWritten }: WatchWorkerOptions): { tick(): Promise<void> } {
  return {
    tick: async () => {
      await services.refresh();
      if (await services.store.transaction((tx) => watch.look(tx, services))) onWritten();
    },
  };
}
