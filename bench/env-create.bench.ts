import type { Benchmark } from './benchmark.ts';
import { noLab, openBench, writeBenchLease } from './lab.ts';

const ROUNDS = 3;
const suffix = Date.now().toString(36).slice(-4);

export const benchmark: Benchmark = {
  title: 'env create of servers of all kinds, against a plain terraform apply of the same files',
  atMost: 1.1,
  unavailable: noLab,
  async measure(progress) {
    const bench = await openBench();
    const created: number[] = [];
    const applied: number[] = [];
    const one = {
      async create(name: string) {
        created.push((await bench.create(name, 'servers')).seconds);
        await bench.destroy(name);
      },
      async apply(name: string) {
        writeBenchLease(bench.root, name, 'servers');
        await bench.prepare(name);
        applied.push((await bench.apply(name)).seconds);
        await bench.plainDestroy(name);
      },
    };
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        // Whoever goes first meets the busier moment: take turns.
        const order = round % 2 === 0 ? (['apply', 'create'] as const) : (['create', 'apply'] as const);
        for (const kind of order) {
          progress(`round ${round + 1}: ${kind}`);
          await one[kind](`bench${suffix}${kind.charAt(0)}${round}`);
        }
        progress(
          `round ${round + 1}: env create ${created.at(-1)?.toFixed(1) ?? ''} s, apply ${applied.at(-1)?.toFixed(1) ?? ''} s`,
        );
      }
    } finally {
      bench.end();
    }
    // Sums and not medians: the lab gets slower as rows of deleted environments add up, so that a median of one side and of the
    // other are of different rounds.
    return { measured: sum(created), yardstick: sum(applied), unit: 's' };
  },
};

function sum(seconds: readonly number[]): number {
  return seconds.reduce((total, each) => total + each, 0);
}
