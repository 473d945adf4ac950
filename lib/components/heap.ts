import type { Finding, TierInputs } from '../bring-up/component.ts';

/** The Java runtime of Debian 12 that the components run on. */
export const JAVA_PACKAGE = 'openjdk-17-jre-headless';

export interface HeapLimits {
  /** Share of the flavor's memory that is taken where nothing is set, in percent. */
  readonly defaultPercent: number;
  /** The default is not above, in MiB. @default - no bound */
  readonly defaultMaximumMiB?: number;
  /** Share of the flavor's memory that the heap may have at most, in percent. */
  readonly maximumPercent: number;
  /** What has the rest, for the message: `the page cache and what lies off the heap`. */
  readonly rest: string;
}

type HeapInputs = Pick<TierInputs<{ readonly heapMiB?: number | undefined }>, 'settings' | 'flavor'>;

/** The heap in MiB: what is set, else a share of the flavor's memory. */
export function heapMiB({ settings, flavor }: HeapInputs, limits: HeapLimits): number {
  const share = Math.floor((flavor.memoryMiB * limits.defaultPercent) / 100);
  return settings.heapMiB ?? Math.min(share, limits.defaultMaximumMiB ?? share);
}

/** A heap that leaves too little of the flavor's memory to everything else. */
export function heapFindings(inputs: HeapInputs, limits: HeapLimits): readonly Finding[] {
  const { heapMiB: heap } = inputs.settings;
  const most = Math.floor((inputs.flavor.memoryMiB * limits.maximumPercent) / 100);
  if (heap === undefined || heap <= most) return [];
  return [
    {
      at: ['settings', 'heapMiB'],
      code: 'heap-above-flavor',
      message: `got ${heap} MiB on a flavor of ${inputs.flavor.memoryMiB} MiB; ${limits.rest} need ${100 - limits.maximumPercent} % of the memory`,
      fix: `write at most ${most}, or take a flavor of ${Math.ceil((heap * 100) / limits.maximumPercent)} MiB or more`,
    },
  ];
}
