import { z } from 'zod';
import type { JournalEntry } from '../state/journal.ts';
import { GROUP_PROCESSES, type GroupProcess } from './cloud.ts';
import { RUNGS, type Rung } from './rungs.ts';
import type { Versions } from './view.ts';

/** What became of a chosen machine, as the journal tells it. Times are in milliseconds since 1970. */
export interface Tracked {
  readonly id: string;
  readonly zone: string;
  readonly rung: Rung;
  /** From 0: one machine, one in twenty, the others. */
  readonly stage: number;
  /** Image that its root volume gets. @default - that of its launch */
  readonly image?: string | undefined;
  /** It was told to take no more jobs. */
  readonly drainedAt?: number | undefined;
  /** It was told to give its job back. */
  readonly returnedAt?: number | undefined;
  /** The call that cures it was made: start, reboot, root volume, detachment or termination through the group. */
  readonly actedAt?: number | undefined;
  /** When that call was first tried, whatever became of it: of one whose answer was lost, that is all there is. */
  readonly triedAt?: number | undefined;
  /** When its last heartbeat before that call was written. */
  readonly beatBefore?: number | undefined;
  readonly terminatedAt?: number | undefined;
  /** Calls that began and of which nobody knows whether they had an effect. */
  readonly doubt: ReadonlySet<Effect>;
  /** How often the call that cures it was made. */
  readonly attempts: number;
  /** Systems Manager does not reach it: nobody can tell its worker anything. */
  readonly unreached: boolean;
  /** How often AWS refused a call of it, and the last answer. */
  readonly refusals: number;
  readonly refusal?: string | undefined;
  /** `gone`: it left the fleet by itself, or by others. */
  readonly end?: 'done' | 'failed' | 'gone' | undefined;
  readonly endedAt?: number | undefined;
  readonly why?: string | undefined;
}

/** Effects on machines, as steps of the journal are named. */
export type Effect = 'drain' | 'give back jobs' | 'act' | 'terminate' | 'start again';

export interface TrackState {
  /** When it was planned. */
  readonly begunAt: number;
  readonly machines: ReadonlyMap<string, Tracked>;
  /** Machines that the fleet had when the operation began: others are newcomers. */
  readonly known: ReadonlySet<string>;
  /** Versions that machines must have afterwards. @default - whatever they have */
  readonly target?: Versions | undefined;
  /** When machines were taken out of service, and how many: what a budget counts. */
  readonly taken: readonly { readonly at: number; readonly count: number }[];
  /** Processes of the group that this operation suspended, or may have, and has not given back. */
  readonly suspended: readonly GroupProcess[];
  /** Whoever works on it says so anew before. @default - nothing is suspended, or nobody said */
  readonly suspendedUntil?: number | undefined;
  /** Why what machines got is broken. @default - it is not, as far as was seen */
  readonly condemned?: string | undefined;
  /** Number of the next step. */
  readonly next: number;
}

const planSchema = z.object({
  machines: z.array(
    z.object({
      id: z.string(),
      zone: z.string(),
      rung: z.enum(RUNGS),
      stage: z.number(),
      image: z.string().optional(),
    }),
  ),
  known: z.array(z.string()),
  target: z.object({ template: z.string(), image: z.string(), program: z.string().optional() }).optional(),
  at: z.number(),
});
const idsSchema = z.object({
  ids: z.array(z.string()),
  /** When their last heartbeats were written. */
  beats: z.record(z.string(), z.number()).default({}),
  /** How many of them were in service. */
  takes: z.number().default(0),
  at: z.number(),
});
const madeSchema = z.object({
  made: z.array(z.string()),
  /** Nobody knows whether these were: no answer came. */
  unsure: z.array(z.string()).default([]),
  /** Systems Manager does not reach these. */
  unreached: z.array(z.string()).default([]),
  /** What AWS answered, by id. */
  refused: z.record(z.string(), z.string()).default({}),
  at: z.number(),
});
const processesSchema = z.object({ processes: z.array(z.enum(GROUP_PROCESSES)), until: z.number().optional() });
const whySchema = z.object({ why: z.string() });
const endsSchema = z.object({
  done: z.array(z.string()),
  failed: z.record(z.string(), z.string()),
  gone: z.array(z.string()),
  at: z.number(),
});

export type PlanDetail = z.output<typeof planSchema>;
/** What a step gave. */
export type StepResult = z.input<typeof madeSchema>;

const EMPTY: TrackState = { begunAt: 0, machines: new Map(), known: new Set(), taken: [], suspended: [], next: 1 };

/** An operation as its entries tell it: the same whoever reads them, and whenever. */
export function replay(entries: Iterable<JournalEntry>): TrackState {
  let state = EMPTY;
  const details = new Map<string, unknown>();
  for (const entry of entries) {
    if (entry.entry === 'intend') details.set(entry.key, entry.detail);
    if (entry.entry === 'intend') state = begun(state, entry.key, entry.detail);
    if (entry.entry === 'done') state = finished(state, entry.key, details.get(entry.key), entry.result);
  }
  return state;
}

