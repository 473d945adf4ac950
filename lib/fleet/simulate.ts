import { allowance } from './admit.ts';
import { type Api, BATCH, type Observed } from './cloud.ts';
import { grant, type Ledger } from './ledger.ts';
import type { Policy } from './request.ts';
import { isReplaced, type Rung } from './rungs.ts';

/** A machine of a plan, as its forecast knows it. */
export interface Actor {
  readonly rung: Rung;
  readonly stage: number;
  /** Whether it works now: those that do not go first, and count for no floor. */
  readonly serves: boolean;
  /** Seconds that its job has run. @default - it has none */
  readonly busySeconds?: number | undefined;
  /** Whether it has a job whose beginning is not known. */
  readonly busy: boolean;
}

export interface Course {
  readonly actors: readonly Actor[];
  readonly desired: number;
  readonly serving: number;
  readonly room: number;
  readonly policy: Policy;
  readonly observed: Observed;
  readonly ledger: Ledger;
  readonly now: number;
}

/** How often the fleet is looked at, in seconds. */
export const POLL_SECONDS = 5;
/**
 * What a worker is told takes from a second or two to a heartbeat's 15 s until it is seen: Run Command, systemd and the start of Node.js. On
 * one day all are fast or all slow, so that many do not even it out.
 */
const TOLD_SECONDS = [1.5, 15] as const;
/** A turn is a look, its calls and what the journal writes: once to three times as long as the look alone. */
const TURN = [1, 3] as const;
/** A root volume is exchanged within about 20 s, before the machine boots. */
const ROOT_VOLUME_SECONDS = 20;
/** After so many looks, nothing moves any more. */
const MOST_TICKS = 17_280;

/** Where the fleet has nothing to tell of itself: boots of 60 s, give or take 20, and jobs of half a minute to ten. */
const BOOTS = [40, 47, 52, 56, 59, 61, 64, 68, 73, 80];
const JOBS = [30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600];

interface Walker extends Actor {
  drainedAt: number;
  actedAt?: number;
  backAt: number;
  doneAt?: number;
}

/**
 * Plays a plan once, look by look, with draws from what was observed: the rules are those of the executor. Gives the seconds until all is
 * done.
 */
export function play(course: Course, draw: Draws): number {
  const { actors, policy, now: start } = course;
  const turn = POLL_SECONDS + draw.turn;
  const walkers: Walker[] = actors.map((actor) => ({ ...actor, drainedAt: 0, backAt: 0 }));
  const lastStage = Math.max(0, ...actors.map(({ stage }) => stage));
  const taken: { at: number; count: number }[] = [];
  let { ledger, serving, room, desired } = course;
  let [stage, stageDoneAt, left] = [0, -Infinity, walkers.length];
  let waiting = walkers;
  let active: Walker[] = [];

  for (let tick = 0; tick < MOST_TICKS && left > 0; tick += 1) {
    const now = tick * turn;
    const acting: Walker[] = [];
    for (const walker of active) {
      const { rung } = walker;
      if (walker.actedAt === undefined) {
        // Its hook drains it; another is launched meanwhile.
        const early = rung === 'terminate' || (isReplaced(rung) && room > 0);
        if (now >= walker.drainedAt || early) acting.push(walker);
        if (early) room -= 1;
      } else if (now >= walker.backAt && (now >= walker.drainedAt || !isReplaced(rung))) {
        walker.doneAt = now;
        left -= 1;
        if (rung !== 'retire' && rung !== 'drain') serving += 1;
        if (isReplaced(rung)) room += 1;
        if (rung === 'retire') desired -= 1;
      }
    }
    ({ ledger } = act(acting, ledger, start, now, draw));
    for (const walker of acting) if (walker.actedAt === undefined && isReplaced(walker.rung)) room += 1;

    active = active.filter(({ doneAt }) => doneAt === undefined);
    const lowest = Math.min(lastStage, active[0]?.stage ?? lastStage, waiting[0]?.stage ?? lastStage);
    if (lowest > stage) [stage, stageDoneAt] = [lowest, now];
    if (waiting.length === 0 || (stage > 0 && now - stageDoneAt < policy.bakeSeconds)) continue;
    const admission = { serving, desired, taken, now: now * 1000 };
    let allowed = allowance(admission, policy);
    let count = 0;
    const stays: Walker[] = [];
    for (const walker of waiting) {
      if (walker.stage > stage || (walker.serves && allowed <= 0)) {
        stays.push(walker);
        continue;
      }
      if (walker.serves) {
        allowed -= 1;
        count += 1;
        serving -= 1;
      }
      walker.drainedAt = now + draw.drain(walker);
      active.push(walker);
    }
    waiting = stays;
    if (count > 0) taken.push({ at: now * 1000, count });
    // Nothing is under way that would bring machines back, and no budget is spent that time gives back.
    const spent = taken.some(({ at }) => at > (now - (policy.budget?.minutes ?? 0) * 60) * 1000);
    if (active.length === 0 && waiting.length > 0 && !spent) return Number.POSITIVE_INFINITY;
  }
  return left > 0 ? Number.POSITIVE_INFINITY : Math.max(0, ...walkers.map(({ doneAt = 0 }) => doneAt));
}

