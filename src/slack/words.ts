/**
 * What a person typed after the command, as the grammar wants it. Slack escapes &, < and > and writes mentions as
 * `<@U123|name>`; telephones turn -- into a dash and straight quotes into curly ones.
 */
export function wordsOf(text: string): string {
  return unescaped(text)
    .replace(/(^|\s)[–—](?=\p{L})/gu, '$1--')
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .trim();
}

/** A text of Slack's as it reads: without its escapes, mentions and links as plain words. */
export function unescaped(text: string): string {
  return text
    .replace(/<([@#])([A-Z0-9]+)(?:\|[^>]*)?>/g, '$1$2')
    .replace(/<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
