/** The same sequence, each item of which is asked for while the one before it is worked on: one more is held. */
export async function* ahead<T>(from: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = (): Promise<IteratorResult<T>> => {
    const asked = from.next();
    // It may fail before anybody waits for it.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done === true) return;
      next = ask();
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await from.return(undefined);
  }
}
