import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { open, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { Document } from '../core/reports/document.ts';
import { type Layout, layOut, type Measure, paper } from './layout.ts';
import { shown } from './shown.ts';

const require = createRequire(import.meta.url);
const fonts = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
} as const;

/**
 * The document as PDF with its fonts inside. The same document gives the same bytes: nothing of the time or the machine
 * gets in. Throws where the fonts can't be read.
 */
export async function renderPdf(document: Document): Promise<Uint8Array> {
  const { pages, outline } = await pagesOf(document);
  const pdf = new PDFDocument({
    size: [paper.width, paper.height],
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    // When it was made is no part of what it says; a file must name a time all the same, and its id is made of it.
    info: { Title: document.title, CreationDate: new Date(0) },
  });
  const parts: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  pdf.registerFont('regular', fonts.regular);
  pdf.registerFont('bold', fonts.bold);

  let section = pdf.outline;
  for (const [index, marks] of pages.entries()) {
    // A long document takes seconds: leases are kept and requests answered meanwhile.
    await setImmediate();
    pdf.addPage();
    for (const { title, level } of outline.filter(({ page }) => page === index)) {
      if (level === 2) section = pdf.outline.addItem(title);
      else section.addItem(title);
    }
    for (const mark of marks) {
      if (mark.kind === 'rule') {
        pdf
          .moveTo(mark.x, mark.y)
          .lineTo(mark.x + mark.width, mark.y)
          .lineWidth(0.4)
          .stroke('#9a9a9a');
      } else if (mark.text !== '') {
        pdf.font(mark.bold ? 'bold' : 'regular').fontSize(mark.size);
        pdf.fillColor('#1a1a1a').text(mark.text, mark.x, mark.y, { lineBreak: false });
      }
    }
  }
  pdf.end();
  await ended;
  return Buffer.concat(parts);
}

/** What stands where on which page. Throws where the fonts can't be read. */
export async function pagesOf(document: Document): Promise<Layout> {
  const regular = await openFont(fonts.regular);
  const bold = await openFont(fonts.bold);
  const readable = (text: string): string =>
    shown(text, (code) => regular.hasGlyphForCodePoint(code) && bold.hasGlyphForCodePoint(code));
  return layOut(inReadable(document, readable), measureWith(regular, bold));
}

async function openFont(path: string): Promise<Font> {
  const font = await open(path);
  if ('fonts' in font) throw new Error(`${path} holds several fonts; one is needed.`);
  return font;
}

/** Words come again and again: each is measured once. */
function measureWith(regular: Font, bold: Font): Measure {
  const known = new Map<string, number>();
  return (text, size, isBold) => {
    const key = `${isBold ? 'b' : 'r'}${text}`;
    const font = isBold ? bold : regular;
    const units = known.get(key) ?? font.layout(text).advanceWidth;
    known.set(key, units);
    return (units / font.unitsPerEm) * size;
  };
}

function inReadable(document: Document, readable: (text: string) => string): Document {
  const pairs = (facts: Document['facts']): Document['facts'] =>
    facts.map(([label, value]) => [readable(label), readable(value)]);
  return {
    title: readable(document.title),
    foot: readable(document.foot),
    facts: pairs(document.facts),
    blocks: document.blocks.map((block) => {
      switch (block.kind) {
        case 'heading':
        case 'text':
          return { ...block, text: readable(block.text) };
        case 'facts':
          return { ...block, facts: pairs(block.facts) };
        case 'tasks':
          return { ...block, items: block.items.map(({ done, text }) => ({ done, text: readable(text) })) };
        case 'table':
          return { ...block, columns: block.columns.map(readable), rows: block.rows.map((row) => row.map(readable)) };
      }
    }),
  };
}
