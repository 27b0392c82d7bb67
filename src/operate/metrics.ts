import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunState } from '../core/checks/run.ts';
import { type HealthOptions, readGauges } from './health.ts';

export interface Metrics {
  /** Prometheus text format, with the queues' gauges as they are now. */
  render(): Promise<{ contentType: string; body: string }>;
  delivery(outcome: string): void;
  run(state: RunState, seconds: number): void;
}

/** What Prometheus can scrape: queues, deliveries, runs and the process itself. Holds no figure of a compared system. */
export function createMetrics(options: Pick<HealthOptions, 'store' | 'now'>): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry, prefix: 'parallel_run_' });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `parallel_run_${name}`, help, registers });

  const deliveries = new Counter({
    name: 'parallel_run_deliveries_total',
    help: 'Deliveries to the chat platform by what came of them',
    labelNames: ['outcome'],
    registers,
  });
  const runs = new Histogram({
    name: 'parallel_run_run_seconds',
    help: 'Reconciliations by state and how long they took',
    labelNames: ['state'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    registers,
  });
  const pending = gauge('outbox_pending', 'Messages waiting to be delivered');
  const oldest = gauge('outbox_oldest_due_seconds', 'Age of the oldest message that is due');
  const dead = gauge('outbox_dead', 'Messages given up');
  const unknown = gauge('outbox_unknown', 'Messages of which nobody knows whether they arrived');
  const stopped = gauge('outbox_stopped', 'Platforms that refuse us');
  const waiting = gauge('inbox_waiting', 'Requests waiting for their answer');
  const failed = gauge('inbox_failed', 'Requests given up');
  const up = gauge('store_up', 'Whether the database answered this scrape');

  return {
    async render() {
      try {
        const { outbox, inbox } = await readGauges(options);
        pending.set(outbox.pending);
        oldest.set(outbox.oldestDueSeconds);
        dead.set(outbox.dead);
        unknown.set(outbox.unknown);
        stopped.set(outbox.stopped.length);
        waiting.set(inbox.waiting);
        failed.set(inbox.failed);
        up.set(1);
      } catch {
        up.set(0);
      }
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    delivery: (outcome) => deliveries.inc({ outcome }),
    run: (state, seconds) => runs.observe({ state }, seconds),
  };
}
