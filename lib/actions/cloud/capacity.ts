import { noSuchBlueprint } from '../../dev/errors.ts';
import { type FlavorRoom, roomLeft } from '../../private-cloud/placement/capacity.ts';
import { type Sizing, sizingFor } from '../../private-cloud/placement/sizing.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface CapacityOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** How many more environments of each blueprint to size for. */
  readonly wanted: ReadonlyMap<string, number>;
}

export interface CapacityResult {
  readonly cloud: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly room: readonly FlavorRoom[];
  /** Hosts to add for what is wanted; absent where nothing is. */
  readonly growth?: Sizing | undefined;
}

/** What still fits on a cloud after the worst failure, and what more environments need. @throws TandemError `no-such-cloud`, `no-such-blueprint` */
export async function capacity(
  context: ActionContext,
  { cloud: named, wanted }: CapacityOptions,
): Promise<CapacityResult> {
  const project = requireProject(context);
  const { name: cloud } = chooseCloud(project, named);
  for (const blueprint of wanted.keys())
    if (!project.blueprints.has(blueprint)) throw noSuchBlueprint(blueprint, [...project.blueprints.keys()]);
  const { currency } = project.organisation.value;
  const result = { cloud, currency, room: roomLeft(project, cloud) };
  return wanted.size === 0 ? result : { ...result, growth: sizingFor(project, cloud, wanted) };
}
