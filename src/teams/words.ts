import { type IncomingActivity, mentionsIn } from './activity.ts';

/**
 * What a person typed to the bot, as the grammar wants it. Teams writes mentions as `<at>Ana</at>`, escapes what HTML
 * escapes and puts hard blanks in; telephones turn -- into a dash and straight quotes into curly ones. The bot's own
 * mention goes; somebody else's becomes what the playbook calls them, where Teams says who it is.
 */
export function wordsOf(activity: IncomingActivity): string {
  const mentions = mentionsIn(activity);
  const withoutMentions = mentions.reduce((text, { text: standing, id, aadObjectId, name }) => {
    if (standing === '') return text;
    if (id === activity.recipient.id) return text.replaceAll(standing, ' ');
    return text.replaceAll(standing, aadObjectId === undefined ? ` ${name} ` : ` teams:${aadObjectId.toLowerCase()} `);
  }, activity.text ?? '');
  return plainOf(withoutMentions)
    .replace(/(^|\s)[–—](?=\p{L})/gu, '$1--')
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A text of Teams' as it reads: tags gone, entities read once, so that an escaped tag stays the text that it is. */
function plainOf(text: string): string {
  return text
    .replace(/<(?:\/?(?:p|div|span|at|b|i|em|strong)|br)\b[^<>]*>/gi, ' ')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}
