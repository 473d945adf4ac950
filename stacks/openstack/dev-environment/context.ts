import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { environmentSoftware } from '../../../lib/components/environment-software.ts';
import { registryOf } from '../../../lib/components/registry.ts';
import { demandOf, type TierDemand } from '../../../lib/config/demand.ts';
import type { LinkDiscovery } from '../../../lib/config/link/discovery.ts';
import type { Named } from '../../../lib/config/project.ts';
import type { Blueprint } from '../../../lib/config/schema/blueprint.ts';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import type { OwnComponent } from '../../../lib/config/schema/component.ts';
import type { Lease } from '../../../lib/config/schema/lease.ts';
import type { Organisation } from '../../../lib/config/schema/organisation.ts';
import type { ProjectQuotas } from '../../../lib/openstack/quotas.ts';
import { ref, type TypedRef } from '../../../lib/stack/config-ref.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { type Ownership, ownershipMap, ownershipTags, ownershipText } from '../../../lib/stack/ownership.ts';
import { type AccessRule, accessRules } from './access.ts';
import { quotaNeed } from './need.ts';

export interface DevEnvironmentInputs {
  readonly organisation: Named<Organisation>;
  readonly cloud: Named<Cloud>;
  readonly blueprint: Named<Blueprint>;
  readonly lease: Named<Lease>;
  /** Content of the files that the blueprint names, by path relative to the project.
   * @default - none; a blueprint that names one cannot be built */
  readonly userData?: Readonly<Record<string, string>>;
  /** Components of the project itself that the blueprint names.
   * @default - none */
  readonly components?: readonly Named<OwnComponent>[];
  /** What its network is joined to.
   * @default - nothing */
  readonly link?: LeaseLink;
}

/** The other side of a link, as a dev environment knows it. */
export interface LeaseLink {
  /** Of the link. */
  readonly name: string;
  /** Router that leads there. */
  readonly router: string;
  /** Range of the other side. */
  readonly environment: string;
  /** Network of the gateways, who answer for the other side's names, and of Consul's servers. */
  readonly gateways: string;
  /** Consul's servers there. @default - the link has none */
  readonly discovery?: LinkDiscovery | undefined;
  /** Pools of the cloud that the link tells of: where other environments of the same discovery are. */
  readonly pools: readonly string[];
}

/** What every part of a dev environment is made from. */
export interface Context {
  readonly name: string;
  readonly cloud: Cloud;
  readonly blueprint: Blueprint;
  readonly lease: Lease;
  readonly userData: Readonly<Record<string, string>>;
  readonly tiers: readonly TierDemand[];
  /** What servers run, by tier. */
  readonly software: ReadonlyMap<string, TierSoftware>;
  readonly rules: readonly AccessRule[];
  readonly link: LeaseLink | undefined;
  readonly need: ProjectQuotas;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly refs: {
    readonly cloud: TypedRef<Cloud>;
    readonly blueprint: TypedRef<Blueprint>;
    readonly lease: TypedRef<Lease>;
  };
  /** A description that says whose the thing is. */
  readonly describe: (what: string) => string;
}

export function contextOf({
  organisation,
  cloud,
  blueprint,
  lease,
  userData = {},
  components = [],
  link,
}: DevEnvironmentInputs): Context {
  const refs = {
    cloud: ref('cloud', cloud.name),
    blueprint: ref('blueprint', blueprint.name),
    lease: ref('lease', lease.name),
  };
  const ownership: Ownership = {
    organisation: organisation.value.organisation.name,
    owner: lease.value.owner,
    environment: lease.name,
    stack: StackId.lease(cloud.name, lease.name),
  };
  // Quotas count every server, so that a frozen environment thaws within them.
  const running = { ...lease.value, state: 'active' as const };
  const demand = demandOf({ name: lease.name, lease: running, blueprint: blueprint.value, cloud: cloud.value });
  const software = environmentSoftware(registryOf(new Map(components.map((each) => [each.name, each] as const))), {
    environment: lease.name,
    cloud: cloud.value,
    tiers: demand.tiers,
    discovery: link?.discovery,
  });
  const from = {
    ...cloud.value,
    link: link?.environment,
    discovery: link === undefined ? [] : [link.gateways, ...link.pools],
  };
  const rules = accessRules(blueprint.value, from, refs.blueprint, software);
  return {
    name: lease.name,
    cloud: cloud.value,
    blueprint: blueprint.value,
    lease: lease.value,
    userData,
    tiers: demand.tiers,
    software,
    rules,
    link,
    need: quotaNeed(demand, rules),
    tags: ownershipTags(ownership),
    metadata: ownershipMap(ownership),
    refs,
    describe: (what) => ownershipText(what, ownership),
  };
}
