/**
 * What the product says, free of any platform: a small tree that every renderer (Block Kit, terminal text) turns into
 * its own form. A card is plain JSON, so that it can be written to the outbox in the transaction that changed its
 * subject. Renderers cut to their platform's limits and say what they left out.
 */
export interface Card {
  /** The verdict first, one line; renderers cut it at their platform's limit (Slack headers: 150 characters). */
  readonly title: string;
  readonly tone: Tone;
  /** Plain text of the whole news in one or two sentences: notifications and screen readers get only this. */
  readonly summary: string;
  readonly body: readonly CardElement[];
}

/** Never shown by colour alone: renderers put the matching word or sign beside it. */
export type Tone = 'good' | 'bad' | 'warning' | 'neutral';

export type CardElement =
  | { readonly kind: 'text'; readonly text: Text }
  /** Small print under the rest. */
  | { readonly kind: 'note'; readonly text: Text }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** Lines with a bullet before each. */
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | CardTable
  | CardChart
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly label: string }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | { readonly kind: 'divider' };

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

/** `omitted` says in words what was left out before the renderer saw the table, such as "38 more groups, all pass". */
export interface CardTable {
  readonly kind: 'table';
  readonly columns: readonly { readonly label: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  readonly omitted?: string;
}

/**
 * A picture of figures: over time a line (default), of groups beside one another bars. `null` is a gap (held, not measured,
 * or no such group), never zero. `summary` says in words what it shows.
 */
export interface CardChart {
  readonly kind: 'chart';
  readonly as?: 'line' | 'bars';
  readonly title: string;
  readonly unit: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly label: string; readonly value: string | null }[];
  }[];
  readonly summary: string;
}

/**
 * A button is a command of the grammar that the reader can press instead of typing: `command` is what would stand
 * after `/parallel`. It carries no authority; the core checks the role of whoever pressed it.
 */
export interface Button {
  readonly label: string;
  readonly command: string;
  readonly style: 'primary' | 'danger' | 'default';
  /**
   * Who may press it, by their one names; absent: anybody. A platform that shows one card to each person as theirs shows it
   * to nobody else.
   */
  readonly people?: readonly string[];
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly confirm: string;
    readonly deny: string;
  };
}

/** User text is only ever a plain string span: renderers escape it, so it can't become a mention, a link or markup. */
export type Text = string | readonly Span[];

export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  /** Shown in the reader's own zone where the platform can; `fallback` is the time in the playbook's zone. */
  | { readonly time: string; readonly style: 'time' | 'date' | 'dateTime'; readonly fallback: string }
  /** A person as the platform knows them; `name` where it can't mention. */
  | { readonly person: string; readonly name: string };
