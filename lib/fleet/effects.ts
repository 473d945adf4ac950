import { inBatches } from '../aws-api/batches.ts';
import { type Api, BATCH, CloudFault, type FleetCloud } from './cloud.ts';
import { callUnauthorised } from './errors.ts';
import { charge, grant, type Outcome, settle } from './ledger.ts';
import type { ActionKind } from './next-step.ts';
import type { FleetPorts } from './ports.ts';
import type { StepResult, Tracked } from './track.ts';

const API: Readonly<Record<ActionKind, Api>> = {
  drain: 'SendCommand',
  'give back jobs': 'SendCommand',
  'start again': 'SendCommand',
  start: 'SendCommand',
  reboot: 'RebootInstances',
  'root volume': 'CreateReplaceRootVolumeTask',
  detach: 'DetachInstances',
  terminate: 'TerminateInstances',
  'terminate in group': 'TerminateInstanceInAutoScalingGroup',
};

/** Half an hour of attempts. */
const MOST_ATTEMPTS = 60;

/** Calls that were granted, and what to do with their tokens afterwards. */
export interface Granted {
  readonly ids: readonly string[];
  /** Makes the calls. @throws TandemError where the caller has no permission */
  readonly run: () => Promise<StepResult>;
}

/** Counts what was called, and who was throttled. */
export interface Counter {
  made: Partial<Record<Api, number>>;
  throttled: number;
}

/**
 * As many calls of an action as the ledger grants now, one after the other: the first that is throttled ends them, for all of its batch at
 * once.
 */
export async function grantedCalls(
  { cloud, ledger, clock }: Pick<FleetPorts, 'cloud' | 'ledger' | 'clock'>,
  operation: string,
  kind: ActionKind,
  machines: readonly Tracked[],
  counter: Counter,
): Promise<Granted> {
  const api = API[kind];
  const all = batchesOf(kind, machines);
  const sizes = all.map((batch) => batch.length);
  const granted = await ledger.update((before) => {
    const { ledger: next, granted: value } = grant(before, api, sizes, clock.now());
    return { ledger: next, value };
  });
  const batches = all.slice(0, granted);
  const run = async (): Promise<StepResult> => {
    const result = await callAll(cloud, operation, kind, batches);
    counter.made[api] = (counter.made[api] ?? 0) + result.outcome.made.length;
    counter.throttled += result.outcome.throttled ? 1 : 0;
    await ledger.update((before) => ({ ledger: settle(before, api, result.outcome, clock.now()), value: undefined }));
    return { ...result.step, at: clock.now() };
  };
  return { ids: batches.flatMap((batch) => batch.map(({ id }) => id)), run };
}

/** One call of the whole group, tried until AWS has done it: a throttle or a lost answer is no reason to leave it. */
export async function grantedWhenever(
  { ledger, clock }: Pick<FleetPorts, 'ledger' | 'clock'>,
  api: Api,
  call: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await ledger.update((before) => ({ ledger: charge(before, api, 1, clock.now()), value: undefined }));
    try {
      await call();
      return;
    } catch (error) {
      const kind = error instanceof CloudFault ? error.facts.kind : 'refused';
      if ((kind !== 'throttled' && kind !== 'unknown') || attempt >= MOST_ATTEMPTS) throw error;
      await clock.sleep(Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5)));
    }
  }
}

/** Terminations have a call for each zone: one protected instance spares all others of its zone. */
function batchesOf(kind: ActionKind, machines: readonly Tracked[]): readonly (readonly Tracked[])[] {
  const lots =
    kind === 'terminate'
      ? [...Map.groupBy(machines, ({ zone }) => zone).values()]
      : kind === 'detach'
        ? byWay(machines)
        : [machines];
  const size = BATCH[API[kind]];
  return lots.flatMap((lot) => inBatches(lot, size));
}

/** With and without others in their place. */
function byWay(machines: readonly Tracked[]): readonly (readonly Tracked[])[] {
  return [...Map.groupBy(machines, ({ rung }) => rung === 'retire').values()];
}

