import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.ts';
import { type Run, runOnce } from './measure.ts';
import { NODE, ROOT } from './projects.ts';

/** What a review of 10,000 changes may take. */
const [SECONDS, MEGABYTES] = [2, 400] as const;

/** Normalising and rendering as JSON, text, Markdown, page and SARIF; memory of the whole process. */
export const benchmark: Benchmark = {
  title: 'a plan of 10,000 changes, normalised and rendered in all formats, against 2 s of processor time',
  atMost: 1,
  measure: async (progress) => {
    const runs: Run[] = [];
    for (let count = 0; count < 3; count += 1)
      runs.push(await runOnce({ args: [NODE, join(ROOT, 'bench/render/main.ts')], cwd: ROOT }));
    const seconds = runs.map(({ output }) => (JSON.parse(output) as { readonly seconds: number }).seconds);
    const megabytes = median(runs.map((run) => run.megabytes));
    progress(`${megabytes} MB; ${runs[0]?.output.trim() ?? ''}`);
    const broken = megabytes > MEGABYTES ? [`${megabytes} MB, at most ${MEGABYTES} MB`] : [];
    return { measured: median(seconds), yardstick: SECONDS, unit: 's', broken };
  },
};
