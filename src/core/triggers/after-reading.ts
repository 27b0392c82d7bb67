import { type Incident, type NewIncident, sameIncidentMilliseconds } from './incident.ts';
import { judged, type Trigger, type TriggerReading } from './trigger.ts';

/**
 * What becomes of a trigger's incident after a reading; undefined: nothing. `last`: its newest incident. `readings`: the
 * newest first. A reading is counted once, however often it is looked at.
 */
export function incidentAfter(
  trigger: Pick<Trigger, 'name'>,
  last: Incident | undefined,
  readings: readonly TriggerReading[],
  { wanted, at }: { readonly wanted: number; readonly at: string },
): Incident | NewIncident | undefined {
  const [newest] = readings;
  if (newest === undefined || newest.source === last?.source) return undefined;
  const verdict = judged(readings, wanted);
  const open = last !== undefined && last.state !== 'cleared';
  const { figure, limit, command, source } = newest;
  if (open) {
    if (verdict === 'clear' && !last.reported)
      return { ...last, state: 'cleared', clearedAt: at, source, snoozedUntil: null };
    if (newest.zone !== 'above') return undefined;
    return { ...last, count: last.count + 1, figure, limit, command, source };
  }
  if (verdict !== 'fire') return undefined;
  const again = last?.clearedAt != null && Date.parse(at) - Date.parse(last.clearedAt) < sameIncidentMilliseconds;
  if (again) {
    return {
      ...last,
      state: 'firing',
      firingAt: at,
      clearedAt: null,
      count: last.count + 1,
      figure,
      limit,
      command,
      source,
    };
  }
  return {
    trigger: trigger.name,
    state: 'firing',
    openedBy: 'clock',
    openedAt: at,
    firingAt: at,
    count: 1,
    figure,
    limit,
    command,
    source,
    reported: false,
    actedBy: null,
    reason: '',
    snoozedUntil: null,
    clearedAt: null,
  };
}
