import { LIMITS, type LimitRow } from '../aws-model/limits.ts';
import type { Api } from './cloud.ts';

/** What is believed of one token bucket of AWS. Plain JSON: operations share it. */
export interface Bucket {
  readonly tokens: number;
  /** When they were counted, in milliseconds since 1970. */
  readonly at: number;
  readonly capacity: number;
  /** Tokens a second. */
  readonly rate: number;
  /** When AWS said that it was empty, since when draws are counted. @default - never */
  readonly emptyAt?: number;
  /** Tokens that were drawn since then. */
  readonly drawn: number;
}

/** Buckets by name; one that is missing is full, and as published. */
export type Ledger = Readonly<Record<string, Bucket>>;

/** What became of the calls of a grant. */
export interface Outcome {
  /** Instances that each call named that AWS took. */
  readonly made: readonly number[];
  /** Those that were not tried: their tokens are given back. */
  readonly unused: readonly number[];
  readonly throttled: boolean;
}

interface Draw {
  readonly name: string;
  readonly capacity: number;
  readonly rate: number;
  readonly kind: LimitRow['kind'];
}

/** As IAM names them; Run Command has no published limit and is called by fifties. */
const NAMES: Readonly<Record<Api, readonly string[]>> = {
  DescribeFleet: ['autoscaling:DescribeAutoScalingGroups'],
  SendCommand: ['ssm:SendCommand'],
  RebootInstances: ['ec2:RebootInstances'],
  CreateReplaceRootVolumeTask: ['ec2:CreateReplaceRootVolumeTask'],
  TerminateInstances: ['ec2:TerminateInstances'],
  // What is detached is launched anew, by the tokens of RunInstances.
  DetachInstances: ['autoscaling:DetachInstances', 'ec2:RunInstances'],
  TerminateInstanceInAutoScalingGroup: ['autoscaling:TerminateInstanceInAutoScalingGroup'],
  SetInstanceHealth: ['autoscaling:SetInstanceHealth'],
  SetDesiredCapacity: ['autoscaling:SetDesiredCapacity'],
  SuspendProcesses: ['autoscaling:SuspendProcesses'],
  ResumeProcesses: ['autoscaling:ResumeProcesses'],
};

/** The bucket of Auto Scaling is shared with the group itself and with every agent: half of it is left to them. */
const OURS: Readonly<Record<string, number>> = { autoscaling: 0.5 };
/** Run Command: not published; chosen so that a fleet of 500 is reached within seconds. */
const COMMANDS: Draw = { name: 'ssm:SendCommand', capacity: 20, rate: 2, kind: 'request' };

/** Below what was measured at an empty bucket, so that it fills. */
const CAUTION = 0.9;
/** Growth of a learned rate by each call that AWS took: about 300 calls from one throttle to the next. */
const GROWTH = 1.0005;
const LEAST_SHARE = 0.02;
/** A look at the fleet each few seconds draws as well: what is learned leaves room for a call beside it, so that no operation stands still. */
const LEAST = { request: { capacity: 2, rate: 0.5 }, resource: { capacity: 1, rate: 0 } };
/** A bucket that nobody drew on for so long: what it gave less than published is believed again by half each half hour. */
const IDLE_MS = 600_000;
const FORGETS_MS = 1_800_000;
/** Another host's clock may be ahead by so much; what it wrote beyond that is no time to wait for. */
const MOST_SKEW_MS = 30_000;
/** From so many calls, or so long, on, a rate is measured. */
const LEAST_DRAWN = 20;
const LEAST_SECONDS = 15;

/** The buckets that a call draws from. The launches that a call causes draw resources only. */
export function drawsOf(api: Api): readonly Draw[] {
  return NAMES[api].flatMap((name, index) => {
    if (name === COMMANDS.name) return [COMMANDS];
    return (['request', 'resource'] as const).flatMap((kind) => {
      if (index > 0 && kind === 'request') return [];
      const row = LIMITS.find((each) => each.kind === kind && each.unfiltered !== true && fits(each, name));
      if (row === undefined) return [];
      const bucket = row.each ? name : row.name;
      const share = OURS[bucket] ?? 1;
      return [{ name: bucket, kind, capacity: row.capacity * share, rate: row.refillPerSecond * share }];
    });
  });
}

function fits({ apis }: LimitRow, name: string): boolean {
  return apis.some((api) => (api.endsWith('*') ? name.startsWith(api.slice(0, -1)) : api === name));
}

