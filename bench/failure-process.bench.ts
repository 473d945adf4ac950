import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { type Benchmark, median } from './benchmark.ts';
import { largeCloudProject } from './failure-cloud.ts';
import { MAIN, NODE } from './projects.ts';

/** What a whole process may take, by hosts, in seconds. */
const LIMITS = [
  [200, 1.5],
  [1000, 6],
] as const;

/** `simulate-failure --pairs` from the command line, of the largest cloud, against one of 200 hosts: 25 times the pairs. */
export const benchmark: Benchmark = {
  title: 'cloud simulate-failure --pairs as a whole process, 1,000 hosts against 200',
  atMost: 4,
  measure: (progress) => {
    const seconds = LIMITS.map(([hosts]) => {
      const folder = largeCloudProject(hosts);
      const args = [MAIN, '--project', folder, 'cloud', 'simulate-failure', 'paris', '--pairs', '--json'];
      const runs = [1, 2, 3].map(() => {
        const started = performance.now();
        execFileSync(NODE, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 });
        return (performance.now() - started) / 1000;
      });
      rmSync(folder, { recursive: true, force: true });
      progress(`${hosts} hosts: ${runs.map((each) => each.toFixed(2)).join(', ')} s`);
      return median(runs);
    });
    const [yardstick = Number.NaN, measured = Number.NaN] = seconds;
    const broken = LIMITS.flatMap(([hosts, limit], at) =>
      (seconds[at] ?? 0) > limit ? [`${hosts} hosts: ${seconds[at]?.toFixed(2)} s, at most ${limit} s`] : [],
    );
    return Promise.resolve({ measured, yardstick, unit: 's', broken });
  },
};
