import type { Block, Document } from '../core/reports/document.ts';
import { columnWidths, wrap } from './lines.ts';

/** How wide a text is, in points. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** What stands on a page, in points from its upper left corner; `y` is the top of a line of text. */
export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly bold: boolean;
      readonly text: string;
    }
  | { readonly kind: 'rule'; readonly x: number; readonly y: number; readonly width: number };

export interface Layout {
  readonly pages: readonly (readonly Mark[])[];
  /** Where each section and part begins; `page` counts from 0. */
  readonly outline: readonly { readonly title: string; readonly level: 2 | 3; readonly page: number }[];
}

/** A4, in points. */
export const paper = { width: 595.28, height: 841.89 } as const;
const left = 48;
const width = paper.width - 2 * left;
const top = 52;
const bottom = paper.height - 60;
const footTop = paper.height - 42;
const leading = 1.35;
const sizes = { title: 24, section: 15, part: 11, text: 9, cell: 7.5, foot: 7 } as const;
const cellPadding = 3;
/** A heading goes to the next page rather than stand alone, and so does the beginning of a row. */
const keptTogether = 64;

/** Sets a document in pages: a title page, its sections, tables whose head is repeated, and a foot that counts the pages. */
export function layOut(document: Document, measure: Measure): Layout {
  const pages: Mark[][] = [[]];
  const outline: { title: string; level: 2 | 3; page: number }[] = [];
  let y = top;

  const put = (mark: Mark): void => {
    pages.at(-1)?.push(mark);
  };
  const turnPage = (): void => {
    pages.push([]);
    y = top;
  };
  const line = (text: string, size: number, bold: boolean, x: number): void =>
    put({ kind: 'text', x, y, size, bold, text });
  const lines = (text: string, size: number, bold = false, indent = 0): void => {
    const measured = (part: string): number => measure(part, size, bold);
    for (const part of wrap(text, width - indent, measured)) {
      if (y + size * leading > bottom) turnPage();
      line(part, size, bold, left + indent);
      y += size * leading;
    }
  };

  const titlePage = (): void => {
    y = 150;
    lines(document.title, sizes.title, true);
    y += 18;
    put({ kind: 'rule', x: left, y, width });
    y += 14;
    for (const [label, value] of document.facts) fact(label, value, sizes.part, 150);
    turnPage();
  };

  /** The label at the left, and the value beside it for as many lines as it takes. */
  const fact = (label: string, value: string, size: number, labelWidth: number): void => {
    const names = wrap(label, labelWidth - 8, (part) => measure(part, size, true));
    const values = wrap(value, width - labelWidth, (part) => measure(part, size, false));
    for (let index = 0; index < Math.max(names.length, values.length); index += 1) {
      if (y + size * leading > bottom) turnPage();
      line(names[index] ?? '', size, true, left);
      line(values[index] ?? '', size, false, left + labelWidth);
      y += size * leading;
    }
    y += 4;
  };

  const table = ({ columns, rows }: Extract<Block, { kind: 'table' }>): void => {
    const size = sizes.cell;
    const height = size * leading;
    const measured = (bold: boolean) => (part: string) => measure(part, size, bold);
    const widths = columnWidths(columns, rows, width - 2 * cellPadding * columns.length, {
      head: measured(true),
      cell: measured(false),
    });
    const split = (cells: readonly string[], bold: boolean): string[][] =>
      widths.map((available, index) => wrap(cells[index] ?? '', available, measured(bold)));
    const row = (cells: readonly (readonly string[])[], from: number, to: number, bold: boolean): void => {
      let x = left;
      cells.forEach((cell, index) => {
        cell.slice(from, to).forEach((text, offset) => {
          put({ kind: 'text', x: x + cellPadding, y: y + cellPadding + offset * height, size, bold, text });
        });
        x += (widths[index] ?? 0) + 2 * cellPadding;
      });
      y += (to - from) * height + 2 * cellPadding;
      put({ kind: 'rule', x: left, y, width });
    };
    const heads = split(columns, true);
    const headLines = tallest(heads);
    const head = (): void => row(heads, 0, headLines, true);
    const fit = (): number => Math.floor((bottom - y - 2 * cellPadding) / height);
    const wholePage = Math.floor((bottom - top - headLines * height - 4 * cellPadding) / height);

    if (y + (headLines + 2) * height + 4 * cellPadding > bottom) turnPage();
    put({ kind: 'rule', x: left, y, width });
    head();
    for (const cells of rows.map((one) => split(one, false))) {
      const all = tallest(cells);
      for (let from = 0; from < all; ) {
        const rest = all - from;
        // What fits on one page is not torn apart.
        if (fit() < Math.min(rest, wholePage)) {
          turnPage();
          put({ kind: 'rule', x: left, y, width });
          head();
        }
        const to = from + Math.min(rest, fit());
        row(cells, from, to, false);
        from = to;
      }
    }
  };

  const block = (one: Block): void => {
    switch (one.kind) {
      case 'heading': {
        const size = one.level === 2 ? sizes.section : sizes.part;
        y += one.level === 2 ? 14 : 8;
        if (y + keptTogether > bottom) turnPage();
        outline.push({ title: one.text, level: one.level, page: pages.length - 1 });
        lines(one.text, size, true);
        break;
      }
      case 'text':
        lines(one.text, sizes.text);
        break;
      case 'facts':
        for (const [label, value] of one.facts) fact(label, value, sizes.text, 100);
        break;
      case 'tasks':
        for (const { done, text } of one.items) {
          if (y + sizes.text * leading > bottom) turnPage();
          line(done ? '☑' : '☐', sizes.text, false, left);
          lines(text, sizes.text, false, 14);
        }
        break;
      case 'table':
        table(one);
        break;
    }
    y += 6;
  };

  titlePage();
  for (const one of document.blocks) block(one);

  const footed = pages.map((marks, index): Mark[] => {
    const number = `${index + 1} of ${pages.length}`;
    const foot = { kind: 'text', y: footTop, size: sizes.foot, bold: false } as const;
    const right = left + width - measure(number, sizes.foot, false);
    const [text = ''] = wrap(document.foot, right - left - 12, (part) => measure(part, sizes.foot, false));
    return [...marks, { ...foot, x: left, text }, { ...foot, x: right, text: number }];
  });
  return { pages: footed, outline };
}

const tallest = (cells: readonly (readonly string[])[]): number => Math.max(1, ...cells.map((cell) => cell.length));
