import { limits } from './limits.ts';

/** What is left of a message's limits while it is filled. */
export interface Room {
  readonly blocks: number;
  /** Characters, wherever they stand: titles, texts, small print, buttons, fallbacks of times. */
  text: number;
  tables: number;
  charts: number;
  /** Buttons placed so far, for their action ids. */
  buttons: number;
  /** Parts that found no room. */
  leftOut: number;
}

/** Less room than this is not worth beginning a text in. */
const smallestText = 20;

/** How long the next text may be; 0 when there is no room worth using. */
export function longestText(room: Room): number {
  const longest = Math.min(limits.text, room.text);
  return longest < smallestText ? 0 : longest;
}
