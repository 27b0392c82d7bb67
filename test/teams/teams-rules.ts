import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { AdaptiveCard } from '../../src/teams/adaptive-card.ts';

/*
 * What Microsoft publishes about Adaptive Cards and Teams, as a schema and as plain numbers: the renderer's own table of
 * limits is not trusted to judge itself.
 */

type Json = Record<string, unknown>;

const read = (path: URL | string): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;
const draft6 = read(createRequire(import.meta.url).resolve('ajv/dist/refs/json-schema-draft-06.json'));
/** `id` is a word of a draft from before 6, and names nothing here. */
const { id: _id, ...schema } = read(new URL('schemas/adaptive-card-1.5.json', import.meta.url));
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
ajv.addMetaSchema(draft6);
const isCard = ajv.compile(schema);

/** Fails for a card that Teams would refuse, change, or show in part. */
export function assertTeamsTakes(card: AdaptiveCard): void {
  // The one part of a card that is Teams' own, and not in the schema.
  const { msteams, ...standard } = JSON.parse(JSON.stringify(card)) as Json;
  const { width, entities = [] } = msteams as { width: string; entities?: { text: string }[] };
  assert.equal(width, 'Full');
  assert.ok(isCard(standard), JSON.stringify(isCard.errors?.slice(0, 3)));
  const bytes = Buffer.byteLength(JSON.stringify(card));
  assert.ok(bytes <= 24_000, `${bytes} bytes`);
  assert.doesNotMatch(JSON.stringify(card), /\\ud[89a-f]/i, 'half of a character');
  const parts = everyPart(standard);
  const ids = parts.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  const mentions = entities.map(({ text }) => text).join(' ');
  for (const part of parts) if (part['text'] !== mentions) assertPart(part, ids);
  assert.ok(mentions === '' || parts.some(({ text }) => text === mentions), 'who is mentioned stands on the card');
  const users = (standard['refresh'] as { userIds?: unknown[] } | undefined)?.userIds ?? [];
  assert.ok(users.length <= 60, `${users.length} people refresh it`);
}

function assertPart(part: Json, ids: readonly string[]): void {
  switch (part['type']) {
    case 'TextBlock':
      // https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
      assert.doesNotMatch(String(part['text']), /[*_[\]<>`~#]|\{\{|^\s*(?:[-+]|\d+[.)])\s/, 'Markdown');
      break;
    case 'RichTextBlock':
      assert.ok((part['inlines'] as unknown[]).length > 0, 'a text of nothing');
      break;
    case 'ActionSet': {
      const actions = part['actions'] as Json[];
      assert.ok(actions.length >= 1 && actions.length <= 5, `${actions.length} buttons in a row`);
      break;
    }
    case 'Action.Execute': {
      const { verb, data, fallback } = part as { verb: string; data: Json; fallback?: Json };
      assert.equal(verb, data['action']);
      assert.ok(!('msteams' in data));
      if (verb !== 'refresh') {
        assert.deepEqual(
          [fallback?.['type'], fallback?.['title'], fallback?.['data']],
          ['Action.Submit', part['title'], data],
        );
      }
      break;
    }
    case 'Action.ToggleVisibility':
      for (const { elementId } of part['targetElements'] as { elementId: string }[]) assert.ok(ids.includes(elementId));
      break;
    case 'Table': {
      const columns = (part['columns'] as unknown[]).length;
      for (const { cells } of part['rows'] as { cells: unknown[] }[]) assert.equal(cells.length, columns);
      break;
    }
    default:
  }
}

/** Objects with a type, at any depth. */
export function everyPart(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(everyPart);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value ? [value as Json] : [];
  return [...own, ...Object.values(value).flatMap(everyPart)];
}

/** All that people may read on a card, hidden parts included, in its order. */
export function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  const part = value as Json;
  if (part['type'] === 'RichTextBlock') {
    return (part['inlines'] as (string | { text: string })[])
      .map((inline) => (typeof inline === 'string' ? inline : inline.text))
      .join('');
  }
  const own = ['text', 'title', 'label'].flatMap((name) => (typeof part[name] === 'string' ? [part[name]] : []));
  const inner = Object.entries(part).filter(([name]) => name !== 'fallback' && name !== 'refresh');
  return [...own, ...inner.map(([, one]) => wordsOf(one))].filter((text) => text !== '').join('\n');
}
