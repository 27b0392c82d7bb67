/**
 * Something that the bot tries for itself instead of taking anybody's word for it. A task or a step of a runbook that
 * names one is closed by its passing, and by nothing else.
 */
export type Probe = AskedProbe | AlertProbe | ChecksProbe;

/** A probe that is tried at once, and whose finding is there when it has been. */
export type AskedProbe = RefusedProbe | ClosedProbe | ChecksumProbe;

interface Named {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
}

/** A statement that a PostgreSQL server must refuse whoever has these credentials (L20, L125); it is rolled back. */
export interface RefusedProbe extends Named {
  readonly kind: 'refused';
  /** With the credentials of those who must be refused. */
  readonly url: string;
  readonly statement: string;
}

/** A web address that must turn people away (L125). */
export interface ClosedProbe extends Named {
  readonly kind: 'closed';
  /** http or https; a name and a password in it are those of somebody who must be turned away. */
  readonly url: string;
}

/** The SHA-256 of a file: within one runbook it must stay what it was when a step first took it (L127). */
export interface ChecksumProbe extends Named {
  readonly kind: 'checksum';
  readonly path: string;
}

/** A test alert, told like any other, that somebody must acknowledge in chat (L22, L166). */
export interface AlertProbe extends Named {
  readonly kind: 'alert';
}

/** All checks, on a complete batch (L153): it is tried by every daily run too. */
export interface ChecksProbe extends Named {
  readonly kind: 'checks';
}

/** `unknown`: it could not be told, which is neither. */
export interface ProbeFinding {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** What was seen, as a sentence's beginning without a full stop; no secret and no row. */
  readonly said: string;
}
