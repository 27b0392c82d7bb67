import { type ReactNode, useState } from 'react';
import { api } from '../api.ts';
import { Icon } from '../icons.tsx';
import { messageOf, type Notice, useWorkspace } from '../workspace.ts';

interface ControlBarProps {
  readonly notice: Notice | undefined;
  readonly onDismiss: () => void;
}

/** Says what this page is, shows the simulated time, and holds the buttons that move it. */
export function ControlBar({ notice, onDismiss }: ControlBarProps): ReactNode {
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
      <p className="what">
        <strong className="badge-simulator">Simulator</strong> <span>nothing here leaves this computer</span>
      </p>
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
