import type { Finding, TierInputs } from '../../bring-up/component.ts';

/** A number of members of which one protects from nothing. @param title of the program, which decides by majority */
export function evenMembers(title: string, count: number): Finding {
  return {
    at: ['count'],
    code: 'even-members',
    message: `got ${count}; ${title} decides by majority, and ${count} members survive no more losses than ${count - 1}`,
    fix: `use ${count - 1} or ${count + 1}`,
  };
}

/** A setting that names a tier which does not run what is asked there. @param setting e.g. `['consul', 'tier']` */
export function componentNotThere(setting: readonly string[], tier: string, component: string): Finding {
  return {
    at: ['settings', ...setting],
    code: 'component-not-there',
    message: `got ${tier}, which does not run ${component}`,
    fix: `let tier ${tier} run ${component}, or name one that does`,
  };
}

export interface MemoryShare {
  /** Setting in MiB. */
  readonly setting: string;
  readonly maximumPercent: number;
  /** What has the rest, for the message: `the page cache and what lies off the heap`. */
  readonly rest: string;
  /** @default 'memory-above-flavor' */
  readonly code?: Finding['code'];
}

/** A setting, where it is set, that leaves too little of the flavor's memory to everything else. */
export function memoryFindings(
  mebibytes: number | undefined,
  { memoryMiB }: TierInputs<unknown>['flavor'],
  { setting, maximumPercent, rest, code = 'memory-above-flavor' }: MemoryShare,
): readonly Finding[] {
  const most = Math.floor((memoryMiB * maximumPercent) / 100);
  if (mebibytes === undefined || mebibytes <= most) return [];
  return [
    {
      at: ['settings', setting],
      code,
      message: `got ${mebibytes} MiB on a flavor of ${memoryMiB} MiB; ${rest} need ${100 - maximumPercent} % of the memory`,
      fix: `write at most ${most}, or take a flavor of ${Math.ceil((mebibytes * 100) / maximumPercent)} MiB or more`,
    },
  ];
}
