import type { Project } from '../config/project.ts';
import type { CloudProject } from '../openstack-api/cloud-api.ts';
import { ownershipTags, projectNameOf } from '../stack/ownership.ts';
import { noProject, notOwned } from './errors.ts';
import type { DevPorts } from './ports.ts';
import type { DevEnvironment } from './workspace.ts';

/** What names an environment's project. */
export type EnvironmentKey = Pick<DevEnvironment, 'name' | 'stack'>;

/**
 * The environment's project among those of the domain; undefined where it is not there.
 * @throws TandemError `not-owned` where one of that name is somebody else's
 */
export function findProject(
  projects: readonly CloudProject[],
  project: Project,
  key: EnvironmentKey,
): CloudProject | undefined {
  const found = projects.find((each) => each.name === projectNameOf(key.name));
  if (found === undefined || isOwned(found, project, key)) return found;
  throw notOwned(found.id, key.name);
}

/** By its tags: the owner may change, organisation, environment and stack never do. */
function isOwned(found: CloudProject, project: Project, { name, stack }: EnvironmentKey): boolean {
  const organisation = project.organisation.value.organisation.name;
  const tags = ownershipTags({ organisation, owner: '', environment: name, stack });
  return tags.every((tag) => tag === 'owner=' || found.tags.includes(tag));
}

/** @throws TandemError `no-project-on-cloud`, `not-owned` */
export async function requireProjectId(
  ports: DevPorts,
  project: Project,
  environment: DevEnvironment,
): Promise<string> {
  const { cloud } = environment;
  const projects = await ports.cloud(cloud).projects(cloud.value.endpoint.domain);
  const found = findProject(projects, project, environment);
  if (found === undefined) throw noProject(environment.name, cloud.name);
  return found.id;
}
