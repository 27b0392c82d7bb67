import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Block, Document } from '../../src/core/reports/document.ts';
import { heading, paragraph, tableOf } from '../../src/core/reports/document.ts';
import { layOut, type Mark, type Measure, paper } from '../../src/pdf/layout.ts';

/** Every character is half as wide as it is high. */
const measure: Measure = (text, size) => Array.from(text).length * size * 0.5;

const aDocument = (blocks: readonly Block[], overrides: Partial<Document> = {}): Document => ({
  title: 'PlanWise: the parallel run',
  facts: [['Go/No-Go', 'decided: GO']],
  blocks,
  foot: 'Audit 3f9a',
  ...overrides,
});
const textsOf = (marks: readonly Mark[]): string[] =>
  marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
const pagesOf = (blocks: readonly Block[]): string[][] => layOut(aDocument(blocks), measure).pages.map(textsOf);
const rows = (count: number): string[][] => Array.from({ length: count }, (_, index) => [`D-${index}`, 'Levels']);

describe('A document on pages', () => {
  it('begins with its title and what to know of it, on a page of their own', () => {
    const [title = [], first = []] = pagesOf([heading(2, 'Timeline')]);
    assert.deepEqual(title.slice(0, 3), ['PlanWise: the parallel run', 'Go/No-Go', 'decided: GO']);
    assert.equal(first[0], 'Timeline');
  });
  it('counts its pages under each, beside its own foot', () => {
    const feet = pagesOf([tableOf(['No.', 'What'], rows(120))]).map((texts) => texts.slice(-2));
    assert.deepEqual(feet[0], ['Audit 3f9a', `1 of ${feet.length}`]);
    assert.deepEqual(feet.at(-1), ['Audit 3f9a', `${feet.length} of ${feet.length}`]);
  });
  it('repeats the head of a table on each page that it goes on to', () => {
    const [, ...pages] = pagesOf([tableOf(['No.', 'What'], rows(120))]);
    assert.ok(pages.length >= 3);
    for (const page of pages) assert.deepEqual(page.slice(0, 2), ['No.', 'What']);
    assert.equal(pages.flat().filter((text) => text === 'Levels').length, 120);
  });
  it('does not tear a row apart that fits on a page', () => {
    const long = Array.from({ length: 60 }, () => 'word').join(' ');
    const pages = pagesOf([tableOf(['No.', 'What'], [...rows(40), ['D-X', long]])]).filter((page) =>
      page.some((text) => text.startsWith('word')),
    );
    assert.equal(pages.length, 1);
  });
  it('continues a row that is longer than a page on the next one', () => {
    const words = Array.from({ length: 6000 }, (_, index) => `w${index}`);
    const pages = pagesOf([tableOf(['No.', 'What'], [['D-1', words.join(' ')]])]);
    assert.deepEqual(
      pages.flat().flatMap((text) => text.split(' ').filter((word) => /^w\d/.test(word))),
      words,
    );
  });
  it('lets no heading stand alone at the end of a page', () => {
    for (let lines = 40; lines < 70; lines += 1) {
      const blocks = Array.from({ length: lines }, () => paragraph('Some text.'));
      for (const page of pagesOf([...blocks, heading(2, 'Audit'), paragraph('The end.')])) {
        if (page.includes('Audit')) assert.ok(page.includes('The end.'), `${lines} lines`);
      }
    }
  });
  it('has a page to go to for every section and part', () => {
    const { outline } = layOut(aDocument([heading(2, 'Decisions'), heading(3, 'DEC-1')]), measure);
    assert.deepEqual(outline, [
      { title: 'Decisions', level: 2, page: 1 },
      { title: 'DEC-1', level: 3, page: 1 },
    ]);
  });
  it('stays within the paper and loses no character, whatever it says', () => {
    const text = fc.string({ maxLength: 300 }).map((one) => one.replace(/\s+/g, ' ').trim());
    const table = fc
      .integer({ min: 1, max: 7 })
      .chain((columns) =>
        fc.record({
          columns: fc.array(text, { minLength: columns, maxLength: columns }),
          rows: fc.array(fc.array(text, { minLength: columns, maxLength: columns }), { maxLength: 40 }),
        }),
      )
      .map((one): Block => ({ kind: 'table', ...one }));
    fc.assert(
      fc.property(fc.array(fc.oneof(table, text.map(paragraph)), { maxLength: 6 }), (blocks) => {
        const { pages } = layOut(aDocument(blocks), measure);
        for (const mark of pages.flat()) {
          assert.ok(mark.x >= 0 && mark.y >= 0 && mark.y < paper.height);
          const end = mark.x + (mark.kind === 'text' ? measure(mark.text, mark.size, mark.bold) : mark.width);
          assert.ok(end <= paper.width + 0.01, `${JSON.stringify(mark)} ends at ${end}`);
        }
        const paragraphs = blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('');
        if (blocks.some(({ kind }) => kind === 'table')) return;
        const said = pages.slice(1).flatMap((page) => textsOf(page).slice(0, -2));
        assert.equal(said.join('').replaceAll(' ', ''), paragraphs.replaceAll(' ', ''));
      }),
      { numRuns: 60 },
    );
  });
});
