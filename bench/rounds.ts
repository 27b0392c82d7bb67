/** A figure beside its floor, taken in turns in the same run, so that a slow moment of the machine meets both. */
export interface Comparison {
  readonly name: string;
  /** Milliseconds, one a round. */
  readonly product: readonly number[];
  readonly floor: readonly number[];
}

/** Runs both in turns, once unmeasured and then `rounds` times. */
export async function compareInTurns(
  name: string,
  rounds: number,
  product: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<Comparison> {
  await floor();
  await product();
  const figures = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.floor.push(await floor());
    figures.product.push(await product());
  }
  return { name, ...figures };
}

/** "1.03 (0.99 to 1.08)": the median and the spread of how many times the floor it took. */
export function ratioOf({ product, floor }: Comparison): string {
  const ratios = product
    .map((figure, round) => figure / (floor[round] ?? Number.NaN))
    .sort((one, other) => one - other);
  const [low, middle, high] = [ratios[0], median(ratios), ratios.at(-1)].map((ratio) => ratio?.toFixed(2));
  return `${middle} (${low} to ${high})`;
}

/** "daily run, 1,000,000 people: 812 ms beside 790 ms: 1.03 (0.99 to 1.08)": medians, and the ratio's median and spread. */
export function inWords(compared: Comparison, aim: number): string {
  const { name, product, floor } = compared;
  return `${name}: ${format(median(product))} beside ${format(median(floor))}, ratio ${ratioOf(compared)}, ${product.length} rounds; aim at most ${aim}`;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The smallest figure that at least `share` of them do not exceed. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const format = (milliseconds: number): string =>
  milliseconds >= 100 ? `${Math.round(milliseconds).toLocaleString('en')} ms` : `${milliseconds.toFixed(2)} ms`;

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
