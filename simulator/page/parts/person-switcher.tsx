import type { ReactNode } from 'react';
import { Icon, PersonAvatar } from '../icons.tsx';
import type { Location } from '../location.ts';
import { useWorkspace } from '../workspace.ts';

/** Who the visitor acts as, on every side of the page. */
export function PersonSwitcher({ onGo }: { readonly onGo: (to: Location) => void }): ReactNode {
  const { state, person } = useWorkspace();
  return (
    <label className="person">
      <span className="person-label">You are</span>
      <PersonAvatar id={person.id} name={person.name} />
      <span className="person-name">
        {person.name}
        <small>{person.title}</small>
      </span>
      <Icon name="chevron" />
      {/* The real control lies over the picture of it: keyboard, screen readers and phones know it well. */}
      <select value={person.id} aria-label="You are" onChange={(event) => onGo({ person: event.target.value })}>
        {state.people.map(({ id, name, title, guest, deleted }) => (
          <option key={id} value={id} disabled={deleted === true}>
            {[name, title, guest === true ? 'guest' : '', deleted === true ? 'deactivated' : '']
              .filter((part) => part !== '')
              .join(' – ')}
          </option>
        ))}
      </select>
    </label>
  );
}
