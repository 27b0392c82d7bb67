import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Document, heading, paragraph, tableOf } from '../../src/core/reports/document.ts';
import { placeInPdf } from '../../src/pdf/place.ts';
import { renderPdf } from '../../src/pdf/render.ts';

const document: Document = {
  title: 'PlanWise: the parallel run',
  facts: [['Newest daily run', 'fail']],
  blocks: [
    heading(2, 'Decisions'),
    paragraph('What was decided'),
    tableOf(
      ['Answer', 'Why'],
      Array.from({ length: 60 }, (_, index) => [`Answer ${index + 1}`, `Reason ${index + 1}`]),
    ),
  ],
  foot: 'Audit 3f9a',
};

describe('A place in a PDF', () => {
  let file = Buffer.alloc(0);
  /** Where each page's compressed text begins and ends, and the object that holds it. */
  let texts: [from: number, to: number][] = [];
  let objects: [from: number, to: number][] = [];
  before(async () => {
    file = Buffer.from(await renderPdf(document));
    const latin = file.toString('latin1');
    const contents = [...latin.matchAll(/\/Contents (\d+) 0 R/g)].map(([, number]) => number);
    texts = contents.map((number) => {
      const from = latin.indexOf('\nstream\n', latin.indexOf(`\n${number} 0 obj\n`)) + '\nstream\n'.length;
      return [from, latin.indexOf('\nendstream', from)];
    });
    objects = contents.map((number) => {
      const from = latin.indexOf(`\n${number} 0 obj\n`);
      return [from, latin.indexOf('\nendobj\n', from) + '\nendobj\n'.length];
    });
    assert.ok(texts.length >= 3);
  });
  const at = (offset: number) => placeInPdf(file, offset, document);

  it('is on a page for each byte of its text, with the line up to which the text before can be read', async () => {
    for (const [index, [from, to]] of texts.entries()) {
      const { part, page } = await at(from + 50);
      assert.deepEqual([part, page], ['text', index + 1]);
      assert.deepEqual((await at(to - 1)).page, index + 1);
    }
    const [from, to] = texts[1] ?? [0, 0];
    assert.equal((await at(from)).line, 'Decisions');
    const numbers = [];
    for (const share of [0.3, 0.5, 0.7, 0.9]) {
      const { line = '' } = await at(Math.round(from + (to - from) * share));
      numbers.push(Number(/^(?:Answer|Reason) (\d+)$/.exec(line)?.[1]));
    }
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.ok(numbers.every((one) => one >= 1 && one <= 60));
  });
  it('is in the fonts for what they are made of, and in the structure for what lists pages and objects', async () => {
    const latin = file.toString('latin1');
    const part = async (needle: string) => (await at(latin.indexOf(needle))).part;
    assert.equal(await part('/FontFile2'), 'fonts');
    assert.equal(await part('/Type /Pages'), 'structure');
    assert.equal(await part('/Type /Metadata'), 'structure');
    assert.equal(await part('startxref'), 'structure');
    assert.equal(await part('%PDF'), 'structure');
    assert.deepEqual(await at(latin.indexOf('/MediaBox')), { part: 'structure', page: 1, line: undefined });
  });
  it('names the page without knowing what it was made of, from what lies before the byte', async () => {
    const [from] = texts[2] ?? [0];
    const changed = Buffer.from(file);
    changed[from + 20] = (file[from + 20] ?? 0) ^ 255;
    assert.deepEqual(await placeInPdf(changed, from + 20, undefined), { part: 'text', page: 3, line: undefined });
  });
  it('can be told of every byte, also of a changed one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (offset, flip) => {
        const changed = Buffer.from(file);
        changed[offset] = (file[offset] ?? 0) ^ flip;
        const within = ([from, to]: [number, number]): boolean => offset >= from && offset < to;
        const page = texts.findIndex(within) + 1;
        for (const place of [await placeInPdf(file, offset, undefined), await placeInPdf(changed, offset, undefined)]) {
          if (page > 0) assert.deepEqual([place.part, place.page], ['text', page]);
          else if (!objects.some(within)) assert.notEqual(place.part, 'text', `byte ${offset}`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
