import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.ts';
import { type Run, runOnce } from './measure.ts';
import { leasesProject, MAIN, NODE, ROOT, writeLease } from './projects.ts';

const LEASES = 1000;
const FLAVORS = ['medium', 'large', 'memory'];

/** A plan against HEAD after one of a thousand leases changed, against the same plan with nothing cached. */
export const benchmark: Benchmark = {
  title: 'plan after one of 1000 leases changed, against the full run',
  atMost: 0.2,
  measure: async (progress) => {
    const folder = leasesProject(LEASES);
    try {
      const env = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') };
      const plan = (): Promise<Run> => runOnce({ args: [NODE, MAIN, 'plan', '--base', 'HEAD'], cwd: folder, env });
      const full = await plan();
      progress(`full run ${full.seconds.toFixed(1)} s, peak memory ${full.megabytes} MB`);
      const changed: Run[] = [];
      for (const [index, flavor] of FLAVORS.entries()) {
        writeLease(folder, 500 + index, flavor);
        changed.push(await plan());
      }
      const isSeen = changed.every((run) => run.output.includes('flavor_name'));
      return {
        measured: median(changed.map((run) => run.seconds)),
        yardstick: full.seconds,
        unit: 's',
        broken: isSeen ? [] : ['the change is not in the plan'],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
