import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.ts';
import { alternate, type Run, runOnce } from './measure.ts';
import { MAIN, NODE, ROOT, shippedProject } from './projects.ts';

/** `tandem plan` of the shipped configuration, with no artefact cached, against `cdk synth` of a fixed app. */
export const benchmark: Benchmark = {
  title: 'plan of the shipped configuration against cdk synth of the reference app',
  atMost: 0.5,
  measure: async (progress) => {
    const folder = shippedProject();
    const reference = mkdtempSync(join(tmpdir(), 'tandem-reference-'));
    try {
      cpSync(join(ROOT, 'bench/reference-app'), reference, { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(reference, 'node_modules'));
      const env = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') };
      const plan = (): Promise<Run> => runOnce({ args: [NODE, MAIN, 'plan'], cwd: folder, env });
      const cold = (): Promise<Run> => {
        rmSync(join(folder, '.tandem'), { recursive: true, force: true });
        return plan();
      };
      const bin = join(ROOT, 'node_modules/.bin');
      // The CLI itself, without npx in front: what npx adds would only flatter.
      const synth = () =>
        runOnce({
          args: [NODE, join(bin, 'cdk'), 'synth', '--quiet'],
          cwd: reference,
          env: { ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
        });
      await cold();
      await synth();
      const { left, right } = await alternate(5, cold, synth);
      await plan();
      const warm = await plan();
      progress(
        `with its cache warm ${warm.seconds.toFixed(2)} s; peak memory cold ${Math.max(...left.map((run) => run.megabytes))} MB`,
      );
      return {
        measured: median(left.map((run) => run.seconds)),
        yardstick: median(right.map((run) => run.seconds)),
        unit: 's',
      };
    } finally {
      for (const each of [folder, reference]) rmSync(each, { recursive: true, force: true });
    }
  },
};
