import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { labLayout } from './layout.ts';
import { takeLock } from './lock.ts';
import { unmountBelow } from './mounts.ts';
import { packagesInstalled } from './packages.ts';
import { requireOwnDirectory, requireRoot } from './preflight.ts';
import { stopSandboxes } from './sandbox.ts';
import { DEFAULT_LAB_DIRECTORY, type LabDownOptions, type LabDownResult } from './types.ts';

/** Stops every process of the lab, and removes what it made. */
export async function labDown(options: LabDownOptions = {}): Promise<LabDownResult> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const report = (phase: string, message: string): void => options.onProgress?.({ phase, message, seconds: seconds() });
  const layout = labLayout(resolve(options.directory ?? DEFAULT_LAB_DIRECTORY));
  const keep = options.keepPackages ?? false;
  requireRoot();
  if (!existsSync(layout.directory)) return { wasRunning: false, kept: [], seconds: seconds() };
  await requireOwnDirectory(layout);

  const giveBack = await takeLock(layout);
  let kept: readonly string[] = [];
  let wasRunning: boolean;
  try {
    wasRunning = await stopSandboxes(layout.directory);
    await unmountBelow(layout.directory);
    report('stop', wasRunning ? 'all processes stopped' : 'nothing was running');
    const transient = [
      layout.state,
      layout.log,
      layout.clouds,
      layout.tools,
      layout.cliConfig,
      `${layout.root}.partial`,
      layout.image,
    ];
    const lasting = [layout.root, layout.rootMarker, layout.cache, layout.mirror, layout.bin];
    for (const path of transient) await rm(path, { recursive: true, force: true });
    await rm(`${layout.directory}/images`, { recursive: true, force: true });
    if (keep) {
      if (!(await packagesInstalled(layout))) await rm(layout.root, { recursive: true, force: true });
      kept = lasting.filter((path) => existsSync(path));
      report(
        'keep',
        kept.length === 0 ? 'there is nothing to keep' : `kept for the next \`lab up\`: ${kept.join(', ')}`,
      );
    } else {
      for (const path of lasting) await rm(path, { recursive: true, force: true });
      report('remove', `removed ${layout.directory}`);
    }
  } finally {
    await giveBack();
    await rm(layout.run, { recursive: true, force: true });
  }
  if (!keep) await rm(layout.directory, { recursive: true, force: true });
  return { wasRunning, kept, seconds: seconds() };
}
