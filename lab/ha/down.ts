import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { takeLock } from '../openstack/lock.ts';
import { unmountBelow } from '../openstack/mounts.ts';
import { packagesInstalled } from '../openstack/packages.ts';
import { requireRoot } from '../openstack/preflight.ts';
import type { OnLabProgress } from '../openstack/types.ts';
import { DEFAULT_HA_DIRECTORY, haLayout } from './layout.ts';
import { closeClusters } from './netns-cluster.ts';
import { HA_PACKAGES } from './packages.ts';

export interface HaDownOptions {
  /** @default - `/var/lib/tandem-lab-ha` */
  readonly directory?: string;
  /** Keep packages and the seed for a quick next `up`.
   * @default - false: the whole folder is removed */
  readonly keepPackages?: boolean;
  /** @default - progress is dropped */
  readonly onProgress?: OnLabProgress;
}

export interface HaDownResult {
  readonly wasRunning: boolean;
  readonly kept: readonly string[];
  readonly seconds: number;
}

/** Ends every host, and removes what `haUp` made, also where that, or a drill, was killed in the middle. */
export async function haDown(options: HaDownOptions = {}): Promise<HaDownResult> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const keep = options.keepPackages ?? false;
  requireRoot();
  if (!existsSync(layout.directory)) return { wasRunning: false, kept: [], seconds: seconds() };
  const giveBack = await takeLock(layout);
  let kept: readonly string[] = [];
  let wasRunning: boolean;
  try {
    wasRunning = await closeClusters(layout.directory);
    await unmountBelow(layout.directory);
    options.onProgress?.({
      phase: 'stop',
      message: wasRunning ? 'every host is switched off' : 'nothing was running',
      seconds: seconds(),
    });
    const lasting = [layout.root, layout.rootMarker, layout.cache];
    for (const path of [layout.state, layout.log, layout.tools, layout.lab, `${layout.root}.partial`])
      await rm(path, { recursive: true, force: true });
    if (!keep || !(await packagesInstalled(layout, HA_PACKAGES)))
      for (const path of lasting) await rm(path, { recursive: true, force: true });
    kept = lasting.filter((path) => existsSync(path));
  } finally {
    await giveBack();
    await rm(layout.run, { recursive: true, force: true });
  }
  if (kept.length === 0) await rm(layout.directory, { recursive: true, force: true });
  return { wasRunning, kept, seconds: seconds() };
}
