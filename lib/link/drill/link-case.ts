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
  /** Breaks something; the time at which it did, in seconds of the clock. What it gives back after `speed` is the share. */
  readonly act: (bench: LinkBench, traffic: TrafficRun) => Promise<{ readonly at: number; readonly value?: number }>;
  /** Mends it. */
  readonly after?: (bench: LinkBench) => Promise<void>;
}
