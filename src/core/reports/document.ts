/** A part of a document, in words that no format has to escape. */
export type Block =
  /** 2 begins a section, 3 a part of one. */
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'tasks'; readonly items: readonly { readonly done: boolean; readonly text: string }[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      /** As many cells a row as there are columns. */
      readonly rows: readonly (readonly string[])[];
    };

/** What is taken along to be read by people, as Markdown or PDF: both say the same. */
export interface Document {
  readonly title: string;
  /** What to know of it at a glance. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly blocks: readonly Block[];
  /** Stands under each page, where the format has pages. */
  readonly foot: string;
}

/** Where something stands in a PDF that was made of a document. */
export interface PlaceInPdf {
  /** `text`: what a page says; `fonts`: how letters look; `structure`: everything that holds the file together. */
  readonly part: 'text' | 'fonts' | 'structure';
  /** From 1; null: in no page. */
  readonly page: number | null;
  /** The line of the page that stands there; undefined where nobody can tell. */
  readonly line: string | undefined;
}

export const heading = (level: 2 | 3, text: string): Block => ({ kind: 'heading', level, text });
export const paragraph = (text: string): Block => ({ kind: 'text', text });
export const tableOf = (columns: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  columns,
  rows,
});
