import { allowance } from './admit.ts';
import { gateOf, stageNow } from './gates.ts';
import { mayServe, serves } from './judge.ts';
import { type ActionKind, isAdmitted, type Next, nextOf, type Situation } from './next-step.ts';
import { isReplaced } from './rungs.ts';
import type { Tracked } from './track.ts';
import type { Machine } from './view.ts';

export interface Action {
  readonly kind: ActionKind;
  /** In the order in which they are taken; AWS's batches are the executor's business. */
  readonly ids: readonly string[];
}

export interface Decision {
  readonly actions: readonly Action[];
  readonly done: readonly string[];
  /** Why, by id. */
  readonly failed: Readonly<Record<string, string>>;
  readonly gone: readonly string[];
  /** Why no further machine is to be begun. */
  readonly pause?: string | undefined;
  /** Whether what machines got is to blame for that. */
  readonly condemns: boolean;
  /** Nothing is under way, and nothing is left that may be begun. */
  readonly finished: boolean;
}

const ORDER: readonly ActionKind[] = [
  'terminate',
  'start again',
  'start',
  'reboot',
  'root volume',
  'detach',
  'terminate in group',
  'give back jobs',
  'drain',
];
/** A zone that had no capacity is asked again after so long. */
const RECENT_MS = 120_000;

/** What is to be done now. Pure: the same situation gives the same decision. */
export function decide(situation: Situation): Decision {
  const { state, view } = situation;
  const machines = new Map(view.machines.map((machine) => [machine.id, machine]));
  const open = [...state.machines.values()].filter(({ end }) => end === undefined);
  const wanted = new Map<ActionKind, string[]>(ORDER.map((kind) => [kind, []]));
  const want = (kind: ActionKind, id: string) => wanted.get(kind)?.push(id);
  const ends = { done: [] as string[], failed: {} as Record<string, string>, gone: [] as string[] };
  const succession: Tracked[] = [];
  const detachable: { readonly tracked: Tracked; readonly drained: boolean }[] = [];
  const waiting: Tracked[] = [];

  for (const tracked of open) {
    const { id } = tracked;
    const next: Next = isAdmitted(tracked)
      ? nextOf(tracked, machines.get(id), situation)
      : beforeAdmission(machines.get(id));
    if (next.kind === 'end') {
      if (next.end === 'failed') ends.failed[id] = next.why ?? 'it failed';
      else ends[next.end].push(id);
    } else if (next.kind === 'act') {
      if (next.action !== 'drain' || !situation.stopping) want(next.action, id);
    } else if (next.kind === 'succession') succession.push(tracked);
    else if (next.kind === 'detach') detachable.push({ tracked, drained: next.drained });
    if (!isAdmitted(tracked) && next.kind === 'wait') waiting.push(tracked);
  }

  const noLaunch = succeed(succession, situation, ends);
  const gate = noLaunch === undefined ? gateOf(situation, waiting.length) : undefined;
  const pause = noLaunch ?? gate?.why;
  const isHalted = situation.stopping || pause !== undefined;
  if (isHalted) for (const id of undone(open, machines, situation)) want('start again', id);
  else detach(detachable, situation, want);
  if (!isHalted)
    for (const { rung, id } of admitted(waiting, machines, situation, detachable.length))
      want(rung === 'terminate' ? 'terminate in group' : 'drain', id);

  const actions = ORDER.flatMap((kind) => {
    const ids = wanted.get(kind) ?? [];
    return ids.length === 0 ? [] : [{ kind, ids }];
  });
  // Nobody waits for what is not launched, nor for what is not begun any more.
  const idle = isHalted ? waiting.length + detachable.length : 0;
  const missing = noLaunch === undefined ? 0 : succession.filter(({ id }) => !ends.done.includes(id)).length;
  const ended = ends.done.length + ends.gone.length + Object.keys(ends.failed).length;
  const isUnderWay = open.length - ended > idle + missing;
  return { actions, ...ends, pause, condemns: gate?.condemns ?? false, finished: !isUnderWay && actions.length === 0 };
}

function beforeAdmission(machine: Machine | undefined): Next {
  const isHere =
    machine !== undefined && /^(InService|Pending|Standby|EnteringStandby|Warmed)/.test(machine.lifecycleState);
  return isHere ? { kind: 'wait' } : { kind: 'end', end: 'gone', why: 'it left the fleet' };
}

