import { type ReactNode, useState } from 'react';
import { api } from '../api.ts';
import { Icon } from '../icons.tsx';
import { messageOf, type Notice, useWorkspace } from '../workspace.ts';

export type Side = 'slack' | 'teams';

const sides = [
  ['slack', 'Slack'],
  ['teams', 'Teams'],
] as const;

interface ControlBarProps {
  readonly notice: Notice | undefined;
  /** What is chosen between where there is room for one of the two; absent where there is nothing to choose. */
  readonly side?: Side | undefined;
  readonly onSide: (side: Side) => void;
  readonly onDismiss: () => void;
}

/** Says what this page is, shows the simulated time, and holds the buttons that move it. */
export function ControlBar({ notice, side, onSide, onDismiss }: ControlBarProps): ReactNode {
  const { state, reader, notify } = useWorkspace();
  const [running, setRunning] = useState<string>();

  const run = async (name: string, label: string): Promise<void> => {
    setRunning(name);
    notify({ text: `${label}…`, tone: 'plain' });
    try {
      const { answer } = await api.control({ name });
      notify({ text: answer, tone: 'plain' });
    } catch (problem) {
      notify({ text: `${label}: ${messageOf(problem)}`, tone: 'problem' });
    } finally {
      setRunning(undefined);
    }
  };

  const clock = new Intl.DateTimeFormat(reader.locale, {
    timeZone: reader.timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (
    <header className="control-bar">
      <div className="what">
        <p>
          <strong className="badge-simulator">Simulator</strong> <span>nothing here leaves this computer</span>
        </p>
        {side === undefined ? null : (
          <div className="sides" role="group" aria-label="Workspace">
            {sides.map(([name, label]) => (
              <button key={name} type="button" aria-pressed={side === name} onClick={() => onSide(name)}>
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      <time className="clock" dateTime={state.now} title={`Simulated time in ${reader.timeZone}`}>
        {clock.format(reader.now)}
      </time>
      <div className="controls" role="group" aria-label="Simulation">
        {state.controls.map(({ name, label, description }) => (
          <button
            key={name}
            type="button"
            title={description}
            aria-busy={running === name}
            disabled={running !== undefined && running !== name}
            onClick={running === undefined ? () => void run(name, label) : undefined}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="notice" role="status" data-tone={notice?.tone}>
        {notice === undefined ? null : (
          <>
            <span>{notice.text}</span>
            <button type="button" className="plain-button" aria-label="Dismiss" onClick={onDismiss}>
              <Icon name="close" />
            </button>
          </>
        )}
      </div>
    </header>
  );
}
