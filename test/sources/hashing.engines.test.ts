import { openTwoSystems } from '../support/two-systems.ts';
import { hashingContract } from '../contracts/hashing.ts';

for (const engine of ['postgresql', 'duckdb'] as const) {
  hashingContract(engine, async () => {
    const systems = await openTwoSystems({ legacy: engine, new: 'duckdb' });
    return { source: systems.sources.legacy, close: () => systems.close() };
  });
}
