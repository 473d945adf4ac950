import { externalNetworkOf, tenantPoolFor } from '../config/choices.ts';
import { type Demand, totalOf } from '../config/demand.ts';
import { cloudOf, type Project } from '../config/project.ts';
import { cannotRescope } from '../openstack-api/errors.ts';
import { assertExpectedIdentity } from '../openstack-api/identity.ts';
import { describeRoom, roomLeft } from '../private-cloud/placement/capacity.ts';
import { projectNameOf } from '../stack/ownership.ts';
import { doesNotFit } from './errors.ts';
import type { DevPorts } from './ports.ts';
import { checkFit, describeShortage, quotaNeeds } from './preflight.ts';
import { findProject } from './project.ts';
import { remainingDemand } from './remaining.ts';
import { type DevEnvironment, demandIn, environmentOf } from './workspace.ts';

export interface Fit {
  readonly demand: Demand;
  /** Names of other leases that were counted in, since they are not created yet. */
  readonly pending: readonly string[];
  /** Whether anything of the environment exists. */
  readonly exists: boolean;
  /** Stopped leases of the cloud: what they hold, and what they take when they are started again. */
  readonly stopped: Stopped;
}

export interface Stopped {
  readonly names: readonly string[];
  /** Held, though nothing of it runs. */
  readonly volumeGiB: number;
  readonly floatingAddresses: number;
  /** Not held: room that others may take until then. */
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Why they would not all start again beside this lease; empty where they would. */
  readonly shortages: readonly string[];
}

/**
 * Asks the cloud whether an environment fits, together with all that is leased there and not made yet.
 * @throws TandemError `does-not-fit` naming each shortage, where it is, how large, and what to do; `wrong-cloud`; `not-owned`
 */
export async function requireFit(
  ports: Pick<DevPorts, 'cloud' | 'journal'>,
  project: Project,
  environment: DevEnvironment,
): Promise<Fit> {
  const { cloud: entity, blueprint, name } = environment;
  const { endpoint, tenants } = entity.value;
  const cloud = ports.cloud(entity);
  assertExpectedIdentity(
    { name: entity.name, authUrl: endpoint.authUrl, project: endpoint.project },
    cloud.authUrl,
    await cloud.identify(),
  );
  // Its servers and its owner's credential are created in the environment's own project: better refused before anything exists.
  if (!cloud.mayRescope) throw cannotRescope(entity.name, endpoint.cloudsYaml);
  const externalNetwork = externalNetworkOf(entity.value);
  const subnetPool = tenantPoolFor(tenants, blueprint.value.prefixLength);
  // Everything at once: the slowest answer decides how long the check takes.
  const found = cloud.projects(endpoint.domain);
  const finding = found.then((all) => findProject(all, project, environment));
  const projectId = finding.then((each) => each?.id);
  // Whoever waits for it below tells of a failure; the snapshot may end before it asks.
  projectId.catch(() => undefined);
  const [projects, own, snapshot, health, unfinished] = await Promise.all([
    found,
    finding,
    cloud.snapshot({ externalNetwork, subnetPool, projectId }),
    finding.then((each) => (each === undefined ? undefined : cloud.health(each.id))),
    ports.journal.open(),
  ]);
  const there = new Set(projects.map((each) => each.name));
  const halfDone = new Set(unfinished.flatMap((operation) => operation.stacks));
  const pending = [...project.leases.values()].flatMap((other) => {
    if (other.name === name || cloudOf(project, other) !== entity.name) return [];
    const found = environmentOf(project, other.name);
    if (found === undefined) return [];
    const made = there.has(projectNameOf(found.name)) && !halfDone.has(found.stack);
    return made ? [] : [demandIn(found)];
  });
  const demand = demandIn(environment);
  const wanted = health === undefined ? demand : remainingDemand(demand, health, snapshot.quotas);
  const headroom = 1 + blueprint.value.headroomPercent / 100;
  const planned = Object.fromEntries(
    Object.entries(quotaNeeds(demand)).map(([key, need]) => [key, Math.ceil(need * headroom)]),
  );
  const stopped = stoppedLeases(project, environment);
  // What they hold is in the cloud's own numbers; what they lack to run is servers alone.
  const startedAgain = stopped.map((each) => ({ ...NOTHING, lease: each.lease, servers: each.servers }));
  const keepsRoom = project.organisation.value.leases.roomOfStopped === 'kept';
  const shortages = checkFit({
    wanted,
    pending: keepsRoom ? [...pending, ...startedAgain] : pending,
    snapshot,
    planned,
  });
  if (shortages.length > 0) {
    const without = { ...project, leases: new Map([...project.leases].filter(([each]) => each !== name)) };
    const still = `without this lease, these servers would still fit by the configuration, even after the worst single failure: ${describeRoom(roomLeft(without, entity.name))}`;
    throw doesNotFit(name, entity.name, [...shortages.map(describeShortage), still], pending.length);
  }
  const later = checkFit({ wanted, pending: [...pending, ...startedAgain], snapshot, planned });
  const sum = (of: (each: Demand) => number): number => stopped.reduce((total, each) => total + of(each), 0);
  return {
    ...{ demand, pending: pending.map((each) => each.lease), exists: own !== undefined },
    stopped: {
      names: stopped.map((each) => each.lease),
      volumeGiB: sum((each) => each.volumeGiB),
      floatingAddresses: sum((each) => each.floatingAddresses),
      vcpus: sum((each) => totalOf(each.servers, 'vcpus')),
      memoryMiB: sum((each) => totalOf(each.servers, 'memoryMiB')),
      shortages: later.map(describeShortage),
    },
  };
}

const NOTHING: Omit<Demand, 'lease' | 'servers'> = {
  ...{ tiers: [], instances: 0, serverGroups: 0, serverGroupMembers: 0, volumes: 0, volumeGiB: 0, volumeGiBByType: {} },
  ...{ floatingAddresses: 0, externalAddresses: 0, loadBalancers: 0, members: 0, networks: 0, routers: 0, ports: 0 },
  prefixLength: 24,
};

/** Frozen leases of the same cloud, each as it is when it runs. */
function stoppedLeases(project: Project, { name, cloud }: DevEnvironment): Demand[] {
  return [...project.leases.values()].flatMap((other) => {
    if (other.name === name || other.value.state !== 'frozen' || cloudOf(project, other) !== cloud.name) return [];
    const found = environmentOf(project, other.name);
    return found === undefined ? [] : [demandIn(found, { ...found.lease.value, state: 'active' })];
  });
}