/** The calls that cure, as far as there are tokens for them. */
function act(acting: readonly Walker[], before: Ledger, start: number, now: number, draw: Draws): { ledger: Ledger } {
  let ledger = before;
  for (const [api, walkers] of Map.groupBy(acting, ({ rung }) => CURE[rung])) {
    if (api === undefined) {
      for (const walker of walkers) [walker.actedAt, walker.backAt] = [now, now];
      continue;
    }
    const batch = BATCH[api];
    const sizes = Array.from({ length: Math.ceil(walkers.length / batch) }, (_, index) =>
      Math.min(batch, walkers.length - index * batch),
    );
    const granted = grant(ledger, api, sizes, start + now * 1000);
    ledger = granted.ledger;
    for (const walker of walkers.slice(0, granted.granted * batch)) {
      walker.actedAt = now;
      walker.backAt = now + draw.back(walker.rung);
    }
  }
  return { ledger };
}

const CURE: Readonly<Record<Rung, Api | undefined>> = {
  process: 'SendCommand',
  reboot: 'RebootInstances',
  'root-volume': 'CreateReplaceRootVolumeTask',
  'warm-swap': 'DetachInstances',
  replace: 'DetachInstances',
  terminate: 'TerminateInstanceInAutoScalingGroup',
  drain: undefined,
  retire: 'DetachInstances',
};

/** What is drawn of one play. */
export interface Draws {
  /** Seconds that a look and what follows from it take, beside the pause between two. */
  readonly turn: number;
  /** Seconds until its job is over. */
  drain(actor: Actor): number;
  /** Seconds from the call until it, or another, serves. */
  back(rung: Rung): number;
}

/** So many of them tell as much as all. */
const MOST_SAMPLES = 200;

function sample(list: readonly number[], otherwise: readonly number[]): readonly number[] {
  const sorted = (list.length > 0 ? list : otherwise).toSorted((a, b) => a - b);
  const size = Math.min(sorted.length, MOST_SAMPLES);
  return Array.from({ length: size }, (_, index) => sorted[Math.floor(((index + 0.5) * sorted.length) / size)] ?? 0);
}

/** Of each play its own. @param random - Numbers from 0 to 1 */
export function drawsOf({ observed, policy }: Pick<Course, 'observed' | 'policy'>, random: () => number): () => Draws {
  const of = (list: readonly number[]): number => list[Math.floor(random() * list.length)] ?? 0;
  // Between two observations anything may be.
  const smooth = (list: readonly number[]): number => {
    const [a, b] = [of(list), of(list)];
    return Math.abs(a - b) < 10 ? a + (b - a) * random() : a;
  };
  const boots = sample(observed.boots, BOOTS);
  const reboots = sample(observed.reboots ?? [], boots);
  const jobs = sample(observed.jobs, JOBS);
  const total = jobs.reduce((sum, seconds) => sum + seconds, 0);
  const rest = ({ busy, busySeconds }: Actor): number => {
    if (!busy) return 0;
    if (busySeconds !== undefined) {
      const from = jobs.findIndex((seconds) => seconds > busySeconds);
      return from < 0 ? busySeconds * 0.1 * random() : of(jobs.slice(from)) - busySeconds;
    }
    // Whoever looks meets long jobs more often than short ones.
    let at = random() * total;
    const met = jobs.find((seconds) => {
      at -= seconds;
      return at < 0;
    });
    return (met ?? 0) * random();
  };
  return () => {
    const told = TOLD_SECONDS[0] * (TOLD_SECONDS[1] / TOLD_SECONDS[0]) ** random();
    return {
      turn: (observed.lookSeconds ?? 0) * (TURN[0] + (TURN[1] - TURN[0]) * random()),
      drain: (actor) => Math.min(rest(actor), policy.drainSeconds + 60) + told * random(),
      back: (rung) => {
        if (rung === 'process') return told * (0.5 + random() / 2);
        if (rung === 'drain' || rung === 'retire') return 0;
        if (rung === 'reboot') return smooth(reboots);
        if (rung === 'root-volume') return ROOT_VOLUME_SECONDS + smooth(reboots);
        return smooth(boots);
      },
    };
  };
}
