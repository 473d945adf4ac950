/** One claim about speed: two things measured in one run, so that the machine cancels out. */
export interface Benchmark {
  /** What is compared, as the claim says it. */
  readonly title: string;
  /** The ratio of the measured thing to its yardstick that must not be exceeded. */
  readonly atMost: number;
  /** Why it cannot be measured on this machine now; undefined where it can.
   * @default - it always can */
  readonly unavailable?: () => Promise<string | undefined>;
  /** Measures both. `progress` takes a line for whoever waits. */
  readonly measure: (progress: (line: string) => void) => Promise<Measurement>;
}

export interface Measurement {
  /** The product's cost, in any unit. */
  readonly measured: number;
  /** The yardstick's cost, in the same unit. */
  readonly yardstick: number;
  readonly unit: string;
  /** Other limits that were broken, such as memory: one line each. */
  readonly broken?: readonly string[];
}

/** One line for a reader, and whether the claim holds. */
export function judge(benchmark: Benchmark, { measured, yardstick, unit, broken = [] }: Measurement): Verdict {
  const ratio = measured / yardstick;
  // Nothing measured proves nothing: 0 / 0 and x / 0 fail.
  const holds = Number.isFinite(ratio) && ratio <= benchmark.atMost && broken.length === 0;
  const numbers = `${round(measured)} ${unit} / ${round(yardstick)} ${unit} = ${round(ratio)}, at most ${benchmark.atMost}`;
  return {
    holds,
    ratio: holds ? round(ratio) : `**${round(ratio)}**`,
    line: [`${holds ? 'ok  ' : 'FAIL'} ${benchmark.title}: ${numbers}`, ...broken].join('; '),
  };
}

export interface Verdict {
  readonly holds: boolean;
  /** Measured in times of the yardstick, as Markdown: bold where the claim does not hold. */
  readonly ratio: string;
  readonly line: string;
}

/** The middle one of several runs: one slow run of a busy machine does not count. */
export function median(runs: readonly number[]): number {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new RangeError('median of no runs');
  return middle;
}

const round = (value: number): string => String(Number(value.toPrecision(3)));
