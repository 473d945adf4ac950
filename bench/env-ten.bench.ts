import type { Benchmark } from './benchmark.ts';
import { noLab, openBench, writeBenchLease } from './lab.ts';

const COUNT = 10;
const suffix = Date.now().toString(36).slice(-4);

/** Seconds until all are done. */
async function together(names: readonly string[], action: (name: string) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await Promise.all(names.map(action));
  return (performance.now() - started) / 1000;
}

export const benchmark: Benchmark = {
  title: `${COUNT} env create at once, against ${COUNT} plain applies at once (0.9 of the throughput)`,
  atMost: 1 / 0.9,
  unavailable: noLab,
  async measure(progress) {
    const bench = await openBench();
    const names = (letter: string): string[] =>
      Array.from({ length: COUNT }, (_, index) => `ten${suffix}${letter}${index}`);
    try {
      const plain = names('p');
      for (const name of plain) {
        writeBenchLease(bench.root, name, 'small');
        await bench.prepare(name);
      }
      const yardstick = await together(plain, (name) => bench.apply(name));
      progress(`plain: ${yardstick.toFixed(1)} s`);
      await together(plain, (name) => bench.plainDestroy(name));
      const leased = names('l');
      const measured = await together(leased, (name) => bench.create(name, 'small'));
      progress(`env create: ${measured.toFixed(1)} s`);
      await together(leased, (name) => bench.destroy(name));
      return { measured, yardstick, unit: 's' };
    } finally {
      bench.end();
    }
  },
};
