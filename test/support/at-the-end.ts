const waiting: (() => Promise<unknown>)[] = [];

/** Has `close` called once, when the last test of this process is over. */
export function atTheEnd(close: () => Promise<unknown>): void {
  waiting.push(close);
}

/** Called by mocha, which ends its parallel workers itself. */
export async function mochaGlobalTeardown(): Promise<void> {
  for (const close of waiting.splice(0)) await close();
}
