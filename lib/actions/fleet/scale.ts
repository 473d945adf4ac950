import { declined } from '../../deploy/errors.ts';
import { runOperation } from '../../deploy/operation.ts';
import { outsideOfGroup } from '../../fleet/look/errors.ts';
import { StackId } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';
import { withFleet } from './open.ts';
import { openPorts } from './ports.ts';

export interface ScaleOptions {
  readonly environment: string;
  /** Desired capacity of the group. */
  readonly desired: number;
  readonly lockTimeoutSeconds?: number;
}

export interface ScaleResult {
  readonly environment: string;
  readonly group: string;
  readonly before: number;
  readonly desired: number;
  readonly minimum: number;
  readonly maximum: number;
}

const VERB = 'fleet scale';

/**
 * Sets the desired capacity of a fleet, within the group's minimum and maximum. Scaling policies go on from there.
 * @throws TandemError `fleet-size-out-of-range`, `declined`, those of `runOperation` and `withFleet`
 */
export async function scale(context: ActionContext, options: ScaleOptions): Promise<ScaleResult> {
  const { environment, desired, lockTimeoutSeconds = 0 } = options;
  return await withFleet(context, environment, async (fleet) => {
    const ports = await openPorts(context, fleet);
    try {
      const { group } = await ports.cloud.look([], context.signal);
      const { name, minimum, maximum, desired: before } = group;
      // AWS refuses a request above the maximum as a whole, in words that name neither setting nor file.
      if (desired < minimum || desired > maximum) throw outsideOfGroup(environment, desired, minimum, maximum);
      const result = { environment, group: name, before, desired, minimum, maximum };
      if (desired === before) return result;
      const text = `Change the desired capacity of ${name} from ${before} to ${desired} instances?`;
      const details =
        desired < before
          ? 'Auto Scaling chooses who leaves; those with jobs are protected, or drained first.'
          : 'Scaling policies go on from there, and may make the fleet smaller again.';
      if (!(await context.io.confirm({ code: 'fleet-scale', text, details }))) throw declined();
      await runOperation(
        ports,
        [StackId.cluster(environment)],
        {
          ...{ verb: VERB, signal: context.signal, lockTimeoutSeconds, arguments: { desired } },
          resume: `tandem fleet scale ${environment} ${desired}`,
          resumes: ({ verb }) => verb === VERB,
          emit: (event) => context.io.emit(event),
        },
        (operation) =>
          operation.step(`scale to ${desired}`, () => ports.cloud.setDesired(desired), { detail: { before } }),
      );
      return result;
    } finally {
      await ports.close();
    }
  });
}
