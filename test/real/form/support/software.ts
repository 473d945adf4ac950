import type { TierSoftware } from '../../../../lib/bring-up/tier-software.ts';

export interface SoftwareOptions {
  /** Name of the environment. @default 'alice' */
  readonly name?: string;
  /** What each tier runs. */
  readonly software: Readonly<Record<string, TierSoftware>>;
  /** Volumes of each tier's servers: sizes in MiB by name. @default - none */
  readonly volumes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface LeaseSoftware {
  readonly name: string;
  readonly software: ReadonlyMap<string, TierSoftware>;
  /** Sizes of a tier's volumes in MiB, by name. */
  readonly volumes: (tier: string) => Readonly<Record<string, number>>;
}

export function softwareOfLease(options: SoftwareOptions): LeaseSoftware {
  const { name = 'alice', software, volumes = {} } = options;
  return { name, software: new Map(Object.entries(software)), volumes: (tier) => volumes[tier] ?? {} };
}
