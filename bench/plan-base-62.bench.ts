import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.ts';
import { type Run, runOnce } from './measure.ts';
import { leasesProject, MAIN, NODE } from './projects.ts';

/** Lines of the text for a pull request. */
const LINES = 80;

/** `tandem plan --base` after one edit of the blueprint of 62 leases. */
export const benchmark: Benchmark = {
  title: 'plan --base after an edit of a blueprint with 62 leases, against 4 s',
  atMost: 1,
  measure: async (progress) => {
    const folder = leasesProject(62);
    try {
      const blueprint = join(folder, 'config/blueprints/many.yaml');
      const text = readFileSync(blueprint, 'utf8');
      const review = join(folder, 'plan.md');
      const runs: Run[] = [];
      for (let count = 4; count < 8; count += 1) {
        // Each run plans an edit that no cache has seen.
        writeFileSync(blueprint, text.replace('count: 3', `count: ${count}`));
        runs.push(await runOnce({ args: [NODE, MAIN, 'plan', '--base', 'HEAD', '--markdown', review], cwd: folder }));
      }
      const lines = readFileSync(review, 'utf8').split('\n').length;
      progress(`${lines} lines; the first run, which synthesizes the base too, ${runs[0]?.seconds.toFixed(1) ?? ''} s`);
      const broken = lines > LINES ? [`${lines} lines, at most ${LINES}`] : [];
      return { measured: median(runs.slice(1).map(({ seconds }) => seconds)), yardstick: 4, unit: 's', broken };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
