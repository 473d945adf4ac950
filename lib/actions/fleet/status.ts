import { setTimeout as sleep } from 'node:timers/promises';
import { toAwsError } from '../../aws-api/aws-error.ts';
import { actor } from '../../deploy/real.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { FleetReport } from '../../fleet/look/report.ts';
import { parseSelector } from '../../fleet/selectors.ts';
import type { Suspension } from '../../fleet/suspensions.ts';
import { StackId } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';
import { writeText } from '../write-text.ts';
import { type OpenFleet, withFleet } from './open.ts';

export interface StatusOptions {
  readonly environment: string;
  /** Selector of instances. @default - all */
  readonly where?: string | undefined;
  /** Writes the report as a page there. @default - no page */
  readonly html?: string | undefined;
  /** Looks again and again until it is interrupted, and emits each report. @default false */
  readonly watch?: boolean;
  /** Between two looks, in seconds. @default 15, the time between two heartbeats */
  readonly everySeconds?: number | undefined;
}

const EVERY_SECONDS = 15;

/** What a fleet is like. @throws TandemError `bad-selector`, `cannot-write`, and those of `withFleet` */
export async function status(context: ActionContext, options: StatusOptions): Promise<FleetReport> {
  const { watch = false, everySeconds = EVERY_SECONDS, html } = options;
  const where = options.where === undefined ? undefined : parseSelector(options.where);
  return await withFleet(context, options.environment, async (fleet) => {
    const signal = watch ? context.signal : undefined;
    for (;;) {
      const report = await look(context, fleet, options.environment, { where });
      if (html !== undefined) {
        const { fleetPage } = await import('../../fleet/look/page.ts');
        writeText(html, fleetPage(report));
      }
      if (signal === undefined) return report;
      context.io.emit({ kind: 'fleet', report });
      await sleep(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
      // A view that is watched ends when somebody ends it.
      if (signal.aborted) return report;
    }
  });
}

/** One look: four calls tell of the machines, four of queues, quotas and addresses. */
async function look(
  context: ActionContext,
  fleet: OpenFleet,
  environment: string,
  choice: { readonly where: ReturnType<typeof parseSelector> | undefined },
): Promise<FleetReport> {
  const { account, region, place } = fleet;
  const [{ lookAt, describeGroup }, { measure }, { freeAddresses }, { fleetReport }] = await Promise.all([
    import('../../fleet/look/look.ts'),
    import('../../fleet/look/measure.ts'),
    import('../../fleet/look/headroom.ts'),
    import('../../fleet/look/report.ts'),
  ]);
  try {
    const group = await describeGroup(place);
    const [view, measured, addresses] = await Promise.all([
      lookAt(place, { group }),
      measure(place),
      freeAddresses(place.clients, group),
    ]);
    const suspensions = view.group.suspended.length === 0 ? [] : await suspensionsIn(context, fleet, environment);
    return fleetReport({ environment, account, region, view, measured, addresses, choice, suspensions });
  } catch (error) {
    throw toAwsError('looking at the fleet', error);
  }
}

/** The journal is asked only where something is suspended; who looks from elsewhere may have no way to it. */
async function suspensionsIn(
  { root, environment: variables }: ActionContext,
  { project, place }: OpenFleet,
  environment: string,
): Promise<readonly Suspension[] | undefined> {
  const [{ openProjectStores }, { suspensionsOf }] = await Promise.all([
    import('../../deploy/project-stores.ts'),
    import('../../fleet/suspensions.ts'),
  ]);
  try {
    const stores = await openProjectStores({ root, project, environment: variables });
    try {
      const { host } = actor(variables);
      return await suspensionsOf(stores, StackId.cluster(environment), { now: place.now(), host });
    } finally {
      await stores.close();
    }
  } catch (error) {
    if (error instanceof TandemError) return undefined;
    throw error;
  }
}
