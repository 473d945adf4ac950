import { externalNetworkOf, tenantPoolFor } from '../config/choices.ts';
import { type Demand, demandOf } from '../config/demand.ts';
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
import { type DevEnvironment, environmentOf } from './workspace.ts';

export interface Fit {
  readonly demand: Demand;
  /** Names of other leases that were counted in, since they are not created yet. */
  readonly pending: readonly string[];
  /** Whether anything of the environment exists. */
  readonly exists: boolean;
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
  const { cloud: entity, blueprint, lease, name } = environment;
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
    return made ? [] : [demandOf({ ...inputsOf(found), name: other.name })];
  });
  const demand = demandOf({ name, lease: lease.value, blueprint: blueprint.value, cloud: entity.value });
  const wanted = health === undefined ? demand : remainingDemand(demand, health, snapshot.quotas);
  const headroom = 1 + blueprint.value.headroomPercent / 100;
  const planned = Object.fromEntries(
    Object.entries(quotaNeeds(demand)).map(([key, need]) => [key, Math.ceil(need * headroom)]),
  );
  const shortages = checkFit({ wanted, pending, snapshot, planned });
  if (shortages.length > 0) {
    const without = { ...project, leases: new Map([...project.leases].filter(([each]) => each !== name)) };
    const still = `without this lease, these servers would still fit by the configuration, even after the worst single failure: ${describeRoom(roomLeft(without, entity.name))}`;
    throw doesNotFit(name, entity.name, [...shortages.map(describeShortage), still], pending.length);
  }
  return { demand, pending: pending.map((each) => each.lease), exists: own !== undefined };
}

function inputsOf({ lease, blueprint, cloud }: DevEnvironment) {
  return { lease: lease.value, blueprint: blueprint.value, cloud: cloud.value };
}

/** The pool that the stack cuts from: the first that is large enough. */
