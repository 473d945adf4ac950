import pLimit from 'p-limit';
import { StackId } from '../lib/stack/id.ts';
import type { Benchmark } from './benchmark.ts';
import { noLab, openBench, writeBenchLease } from './lab.ts';

const COUNT = 50;
/** Stacks at once, on both sides. */
const AT_ONCE = 4;
const suffix = Date.now().toString(36).slice(-4);

export const benchmark: Benchmark = {
  title: `plan --live of ${COUNT} unchanged stacks, against ${COUNT} plain plans with their JSON, ${AT_ONCE} at once`,
  atMost: 1.15,
  unavailable: noLab,
  async measure(progress) {
    const bench = await openBench();
    const names = Array.from({ length: COUNT }, (_, index) => `live${suffix}${index}`);
    const stacks = StackId.lease('lab', `live${suffix}*`);
    try {
      for (const name of names) {
        writeBenchLease(bench.root, name, 'bare');
        await bench.prepare(name);
      }
      await bench.tandem('deploy', stacks, '--yes', '--parallelism', String(AT_ONCE));
      progress('deployed');
      const live = () => bench.tandem('plan', stacks, '--live', '--parallelism', String(AT_ONCE));
      const byHand = async (): Promise<number> => {
        const started = performance.now();
        await pLimit(AT_ONCE).map(names, (name) => bench.planByHand(name));
        return (performance.now() - started) / 1000;
      };
      const [measured, yardstick]: [number[], number[]] = [[], []];
      for (let round = 0; round < 2; round += 1) {
        yardstick.push(await byHand());
        const run = await live();
        if (!run.output.includes(`${COUNT} stacks unchanged`)) throw new Error(run.output);
        measured.push(run.seconds);
        progress(`${run.seconds.toFixed(1)} s, by hand ${yardstick.at(-1)?.toFixed(1) ?? ''} s`);
      }
      return { measured: Math.min(...measured), yardstick: Math.min(...yardstick), unit: 's' };
    } finally {
      await bench.tandem('destroy', stacks, '--yes').catch((error: unknown) => progress(String(error)));
      bench.end();
    }
  },
};
