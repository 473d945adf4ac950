import { join } from 'node:path';

/** Where the three controllers live unless told otherwise: beside the lab of one controller, and sharing nothing with it. */
export const DEFAULT_HA_DIRECTORY = '/var/lib/tandem-lab-ha';

/** The cloud that the three controllers are, as it would stand in config/clouds. */
export const HA_CLOUD_FILE = join(import.meta.dirname, 'cloud.yaml');

/** Every path under the folder. `root`, `rootMarker` and `cache` survive `down --keep-packages`. */
export interface HaLayout {
  readonly directory: string;
  /** The installed packages: the read-only lower layer of every controller. */
  readonly root: string;
  /** Written last, so that a half-installed root is never used. */
  readonly rootMarker: string;
  /** What makes the next start quick: a database with every schema, its passwords and keys. */
  readonly cache: string;
  /** Named by the package installer, which drops it with an old root. */
  readonly schemas: string;
  /** Downloads; removed when done. */
  readonly tools: string;
  /** Where the switch mounts the controllers' disks, in memory; empty as seen from outside. */
  readonly state: string;
  readonly log: string;
  readonly run: string;
  /** Who is at work. */
  readonly lock: string;
  /** Which hosts each group of the inventory has. */
  readonly members: string;
  /** What runs; present only after everything answered. */
  readonly lab: string;
}

export function haLayout(directory: string): HaLayout {
  const at = (...parts: string[]): string => join(directory, ...parts);
  return {
    directory,
    root: at('root'),
    rootMarker: at('root.json'),
    cache: at('cache'),
    schemas: at('cache', 'seed.tar'),
    tools: at('tools'),
    state: at('state'),
    log: at('log'),
    run: at('run'),
    lock: at('run', 'lock.json'),
    members: at('run', 'members.json'),
    lab: at('run', 'lab.json'),
  };
}