function bucketOf(ledger: Ledger, { name, capacity, rate }: Draw, now: number): Bucket {
  const found = ledger[name];
  if (found === undefined) return { tokens: capacity, at: now, capacity, rate, drawn: 0 };
  const milliseconds = Math.max(0, now - found.at);
  const recalled = 0.5 ** (Math.max(0, milliseconds - IDLE_MS) / FORGETS_MS);
  const most = capacity - (capacity - found.capacity) * recalled;
  return {
    ...found,
    tokens: Math.min(most, found.tokens + (milliseconds / 1000) * found.rate),
    at: found.at > now + MOST_SKEW_MS ? now : Math.max(now, found.at),
    capacity: most,
    rate: rate - (rate - found.rate) * recalled,
  };
}

function cost({ kind }: Draw, instances: number): number {
  return kind === 'request' ? 1 : instances;
}

/** How many of the calls may be made now, from the first on; their tokens are drawn. @param sizes - Instances that each call names */
export function grant(
  ledger: Ledger,
  api: Api,
  sizes: readonly number[],
  now: number,
): { readonly ledger: Ledger; readonly granted: number } {
  const draws = drawsOf(api);
  const buckets = draws.map((draw) => bucketOf(ledger, draw, now));
  const left = buckets.map(({ tokens }) => tokens);
  let granted = 0;
  for (const size of sizes) {
    // A batch that is larger than a bucket, however full, goes when it is full: the rest is owed.
    const costs = draws.map((draw, index) => Math.min(cost(draw, size), buckets[index]?.capacity ?? 0));
    if (costs.some((tokens, index) => (left[index] ?? 0) < tokens)) break;
    for (const [index, draw] of draws.entries()) left[index] = (left[index] ?? 0) - cost(draw, size);
    granted += 1;
  }
  const changed = draws.map(
    ({ name }, index) => [name, { ...(buckets[index] as Bucket), tokens: left[index] ?? 0 }] as const,
  );
  return { ledger: { ...ledger, ...Object.fromEntries(changed) }, granted };
}

/** Tokens of calls that must be made: a look at the fleet waits for nobody. */
export function charge(ledger: Ledger, api: Api, calls: number, now: number): Ledger {
  const changed = drawsOf(api).map((draw) => {
    const bucket = bucketOf(ledger, draw, now);
    return [draw.name, { ...bucket, tokens: bucket.tokens - calls, drawn: bucket.drawn + calls }] as const;
  });
  return { ...ledger, ...Object.fromEntries(changed) };
}

/**
 * Learns from what became of granted calls. Between two throttles, both at an empty bucket, what was drawn is what AWS refilled: the rate
 * that is left for us, whatever is published and whoever else draws. The share of throttled calls stays below one in a hundred.
 */
export function settle(ledger: Ledger, api: Api, { made, unused, throttled }: Outcome, now: number): Ledger {
  const draws = drawsOf(api);
  const buckets = draws.map((draw) => bucketOf(ledger, draw, now));
  const tightest = throttled ? tightestOf(buckets) : undefined;
  const changed = draws.map((draw, index) => {
    const bucket = buckets[index] as Bucket;
    const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + cost(draw, size), 0);
    const drawn = bucket.drawn + sum(made);
    const grown = GROWTH ** made.length;
    const tokens = bucket.tokens + sum(unused);
    const settled: Bucket = {
      ...{ ...bucket, tokens, drawn },
      rate: Math.min(draw.rate, bucket.rate * grown),
      capacity: Math.min(draw.capacity, bucket.capacity * grown),
    };
    return [draw.name, bucket === tightest ? emptied(settled, draw, now) : settled] as const;
  });
  return { ...ledger, ...Object.fromEntries(changed) };
}

/** AWS does not say which bucket was empty: the one that has least of what it holds. */
function tightestOf(buckets: readonly Bucket[]): Bucket | undefined {
  return buckets.toSorted((a, b) => a.tokens / a.capacity - b.tokens / b.capacity)[0];
}

function emptied(bucket: Bucket, { rate, capacity, kind }: Draw, now: number): Bucket {
  const least = LEAST[kind];
  const { emptyAt = now, drawn } = bucket;
  const seconds = (now - emptyAt) / 1000;
  // A few calls say little: the bucket gives whole tokens.
  const isMeasured = seconds > 0 && (drawn >= LEAST_DRAWN || seconds >= LEAST_SECONDS);
  const learned = isMeasured ? (CAUTION * (drawn + 0.5)) / seconds : bucket.rate * 0.7;
  return {
    tokens: 0,
    at: bucket.at,
    // What was believed to be left never was.
    capacity: Math.min(capacity, Math.max(least.capacity, bucket.capacity - Math.max(0, bucket.tokens))),
    rate: Math.min(rate, Math.max(least.rate, rate * LEAST_SHARE, learned)),
    emptyAt: isMeasured ? now : emptyAt,
    drawn: bucket.emptyAt === undefined || isMeasured ? 0 : drawn,
  };
}
