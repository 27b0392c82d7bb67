import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { AdaptiveCard } from '../../src/teams/adaptive-card.ts';

/** What was seen of a card in the official renderer. */
export interface Seen {
  /** As people read it, without what is hidden. */
  readonly text: string;
  /** What the renderer objects to, parts that it does not know or drops among it. */
  readonly problems: readonly string[];
  /** Parts that are wider than the card, by their texts. */
  readonly cutOff: readonly string[];
}

export interface CardPage {
  readonly page: Page;
  /** Shows a card in place of the one before, at a width in pixels. */
  show(card: AdaptiveCard, width: number): Promise<Seen>;
  /** The data of the actions that were executed since the card is shown, with what its inputs hold. */
  executed(): Promise<unknown[]>;
}

/** Microsoft's renderer of Adaptive Cards in a page, as Teams configures it as far as it is known. */
export async function openCardPage(browser: Browser): Promise<CardPage> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('card-page-script.js', import.meta.url))],
    write: false,
    bundle: true,
    format: 'iife',
    logLevel: 'silent',
  });
  const page = await browser.newPage({ viewport: { width: 1_000, height: 900 }, locale: 'en-GB', timezoneId: 'UTC' });
  await page.setContent(html);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  return {
    page,
    show: (card, width) =>
      page.evaluate(([shown, pixels, host]) => (globalThis as unknown as Shower).show(shown, pixels, host), [
        card,
        width,
        hostConfig,
      ] as const),
    executed: () => page.evaluate(() => (globalThis as unknown as Shower).executed),
  };
}

interface Shower {
  show(card: AdaptiveCard, width: number, hostConfig: object): Seen;
  readonly executed: unknown[];
}

const colors = (plain: string) => ({
  default: { default: plain, subtle: '#616161' },
  accent: { default: '#5b5fc7', subtle: '#5b5fc7' },
  good: { default: '#237b4b', subtle: '#237b4b' },
  warning: { default: '#835b00', subtle: '#835b00' },
  attention: { default: '#c4314b', subtle: '#c4314b' },
});
const band = (backgroundColor: string) => ({ backgroundColor, foregroundColors: colors('#242424') });
const hostConfig = {
  fontFamily: "'Segoe UI', system-ui, sans-serif",
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: '#e0e0e0' },
  actions: { maxActions: 6, buttonSpacing: 8, actionAlignment: 'left', actionsOrientation: 'horizontal' },
  supportsInteractivity: true,
  containerStyles: {
    default: band('#ffffff'),
    emphasis: band('#f5f5f5'),
    good: band('#e7f2da'),
    attention: band('#fcf4f6'),
    warning: band('#fbf6d9'),
    accent: band('#e8ebfa'),
  },
  inputs: {
    label: { inputSpacing: 'small', requiredInputs: { weight: 'bolder' }, optionalInputs: { weight: 'bolder' } },
  },
};

const html = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 24px; background: #f0f0f0; font-family: 'Segoe UI', system-ui, sans-serif }
  #card { background: #fff; border: 1px solid #e0e0e0; border-radius: 6px; overflow: hidden }
  /* A chat breaks words that are longer than a line, which cards inherit; so do rows of buttons. */
  #card { overflow-wrap: anywhere }
  .ac-actionSet { flex-wrap: wrap; row-gap: 8px }
  .ac-pushButton { max-width: 100%; padding: 5px 12px; border: 1px solid #d1d1d1; border-radius: 4px; background: #fff; font-weight: 600; color: #242424 }
  .ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff }
  .ac-pushButton.style-destructive { background: #c4314b; border-color: #c4314b; color: #fff }
  .ac-input { width: 100%; box-sizing: border-box; padding: 6px; border: 1px solid #d1d1d1; border-radius: 4px; font: inherit }
</style><div id="card"></div>`;
