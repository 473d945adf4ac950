import { type FlavorRoom, roomLeft } from '../../private-cloud/placement/capacity.ts';
import { type Sizing, sizingFor } from '../../private-cloud/placement/sizing.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import type { OutlookReport } from '../../simulate/cloud/report.ts';
import { blueprintNamed, requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { type OutlookOptions, outlookOfLeases } from './lease-outlook.ts';

export interface CapacityOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** How many more environments of each blueprint to size for. */
  readonly wanted: ReadonlyMap<string, number>;
  /** Leases over time. @default - as it is now */
  readonly outlook?: OutlookOptions | undefined;
}

export interface CapacityResult {
  readonly cloud: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly room: readonly FlavorRoom[];
  /** Hosts to add for what is wanted; absent where nothing is. */
  readonly growth?: Sizing | undefined;
  /** What becomes of the room; absent where it was not asked for. */
  readonly outlook?: OutlookReport | undefined;
}

/** What still fits on a cloud after the worst failure, what more environments need, and what becomes of it over time. @throws TandemError `no-such-cloud`, `no-such-blueprint` */
export async function capacity(
  context: ActionContext,
  { cloud: named, wanted, outlook }: CapacityOptions,
): Promise<CapacityResult> {
  const project = requireProject(context);
  const { name: cloud } = chooseCloud(project, named);
  for (const blueprint of wanted.keys()) blueprintNamed(project, blueprint);
  const { currency } = project.organisation.value;
  return {
    ...{ cloud, currency, room: roomLeft(project, cloud) },
    ...(wanted.size === 0 ? {} : { growth: sizingFor(project, cloud, wanted) }),
    ...(outlook === undefined ? {} : { outlook: await outlookOfLeases(context, project, cloud, outlook) }),
  };
}
