import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { extractLease, resourcesOf } from './bare/extract.ts';
import { type Benchmark, median } from './benchmark.ts';
import { alternate, type Run, runOnce } from './measure.ts';
import { leasesProject, MAIN, NODE, ROOT } from './projects.ts';

const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') };
const ARTEFACT = 'cdktf.out/stacks/openstack-paris-dev-lease-0000/cdk.tf.json';
const MAXIMUM_MEGABYTES = 800;
const LEAST_RESOURCES = 60;

/** `tandem synth` of leases, with nothing cached, against the same resources in a plain cdktn App. Whole processes, start included. */
export function synthBenchmark(leases: number, repetitions: number, of: 'sixty' | 'everything' = 'sixty'): Benchmark {
  return {
    title: `synth of ${leases} leases${of === 'everything' ? ' with all components' : ''} against bare cdktn`,
    atMost: 1.2,
    measure: async (progress) => {
      const folder = leasesProject(leases, of);
      try {
        const tandem = (): Promise<Run> => {
          rmSync(join(folder, '.tandem'), { recursive: true, force: true });
          return runOnce({ args: [NODE, MAIN, 'synth', 'openstack/*/dev/*'], cwd: folder, env: COMPILE_CACHE });
        };
        await runOnce({ args: [NODE, MAIN, 'synth', 'lease-0000'], cwd: folder, env: COMPILE_CACHE });
        const ours = resourcesOf(join(folder, ARTEFACT));
        const resources = extractLease(join(folder, ARTEFACT), join(folder, 'lease.json'));
        const args = [NODE, join(ROOT, 'bench/bare/main.ts'), 'lease.json', 'lease-0000', String(leases)];
        const bare = () => runOnce({ args, cwd: folder, env: COMPILE_CACHE });
        await bare();
        const broken = resourcesOf(join(folder, ARTEFACT)) === ours ? [] : ['the yardstick makes other resources'];
        if (resources < LEAST_RESOURCES) broken.push(`${resources} resources a lease, at least ${LEAST_RESOURCES}`);
        const { left, right } = await alternate(repetitions, tandem, bare);
        const peak = Math.max(...left.map((run) => run.megabytes));
        const barePeak = Math.max(...right.map((run) => run.megabytes));
        progress(`${resources} resources a lease; peak memory ${peak} MB, bare cdktn ${barePeak} MB`);
        if (peak >= MAXIMUM_MEGABYTES) broken.push(`peak memory ${peak} MB, below ${MAXIMUM_MEGABYTES} MB`);
        return {
          measured: median(left.map((run) => run.seconds)),
          yardstick: median(right.map((run) => run.seconds)),
          unit: 's',
          broken,
        };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
