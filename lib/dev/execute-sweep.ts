import pLimit from 'p-limit';
import type { CloudApi, CloudResource } from '../openstack-api/cloud-api.ts';
import { statusOf } from '../openstack-api/errors.ts';
import type { Clock } from './clock.ts';
import { sweepStuck } from './errors.ts';
import { planSweep } from './sweep.ts';

export interface SweepOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long to go on while nothing more goes away, in seconds. @default 180 */
  readonly patienceSeconds?: number;
  /** @default - nobody is told */
  readonly onRemove?: (resource: CloudResource) => void;
  /** Spares what Terraform itself will remove. @default - nothing is spared */
  readonly spares?: (resource: CloudResource) => boolean;
}

/** Requests at once: enough to be quick, few enough for a small control plane. */
const WIDTH = 8;

/**
 * Removes everything inside a project, dependencies first, until the services list nothing more. What still hangs on something
 * that is on its way out answers with a conflict and is tried again. Safe to repeat.
 * @throws TandemError `sweep-stuck` naming what could not be deleted
 */
export async function sweepProject(
  cloud: CloudApi,
  projectId: string,
  options: SweepOptions,
): Promise<CloudResource[]> {
  const { clock, signal, patienceSeconds = 180 } = options;
  const removed = new Map<string, CloudResource>();
  let fewest = Number.POSITIVE_INFINITY;
  let since = clock.monotonic();
  for (let round = 0; ; round += 1) {
    signal.throwIfAborted();
    const contents = (await cloud.contents(projectId)).filter((each) => options.spares?.(each) !== true);
    const [wave] = planSweep(projectId, contents).waves;
    if (wave === undefined) return [...removed.values()];
    if (contents.length < fewest) {
      fewest = contents.length;
      since = clock.monotonic();
    }
    const refusals = await removeAll(cloud, wave, (resource) => {
      if (!removed.has(resource.id)) options.onRemove?.(resource);
      removed.set(resource.id, resource);
    });
    if (clock.monotonic() - since > patienceSeconds * 1000) throw sweepStuck(projectId, wave, refusals[0]);
    // Deleting takes the services a moment; asking at once would only repeat it.
    await clock.sleep(Math.min(250 * 1.4 ** round, 3000), signal);
  }
}

async function removeAll(
  cloud: CloudApi,
  wave: readonly CloudResource[],
  accepted: (resource: CloudResource) => void,
): Promise<Error[]> {
  const refusals: Error[] = [];
  await pLimit(WIDTH).map(wave, async (resource) => {
    try {
      await cloud.remove(resource);
      accepted(resource);
    } catch (error) {
      if (!isStillInUse(error)) throw error;
      refusals.push(error as Error);
    }
  });
  return refusals;
}

/** Cinder says 400 for a volume that is in use, the others 409. */
function isStillInUse(error: unknown): boolean {
  const status = statusOf(error);
  return status === 400 || status === 409;
}
