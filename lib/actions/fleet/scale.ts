import { declined } from '../../deploy/errors.ts';
import { requireWithin, scaleFleet } from '../../fleet/scale.ts';
import { StackId } from '../../stack/id.ts';
import { type ActionContext, progressOf } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { withFleet } from './open.ts';
import { giveBackBefore, openPorts } from './ports.ts';
import type { scaleSchema } from './schema.ts';

export interface ScaleOptions {
  readonly environment: string;
  /** Desired capacity of the group. */
  readonly desired: number;
  readonly lockTimeoutSeconds?: number;
}

export type ScaleResult = ResultOf<typeof scaleSchema>;

/**
 * Sets the desired capacity of a fleet, within the group's minimum and maximum, and waits until so many serve. Scaling policies go on from
 * there.
 * @throws TandemError `declined`, those of `scaleFleet` and `withFleet`
 */
export async function scale(context: ActionContext, options: ScaleOptions): Promise<ScaleResult> {
  const { environment, desired, lockTimeoutSeconds = 0 } = options;
  return await withFleet(context, environment, async (fleet) => {
    const ports = await openPorts(context, fleet);
    try {
      const view = await ports.cloud.look([], context.signal);
      requireWithin(view, desired);
      await giveBackBefore(context, ports, environment, view);
      const { name, minimum, maximum, desired: before } = view.group;
      const result = { environment, group: name, before, desired, minimum, maximum };
      const text = `Change the desired capacity of ${name} from ${before} to ${desired} instances?`;
      const details =
        desired < before
          ? 'Auto Scaling chooses who leaves; those with jobs are protected, or drained first.'
          : 'Scaling policies go on from there, and may make the fleet smaller again.';
      if (!(await context.io.confirm({ code: 'fleet-scale', text, details }))) throw declined();
      const told = progressOf(context, 'instances in service');
      await scaleFleet(ports, {
        ...{ stack: StackId.cluster(environment), verb: 'fleet scale', desired, lockTimeoutSeconds },
        resume: `tandem fleet scale ${environment} ${desired}`,
        signal: context.signal,
        emit: (event) => context.io.emit(event),
        onProgress: ({ serving }) => told(Math.min(serving, desired), desired),
      });
      return result;
    } finally {
      await ports.close();
    }
  });
}
