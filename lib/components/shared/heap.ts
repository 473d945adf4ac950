import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { type MemoryShare, memoryFindings } from './findings.ts';

/** The Java runtime of Debian 12 that the components run on. */
export const JAVA_PACKAGE = 'openjdk-17-jre-headless';

export interface HeapLimits extends Pick<MemoryShare, 'maximumPercent' | 'rest'> {
  /** Share of the flavor's memory that is taken where nothing is set, in percent. */
  readonly defaultPercent: number;
  /** The default is not above, in MiB. @default - no bound */
  readonly defaultMaximumMiB?: number;
}

type HeapInputs = Pick<TierInputs<{ readonly heapMiB?: number | undefined }>, 'settings' | 'flavor'>;

/** The heap in MiB: what is set, else a share of the flavor's memory. */
export function heapMiB({ settings, flavor }: HeapInputs, limits: HeapLimits): number {
  const share = Math.floor((flavor.memoryMiB * limits.defaultPercent) / 100);
  return settings.heapMiB ?? Math.min(share, limits.defaultMaximumMiB ?? share);
}

/** A heap that leaves too little of the flavor's memory to everything else. */
export function heapFindings({ settings, flavor }: HeapInputs, limits: HeapLimits): readonly Finding[] {
  return memoryFindings(settings.heapMiB, flavor, { setting: 'heapMiB', code: 'heap-above-flavor', ...limits });
}
