import pLimit from 'p-limit';
import type { CloudApi, CloudResource } from '../openstack-api/cloud-api.ts';
import { statusOf } from '../openstack-api/errors.ts';
import { CONTROLLERS } from '../openstack-api/kinds/inside.ts';
import type { ResourceKind } from '../openstack-api/resource-kinds.ts';
import type { Clock } from './clock.ts';
import { sweepStuck } from './errors.ts';
import { describeStuck, nameOf, type StuckThing } from './stuck.ts';
import { isBusy, planSweep } from './sweep.ts';

export interface SweepOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Name of the environment, for messages. */
  readonly environment: string;
  /** How long to go on while nothing more goes away, in seconds. @default 120 */
  readonly patienceSeconds?: number;
  /** @default - nobody is told */
  readonly onRemove?: (resource: CloudResource) => void;
  /** Leaves it, whatever it is used by. @default - nothing is left */
  readonly spares?: (resource: CloudResource) => boolean;
}

/** How long to go on while a service says that it works on what is left. */
const BUSY_PATIENCE_SECONDS = 600;

/** Requests at once: enough to be quick, few enough for a small control plane. */
const WIDTH = 8;
/** Rounds without a change after which the order that things seem to have is not believed any more. */
const DOUBTS = 3;

/**
 * Removes everything inside a project, what uses others first, until the services list nothing more. What still hangs on something
 * that is on its way out answers with a conflict and is tried again; what a service refuses for another reason stops nothing else.
 * What other projects hold is given up at once, when all the rest is gone. Safe to repeat.
 * @throws TandemError `sweep-stuck` naming each thing that could not be deleted, and why
 */
export async function sweepProject(
  cloud: CloudApi,
  projectId: string,
  options: SweepOptions,
): Promise<CloudResource[]> {
  const { clock, signal, patienceSeconds = 120 } = options;
  const removed = new Map<string, CloudResource>();
  const watch = progressOf(clock);
  let known: ReadonlySet<ResourceKind> | undefined;
  for (let round = 0; ; round += 1) {
    signal.throwIfAborted();
    const contents = (await cloud.contents(projectId, known)).filter((each) => options.spares?.(each) !== true);
    const { waves } = planSweep(projectId, contents);
    const left = waves.flat();
    if (left.length === 0 && known === undefined) return [...removed.values()];
    // Of what was not there before nothing is expected, until all else is gone: then everything is asked for once more.
    known = left.length === 0 || left.some(({ kind }) => CONTROLLERS.has(kind)) ? undefined : kindsOf(left);
    if (left.length === 0) continue;
    const { rounds, seconds } = watch(left);
    const refusals = await removeAll(cloud, rounds > DOUBTS ? left : (waves[0] ?? []), (resource) => {
      if (!removed.has(nameOf(resource))) options.onRemove?.(resource);
      removed.set(nameOf(resource), resource);
    });
    const patience = left.some(isBusy) ? BUSY_PATIENCE_SECONDS : patienceSeconds;
    const mayBeForeign = rounds > DOUBTS && rounds % DOUBTS === 1 && !left.some(isBusy);
    if (seconds > patience || mayBeForeign) {
      const stuck = await explain(cloud, left, refusals);
      if (seconds > patience || stuck.some(({ holders }) => holders.length > 0))
        throw sweepStuck(options.environment, projectId, stuck, await describeAll(cloud, stuck));
    }
    // Deleting takes the services a moment; asking at once would only repeat it.
    await clock.sleep(Math.min(250 * 1.4 ** round, 3000), signal);
  }
}

function kindsOf(left: readonly CloudResource[]): ReadonlySet<ResourceKind> {
  return new Set(left.map(({ kind }) => kind));
}

/** Since how many rounds and seconds nothing of what is left went away or changed its state. */
function progressOf(clock: Clock) {
  let last = '';
  let since = clock.monotonic();
  let rounds = 0;
  return (left: readonly CloudResource[]): { readonly rounds: number; readonly seconds: number } => {
    const now = left
      .map((each) => `${nameOf(each)} ${each.state}`)
      .sort()
      .join('\n');
    rounds = now === last ? rounds + 1 : 0;
    if (now !== last) since = clock.monotonic();
    last = now;
    return { rounds, seconds: (clock.monotonic() - since) / 1000 };
  };
}

async function removeAll(
  cloud: CloudApi,
  wave: readonly CloudResource[],
  accepted: (resource: CloudResource) => void,
): Promise<Map<string, Error>> {
  const refusals = new Map<string, Error>();
  await pLimit(WIDTH).map(wave, async (resource) => {
    try {
      await cloud.remove(resource);
      accepted(resource);
    } catch (error) {
      const status = statusOf(error);
      // No answer, or none to us at all: then nothing else has a chance either.
      if (status === undefined || status === 401) throw error;
      refusals.set(nameOf(resource), error as Error);
    }
  });
  return refusals;
}

/** Asks of what is left by whom it is held; what only waits for such a thing, and says nothing of its own, is left out. */
async function explain(
  cloud: CloudApi,
  left: readonly CloudResource[],
  refusals: ReadonlyMap<string, Error>,
): Promise<StuckThing[]> {
  const stuck = await pLimit(WIDTH).map(left, async (resource): Promise<StuckThing> => {
    const refusal = refusals.get(nameOf(resource))?.message ?? '';
    return { resource, refusal, holders: await cloud.holders(resource) };
  });
  const rank = ({ holders, resource }: StuckThing): number => (holders.length > 0 ? 0 : isBusy(resource) ? 1 : 2);
  return stuck.sort((a, b) => rank(a) - rank(b));
}

async function describeAll(cloud: CloudApi, stuck: readonly StuckThing[]): Promise<string[]> {
  const ids = new Set(stuck.flatMap(({ holders }) => holders.map(({ projectId }) => projectId)));
  const projects = new Map<string, string>();
  for (const id of ids) if (id !== '') projects.set(id, (await cloud.project(id))?.name ?? '');
  return stuck.map((each) => describeStuck(each, projects));
}