/** A key is the name of what is done, and a number: `drain 7`. */
export function begun(state: TrackState, key: string, detail: unknown): TrackState {
  const [name, number] = parts(key);
  const counted = { ...state, next: Math.max(state.next, number + 1) };
  if (name === 'plan') return planned(counted, planSchema.parse(detail));
  if (name === 'suspend') {
    const { processes, until } = processesSchema.parse(detail);
    return { ...counted, suspended: [...new Set([...state.suspended, ...processes])], suspendedUntil: until };
  }
  const effect = effectOf(name);
  if (effect === undefined) return counted;
  const { ids, beats, takes, at } = idsSchema.parse(detail);
  const taken = takes === 0 ? state.taken : [...state.taken, { at, count: takes }];
  return change({ ...counted, taken }, ids, (machine) => ({
    doubt: new Set([...machine.doubt, effect]),
    ...(effect === 'act' ? { beatBefore: beats[machine.id], triedAt: machine.triedAt ?? at } : {}),
  }));
}

export function finished(state: TrackState, key: string, detail: unknown, result: unknown): TrackState {
  const [name] = parts(key);
  if (name === 'give back processes') {
    const { processes } = processesSchema.parse(detail);
    return { ...state, suspended: state.suspended.filter((each) => !processes.includes(each)) };
  }
  if (name === 'note') {
    const { done, failed, gone, at } = endsSchema.parse(detail);
    const ended = change(state, done, () => ({ end: 'done', endedAt: at }));
    const left = change(ended, gone, () => ({ end: 'gone', endedAt: at }));
    return change(left, Object.keys(failed), ({ id }) => ({ end: 'failed', endedAt: at, why: failed[id] }));
  }
  if (name === 'try again') return change({ ...state, condemned: undefined }, idsSchema.parse(detail).ids, () => AGAIN);
  if (name === 'condemn') return { ...state, condemned: whySchema.parse(detail).why };
  const effect = effectOf(name);
  if (effect === undefined) return state;
  const { ids } = idsSchema.parse(detail);
  const { made, unsure, unreached, refused, at } = madeSchema.parse(result);
  const sets = { made: new Set(made), unsure: new Set(unsure), unreached: new Set(unreached) };
  return change(state, ids, (machine) => {
    const { id, refusals } = machine;
    const doubt = new Set([...machine.doubt].filter((each) => each !== effect || sets.unsure.has(id)));
    const refusal = refused[id];
    return {
      doubt,
      ...(sets.made.has(id) ? marks(effect, machine, at) : {}),
      ...(sets.unreached.has(id) ? { unreached: true } : {}),
      ...(refusal === undefined ? {} : { refusals: refusals + 1, refusal }),
    };
  });
}

function marks(effect: Effect, machine: Tracked, at: number): Partial<Tracked> {
  if (effect === 'drain') return { drainedAt: machine.drainedAt ?? at };
  if (effect === 'give back jobs') return { returnedAt: at };
  if (effect === 'act') return { actedAt: at, attempts: machine.attempts + 1 };
  if (effect === 'terminate') return { terminatedAt: at };
  // It works as before, as if it had never been asked.
  return { drainedAt: undefined, returnedAt: undefined };
}

const AGAIN: Partial<Tracked> = {
  ...{ end: undefined, endedAt: undefined, why: undefined, refusals: 0, refusal: undefined, unreached: false },
  ...{
    drainedAt: undefined,
    returnedAt: undefined,
    actedAt: undefined,
    triedAt: undefined,
    beatBefore: undefined,
    terminatedAt: undefined,
  },
  doubt: new Set(),
};

function planned(state: TrackState, { machines, known, target, at }: PlanDetail): TrackState {
  const tracked = machines.map(
    (each) => [each.id, { ...each, doubt: new Set<Effect>(), attempts: 0, unreached: false, refusals: 0 }] as const,
  );
  return {
    ...state,
    begunAt: at,
    machines: new Map(tracked),
    known: new Set(known),
    target: target,
  };
}

function change(state: TrackState, ids: readonly string[], to: (machine: Tracked) => Partial<Tracked>): TrackState {
  if (ids.length === 0) return state;
  const machines = new Map(state.machines);
  for (const id of ids) {
    const machine = machines.get(id);
    if (machine !== undefined) machines.set(id, { ...machine, ...to(machine) });
  }
  return { ...state, machines };
}

function parts(key: string): [name: string, number: number] {
  const [, name = key, number = '0'] = /^(.*?)(?: (\d+))?$/.exec(key) ?? [];
  return [name, Number(number)];
}

const ACTS: readonly string[] = ['start', 'reboot', 'root volume', 'detach', 'terminate in group'];

function effectOf(name: string): Effect | undefined {
  if (ACTS.includes(name)) return 'act';
  if (name === 'drain' || name === 'give back jobs' || name === 'terminate' || name === 'start again') return name;
  return undefined;
}
