import assert from 'node:assert/strict';
import { type Document, heading, paragraph, tableOf } from '../../src/core/reports/document.ts';
import { renderPdf } from '../../src/pdf/render.ts';
import { shown } from '../../src/pdf/shown.ts';

const document: Document = {
  title: 'PlanWise: the parallel run',
  facts: [['Newest daily run', '✗ fail']],
  blocks: [
    heading(2, 'Decisions'),
    heading(3, 'DEC-1 Roll back?'),
    paragraph('Ünlü, Ștefan, Αθήνα and Київ say: ≤ 5 % – “so be it” 漢字 🚀'),
    tableOf(
      ['Answer', 'Why'],
      Array.from({ length: 90 }, (_, index) => [`slack:U${index}`, 'All is well']),
    ),
  ],
  foot: 'Audit 3f9a',
};
const latin = async (one: Document): Promise<string> => Buffer.from(await renderPdf(one)).toString('latin1');

describe('A document as PDF', () => {
  it('is the same to the byte for the same document, and another for another', async () => {
    const first = await renderPdf(document);
    assert.deepEqual(Buffer.from(await renderPdf(document)), Buffer.from(first));
    assert.notDeepEqual(Buffer.from(await renderPdf({ ...document, foot: 'Audit 4' })), Buffer.from(first));
  });
  it('says nothing of when it was made', async () => {
    const text = await latin(document);
    assert.deepEqual(text.match(/\bD:\d+/g), ['D:19700101000000']);
    assert.doesNotMatch(text, /\/ModDate/);
  });
  it('holds its fonts, so that every machine shows it alike', async () => {
    const text = await latin(document);
    assert.equal(text.match(/\/FontFile2/g)?.length, 2);
    assert.match(text, /\+DejaVuSansCondensed-Bold/);
    assert.doesNotMatch(text, /Helvetica|\/Type1\b/);
  });
  it('has as many pages as it needs', async () => {
    assert.match(await latin(document), /\/Type \/Pages\s+\/Count 4/);
  });
});

describe('A text in a PDF', () => {
  const has = (code: number): boolean => code < 0x250 || code === 0x2611;
  it('is what was typed, on one line', () => {
    assert.equal(shown('Ünlü\n  says\t“no”'.replaceAll(/[“”]/g, '"'), has), 'Ünlü says "no"');
  });
  it('names each character that the font lacks by its number', () => {
    assert.equal(shown('漢 🚀', has), '[U+6F22] [U+1F680]');
  });
  it('leaves out what would turn the direction of reading', () => {
    assert.equal(shown('a\u202eb\u0007c', has), 'abc');
  });
});
