import assert from 'node:assert/strict';

/**
 * What Slack documents about Block Kit, written down a second time and as plain numbers: the renderer's own table of
 * limits is not trusted to judge itself.
 */
export function assertSlackTakes(surface: 'message' | 'home', blocks: readonly unknown[]): void {
  assert.ok(blocks.length <= (surface === 'message' ? 50 : 100), `${blocks.length} blocks`);
  const actionIds: string[] = [];
  let tables = 0;
  let charts = 0;
  let tableText = 0;
  let otherText = 0;
  for (const block of blocks as Json[]) {
    if (block['type'] !== 'table' && block['type'] !== 'data_visualization') otherText += emitted(block);
    switch (block['type']) {
      case 'header':
        textObject(block['text'], 'plain_text', 150);
        break;
      case 'divider':
        break;
      case 'rich_text':
        richText(block);
        break;
      case 'context': {
        const elements = block['elements'] as Json[];
        assert.ok(elements.length >= 1 && elements.length <= 10, 'context elements');
        for (const element of elements) {
          textObject(element, undefined, 3000);
          if (element['type'] === 'mrkdwn') assert.match(String(element['text']), onlyOurMarkup);
        }
        break;
      }
      case 'actions': {
        const elements = block['elements'] as Json[];
        assert.ok(elements.length >= 1 && elements.length <= 25, 'action elements');
        for (const element of elements) actionIds.push(button(element));
        break;
      }
      case 'table':
        assert.equal(surface, 'message');
        tables += 1;
        tableText += table(block);
        break;
      case 'data_visualization':
        assert.equal(surface, 'message');
        charts += 1;
        lineOrBars(block);
        break;
      default:
        assert.fail(`unknown block ${String(block['type'])}`);
    }
  }
  assert.ok(tables <= 1 && charts <= 2, `${tables} tables, ${charts} charts`);
  assert.ok(tableText <= 10_000, `${tableText} characters in tables`);
  assert.ok(otherText <= 12_000, `${otherText} characters beside tables`);
  assert.equal(new Set(actionIds).size, actionIds.length, 'action ids are unique');
  assert.doesNotMatch(JSON.stringify(blocks), /\\ud[89a-f]/i, 'half of a character');
}

type Json = Record<string, unknown>;

/** All that people may read, at any depth: texts, fallbacks of times, commands of buttons. */
export function emitted(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + emitted(part), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, part]) => {
    const counts = typeof part === 'string' && ['text', 'fallback', 'value'].includes(name);
    return sum + (counts ? part.length : emitted(part));
  }, 0);
}

/** Markup that the renderer makes itself, and nothing beside it. */
const onlyOurMarkup = /^<(?:!date\^\d+\^[^<>|]+\|[^<>|]*|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+)>$/;

function textObject(value: unknown, type: string | undefined, max: number): void {
  const object = value as Json;
  assert.ok(object['type'] === 'plain_text' || object['type'] === 'mrkdwn', 'kind of text');
  if (type !== undefined) assert.equal(object['type'], type);
  text(object['text'], max);
}

function text(value: unknown, max: number): void {
  assert.ok(typeof value === 'string' && value.length >= 1 && value.length <= max, `${String(value).length} of ${max}`);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(value, /[\u0000-\u0008\u202a-\u202e]/);
}

function richText(block: Json): void {
  for (const part of block['elements'] as Json[]) {
    if (part['type'] === 'rich_text_list') {
      assert.ok((part['elements'] as Json[]).length > 0, 'a list of nothing');
      richText(part);
      continue;
    }
    assert.ok(part['type'] === 'rich_text_section' || part['type'] === 'rich_text_preformatted');
    let own = 0;
    for (const element of part['elements'] as Json[]) {
      if (element['type'] === 'text') text(element['text'], 3000);
      else assert.ok(['date', 'user', 'usergroup'].includes(String(element['type'])), String(element['type']));
      own += emitted(element);
    }
    assert.ok((part['elements'] as Json[]).length > 0 && own <= 3000, `${own} characters of rich text`);
  }
}

function button(element: Json): string {
  assert.equal(element['type'], 'button');
  textObject(element['text'], 'plain_text', 75);
  text(element['value'], 2000);
  if (element['style'] !== undefined) assert.match(JSON.stringify(element['style']), /^"(primary|danger)"$/);
  const confirm = element['confirm'] as Json | undefined;
  if (confirm !== undefined) {
    textObject(confirm['title'], 'plain_text', 100);
    textObject(confirm['text'], undefined, 300);
    textObject(confirm['confirm'], 'plain_text', 30);
    textObject(confirm['deny'], 'plain_text', 30);
  }
  return String(element['action_id']);
}

function table(block: Json): number {
  const rows = block['rows'] as Json[][];
  assert.ok(rows.length <= 100, `${rows.length} rows`);
  for (const cells of rows) {
    assert.ok(cells.length >= 1 && cells.length <= 20, `${cells.length} cells`);
    for (const cell of cells) {
      assert.equal(cell['type'], 'raw_text');
      text(cell['text'], 10_000);
    }
  }
  assert.equal(new Set(rows.map((cells) => cells.length)).size, 1, 'rows of one length');
  return rows.flat().reduce((sum, cell) => sum + String(cell['text']).length, 0);
}

function lineOrBars(block: Json): void {
  text(block['title'], 50);
  const chart = block['chart'] as { type: string; series: Json[]; axis_config: Json };
  assert.ok(chart.type === 'line' || chart.type === 'bar', chart.type);
  const categories = chart.axis_config['categories'] as string[];
  for (const category of categories) text(category, 20);
  assert.equal(new Set(categories).size, categories.length, 'categories are unique');
  if (chart.axis_config['y_label'] !== undefined) text(chart.axis_config['y_label'], 50);
  assert.ok(chart.series.length >= 1 && chart.series.length <= 6, `${chart.series.length} series`);
  assert.equal(new Set(chart.series.map((series) => series['name'])).size, chart.series.length, 'names are unique');
  for (const series of chart.series) {
    text(series['name'], 20);
    const data = series['data'] as { label: string; value: unknown }[];
    assert.ok(data.length >= 1 && data.length <= 20, `${data.length} points`);
    assert.deepEqual(
      data.map((point) => point.label),
      categories,
    );
    for (const { value } of data) assert.ok(typeof value === 'number' && Number.isFinite(value));
  }
}
