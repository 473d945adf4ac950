import type { Link } from '../../config/schema/link.ts';
import type { LinkBench, Side, TrafficRun } from './ports.ts';

type Timers = Link['tunnels']['timers'];

/** What a case measures: seconds without traffic, or between two writes of Consul; requests that were lost; the share of speed that is left. */
export type Measure = 'seconds' | 'writes' | 'lost' | 'questions' | 'speed';

export interface LinkCase {
  readonly title: string;
  readonly measure: Measure;
  /** At most, or for speed at least; undefined: bounded by detection alone. */
  readonly goal: number | undefined;
  readonly predict: (timers: Timers) => number;
  /** Questions for names of this side show what is broken, or are what breaks: a link that forwards none of them has no such case. */
  readonly needsNames?: Side;
  /** Names of the other side's hosts, or of its services, and Consul is used: a link without discovery has no such case. @default 'hosts' */
  readonly asks?: 'services';
  /** Who sends. @default 'tenant' */
  readonly from?: 'vpc';
  /** Before anything is measured. */
  readonly before?: (bench: LinkBench) => Promise<void>;
  readonly act: (bench: LinkBench, traffic: TrafficRun) => Promise<Acted>;
  /** Undoes `before`, once what was broken is repaired. */
  readonly after?: (bench: LinkBench) => Promise<void>;
}

/** What was broken. */
export interface Acted {
  /** When, in seconds of the clock. */
  readonly at: number;
  /** What was measured, in the unit of the case. @default - what the traffic shows */
  readonly value?: number;
  /** Repairs it. @default - nothing is left to repair */
  readonly repair?: () => Promise<void>;
}
