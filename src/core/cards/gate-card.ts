import type { CriterionResult, Figure, GateResult } from '../gates/gate.ts';
import { count, formatVariance } from '../numbers/format.ts';
import { phaseTitles } from '../phases/calendar.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDate, formatDuration } from '../time/format.ts';
import type { Card, CardElement, Span } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { figureInWords, statusWord, targetInWords } from './metric-words.ts';
import { roleTitle } from './people-words.ts';
import { completenessInWords } from './register-card.ts';

const signs = { pass: '✓ pass', fail: '✗ fail', 'no data': '– no data' } as const;

/** "2 of 4 green, 1 waived". */
export function gateInWords({ criteria }: GateResult): string {
  const green = criteria.filter(({ state }) => state === 'pass').length;
  const waived = criteria.filter(({ state, waiver }) => state !== 'pass' && waiver !== null).length;
  return `${green} of ${criteria.length} green${waived === 0 ? '' : `, ${waived} waived`}`;
}

/** The gates of the phases, each criterion with the figure that it is judged by. */
export function gatesCard(gates: readonly GateResult[], playbook: Playbook): Card {
  const open = gates.filter(({ green }) => green).length;
  const title = gates.length === 0 ? 'The playbook declares no gates' : `${open} of ${gates.length} gates are green`;
  return {
    title,
    tone: gates.length === 0 ? 'neutral' : open === gates.length ? 'good' : 'warning',
    summary: `${title}. ${gates.map((one) => `Phase ${one.gate.phase}: ${gateInWords(one)}`).join('; ')}.`,
    body: [
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...gates.flatMap((gate) => gateElements(gate, playbook)),
    ],
  };
}

/** One gate, with buttons to answer for what is not green. */
export function gateCard(result: GateResult, playbook: Playbook): Card {
  const title = `Gate of phase ${result.gate.phase} (${phaseTitles[result.gate.phase - 1]}): ${result.green ? 'green' : 'not green'}, ${gateInWords(result)}`;
  const red = result.criteria.filter(({ state, waiver }) => state !== 'pass' && waiver === null);
  return {
    title,
    tone: result.green ? 'good' : 'warning',
    summary: `${title}.`,
    body: [
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...gateElements(result, playbook),
      ...(red.length === 0
        ? []
        : [
            {
              kind: 'buttons' as const,
              buttons: red.slice(0, 5).map(({ criterion }) => ({
                label: `Waive: ${criterion.title}`,
                command: `gates ${result.gate.phase} waive ${criterion.name}`,
                style: 'default' as const,
              })),
            },
          ]),
    ],
  };
}

function gateElements(result: GateResult, playbook: Playbook): CardElement[] {
  const { phase } = result.gate;
  return [
    { kind: 'text', text: [{ bold: `Phase ${phase} (${phaseTitles[phase - 1]}): ` }, gateInWords(result)] },
    { kind: 'list', items: result.criteria.map((one) => criterionLine(one, playbook)) },
  ];
}

/** "worst of 9 days: 41 min". */
export function gateFigureInWords(figure: Figure): string {
  switch (figure.kind) {
    case 'sync':
      return figure.worstSeconds === null
        ? 'no sync was measured in the phase'
        : `worst of ${count(figure.days, 'day')}: ${formatDuration(figure.worstSeconds * 1000)}`;
    case 'variance':
      return varianceInWords(figure);
    case 'metric': {
      const [newest] = figure.metric?.readings ?? [];
      if (figure.metric === null || newest === undefined) return 'no reading';
      const { metric, status } = figure.metric;
      return `${figureInWords(newest.value, metric)}, target ${targetInWords(metric)}: ${statusWord(status)}`;
    }
    case 'register':
      return completenessInWords(figure.completeness);
    case 'none': {
      const [first = '', ...others] = figure.items;
      return first === ''
        ? figure.begun
          ? 'none on record'
          : 'the phase has not begun'
        : `${figure.items.length} on record: ${first}${others.length > 0 ? ' and more' : ''}`;
    }
    case 'tasks': {
      const all = figure.done + figure.open.length;
      if (all === 0) return 'the phase has no tasks';
      const more = figure.open.length > 3 ? ' and more' : '';
      const open = figure.open.length === 0 ? '' : `; open: ${figure.open.slice(0, 3).join(', ')}${more}`;
      return `${figure.done} of ${all} done${open}`;
    }
  }
}

/** Of fewer than five people no figure is told. */
function varianceInWords({ worst, unmeasured }: Extract<Figure, { kind: 'variance' }>): string {
  if (worst === null) return 'nothing was compared in the phase';
  const figure = worst.suppressed
    ? 'a group of fewer than five people'
    : formatVariance(worst.variance, '%', worst.below);
  const missing = unmeasured === null ? '' : `; ${unmeasured} could not be measured in the newest run`;
  return `worst: ${figure}, ${worst.title}${missing}`;
}

function criterionLine({ criterion, state, figure, waiver }: CriterionResult, playbook: Playbook): Span[] {
  return [
    { bold: signs[state] },
    ` ${criterion.title}: ${gateFigureInWords(figure)} `,
    ...(waiver === null
      ? state === 'pass'
        ? []
        : [{ code: criterion.name }]
      : [
          `(waived until ${formatDate(waiver.until)} by `,
          personSpan(waiver.by),
          `, ${roleTitle(waiver.owner, playbook)} owns it: ${waiver.reason})`,
        ]),
  ];
}