/** Each machine that is out is done when another serves in its place. Gives why no more are to be begun. */
function succeed(
  succession: readonly Tracked[],
  situation: Situation,
  ends: { done: string[]; failed: Record<string, string> },
): string | undefined {
  const { state, view, policy, now, faults } = situation;
  const serving = view.machines.filter((machine) => serves(machine, situation));
  const used = [...state.machines.values()].filter(({ end, rung }) => end === 'done' && isReplaced(rung)).length;
  const isFull = serving.length >= view.group.desired;
  let newcomers = serving.filter(({ id }) => !state.known.has(id)).length - used;
  let pause: string | undefined;
  const since = ({ actedAt, triedAt = now }: Tracked): number => actedAt ?? triedAt;
  for (const tracked of succession.toSorted((a, b) => since(a) - since(b))) {
    const { id } = tracked;
    if (isFull || newcomers > 0) {
      ends.done.push(id);
      newcomers -= 1;
    } else if (now - since(tracked) > policy.backSeconds * 1000) {
      const [fault] = faults;
      if (fault === undefined || fault.kind === 'unhealthy' || fault.kind === 'other')
        ends.failed[id] = `no other machine took its place within ${policy.backSeconds} s`;
      else pause = whyNoLaunch(fault);
    }
  }
  const quota = faults.find(({ kind, at }) => kind === 'over-quota' && now - at < RECENT_MS);
  return pause ?? (quota !== undefined && succession.length > 0 ? whyNoLaunch(quota) : undefined);
}

function whyNoLaunch({ kind, zone, message }: Situation['faults'][number]): string {
  const where = zone === undefined ? '' : ` in ${zone}`;
  const what = kind === 'over-quota' ? 'a quota is reached' : 'EC2 has no capacity';
  return `${what}${where}: ${message}`;
}

/** Begun and not cured: they go back to work. */
function undone(
  open: readonly Tracked[],
  machines: ReadonlyMap<string, Machine>,
  situation: Situation,
): readonly string[] {
  return open.flatMap((tracked) => {
    const { id, drainedAt, actedAt, doubt } = tracked;
    const isBegun = (drainedAt !== undefined || doubt.has('drain')) && actedAt === undefined && !doubt.has('act');
    const machine = machines.get(id);
    return isBegun && machine !== undefined && nextOf(tracked, machine, situation).kind !== 'end' ? [id] : [];
  });
}

/** As many as there is room for at once, those without a job first; Auto Scaling replaces one by one what there is no room for. */
function detach(
  detachable: readonly { readonly tracked: Tracked; readonly drained: boolean }[],
  { room, faults, now }: Situation,
  want: (kind: ActionKind, id: string) => void,
): void {
  const without = emptyZones(faults, now);
  let left = room;
  for (const { tracked, drained } of detachable.toSorted((a, b) => Number(b.drained) - Number(a.drained))) {
    if (without.has(tracked.zone) || without.has('')) continue;
    if (left > 0) want('detach', tracked.id);
    else if (drained && room <= 0) want('terminate in group', tracked.id);
    left -= 1;
  }
}

function emptyZones(faults: Situation['faults'], now: number): ReadonlySet<string> {
  const recent = faults.filter(({ kind, at }) => kind === 'no-capacity' && now - at < RECENT_MS);
  return new Set(recent.map(({ zone }) => zone ?? ''));
}

/** Those that may go out of service now: what is out of it already first, then as many as floor and budget leave. */
function admitted(
  waiting: readonly Tracked[],
  machines: ReadonlyMap<string, Machine>,
  situation: Situation,
  undetached: number,
): readonly Tracked[] {
  const { state, view, policy, now, faults } = situation;
  const stage = stageNow(situation);
  if (stage === undefined) return [];
  const without = emptyZones(faults, now);
  const isOut = ({ id }: { readonly id: string }): boolean => {
    const tracked = state.machines.get(id);
    return tracked !== undefined && tracked.end === undefined && isAdmitted(tracked);
  };
  const serving = new Set(
    view.machines.filter((machine) => serves(machine, situation) && !isOut(machine)).map(({ id }) => id),
  );
  const candidates = waiting.filter(
    ({ stage: own, rung, zone }) => own <= stage && !(isReplaced(rung) && (without.has(zone) || without.has(''))),
  );
  const admission = { serving: serving.size, desired: view.group.desired, taken: state.taken, now };
  // What is drained and cannot be detached for want of room is no reason to drain more.
  let left = undetached > 0 && situation.room <= 0 ? 0 : allowance(admission, policy);
  const sickFirst = candidates.toSorted((a, b) => Number(serving.has(a.id)) - Number(serving.has(b.id)));
  return sickFirst.filter(({ id }) => {
    const machine = machines.get(id);
    if (machine === undefined) return false;
    if (!mayServe(machine, situation)) return true;
    left -= 1;
    return left >= 0;
  });
}