interface Tally {
  readonly made: string[];
  readonly unsure: string[];
  readonly unreached: string[];
  readonly refused: Record<string, string>;
  readonly calls: number[];
}

async function callAll(
  cloud: FleetCloud,
  operation: string,
  kind: ActionKind,
  batches: readonly (readonly Tracked[])[],
): Promise<{ readonly step: Omit<StepResult, 'at'>; readonly outcome: Outcome }> {
  const tally: Tally = { made: [], unsure: [], unreached: [], refused: {}, calls: [] };
  const step = { made: tally.made, unsure: tally.unsure, unreached: tally.unreached, refused: tally.refused };
  for (const [index, batch] of batches.entries()) {
    if (await callOne(cloud, operation, kind, batch, tally)) continue;
    const unused = batches.slice(index + 1).map((each) => each.length);
    return { step, outcome: { made: tally.calls, unused, throttled: true } };
  }
  return { step, outcome: { made: tally.calls, unused: [], throttled: false } };
}

/** One call; where AWS refuses all for the sake of some, the others are called again. False where it was throttled. */
async function callOne(
  cloud: FleetCloud,
  operation: string,
  kind: ActionKind,
  batch: readonly Tracked[],
  tally: Tally,
): Promise<boolean> {
  const ids = batch.map(({ id }) => id);
  try {
    const unreached = await call(cloud, operation, kind, batch);
    tally.calls.push(batch.length);
    tally.unreached.push(...unreached);
    tally.made.push(...ids.filter((id) => !unreached.includes(id)));
    return true;
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const { facts } = error;
    if (facts.kind === 'throttled') return false;
    tally.calls.push(batch.length);
    if (facts.kind === 'unauthorised') throw callUnauthorised(facts.api, facts.message, error);
    if (facts.kind === 'unknown') {
      tally.unsure.push(...ids);
      return true;
    }
    const [guilty, others] = sides(batch, facts.ids);
    for (const { id } of guilty) tally.refused[id] = facts.message;
    for (const lot of others) if (!(await callOne(cloud, operation, kind, lot, tally))) return false;
    return true;
  }
}

/** Those that are to blame, and the lots to try again: halves, where AWS does not say who it is. */
function sides(batch: readonly Tracked[], ids: readonly string[] = []): [readonly Tracked[], (readonly Tracked[])[]] {
  const guilty = batch.filter(({ id }) => ids.includes(id));
  if (guilty.length > 0) {
    const rest = batch.filter((each) => !guilty.includes(each));
    return [guilty, rest.length > 0 ? [rest] : []];
  }
  if (batch.length === 1) return [batch, []];
  const middle = Math.ceil(batch.length / 2);
  return [[], [batch.slice(0, middle), batch.slice(middle)]];
}

/** Gives the ids that were not reached. */
async function call(
  cloud: FleetCloud,
  operation: string,
  kind: ActionKind,
  batch: readonly Tracked[],
): Promise<readonly string[]> {
  const ids = batch.map(({ id }) => id);
  const [first] = batch;
  if (first === undefined) return [];
  switch (kind) {
    case 'drain':
      return cloud.command(ids, 'stop');
    case 'give back jobs':
      return cloud.command(ids, 'give-back');
    case 'start':
    case 'start again':
      return cloud.command(ids, 'start');
    case 'reboot':
      await cloud.reboot(ids);
      break;
    case 'root volume':
      // A second call with this token, after a crash or a lost answer, starts no second task.
      await cloud.replaceRootVolume(first.id, `${operation}-${first.id}-${first.attempts}`, first.image);
      break;
    case 'detach':
      await cloud.detach(ids, first.rung === 'retire');
      break;
    case 'terminate':
      await cloud.terminate(ids);
      break;
    case 'terminate in group':
      await cloud.terminateInGroup(first.id, false);
      break;
  }
  return [];
}
