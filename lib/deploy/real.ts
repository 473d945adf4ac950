import { hostname, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheOf, synthesize } from '../../stacks/synthesize.ts';
import { checkAim } from '../cloud/aim.ts';
import { OpenStackClient } from '../cloud/client.ts';
import { readCloudAccess } from '../cloud/clouds-yaml.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { credentialsBound } from '../errors/deploy.ts';
import { commandGit } from '../git/command-git.ts';
import type { StackId } from '../stack/id.ts';
import { localDurations } from './durations.ts';
import type { DeployPorts } from './ports.ts';
import { openProjectStores, type ProjectStoresProps } from './project-stores.ts';
import { findLeftovers, listingOf } from './terraform/adopt/find-leftovers.ts';
import { credentialVariables } from './terraform/credentials.ts';
import type { TerraformAccess } from './terraform/environment.ts';
import { terraformEngine } from './terraform/terraform-engine.ts';

/** The real world: Terraform, the clouds' APIs, and the stores that the organisation chose. */
export async function deployPorts(props: ProjectStoresProps): Promise<DeployPorts> {
  const { root, project, environment } = props;
  const organisation = project.organisation.value;
  const git = commandGit(root);
  const stores = await openProjectStores(props);
  return {
    engines: {
      terraform: terraformEngine({
        ...{ root, environment, binary: organisation.terraform.binary },
        access: async (stack) => {
          const access = terraformAccess(props, stack);
          return { ...access, secrets: { ...access.secrets, ...stores.terraformEnvironment } };
        },
        findLeftovers: async (stack, changes, signal) => {
          const cloud = cloudOfStack(project, stack);
          return cloud === undefined ? [] : findLeftovers(stack, changes, listingOf(clientOf(props, cloud), signal));
        },
      }),
    },
    records: stores.records,
    journal: stores.journal,
    locks: stores.locks,
    close: () => stores.close(),
    identity: { check: (stacks, signal) => checkIdentity(props, stacks, signal) },
    durations: localDurations(root),
    actor: actor(environment),
    git,
    synthesize: (catalogue, only) => synthesize(catalogue, { only, cache: cacheOf(root) }),
    commit: (await git.head()) ?? '',
    now: () => new Date(),
    sleep: async (seconds, signal) => {
      await sleep(seconds * 1000, undefined, { signal });
    },
  };
}

/** The secret store that the organisation chose. */
/** Who acts, as locks, journals and records tell it. */
function actor(environment: NodeJS.ProcessEnv): DeployPorts['actor'] {
  const host = hostname();
  const user = environment['TANDEM_USER'] ?? userInfo().username;
  return { by: `${user}@${host}`, host };
}

/** The environment that finds a cloud's credentials: the operator's own, unless the cloud names a file. */
export function environmentOf({ root, environment }: ProjectStoresProps, cloud: Entity<Cloud>): NodeJS.ProcessEnv {
  const { clientConfig } = cloud.value.endpoint;
  if (clientConfig === undefined) return environment;
  return {
    ...environment,
    OS_CLIENT_CONFIG_FILE: isAbsolute(clientConfig) ? clientConfig : resolve(root, clientConfig),
  };
}

function terraformAccess(props: ProjectStoresProps, stack: StackId): TerraformAccess {
  const cloud = cloudOfStack(props.project, stack);
  if (cloud === undefined) return { cloudsFile: undefined, cliConfigFile: undefined, secrets: {} };
  const { cliConfig } = cloud.value.terraform;
  const access = readCloudAccess(cloud.value.endpoint.cloudsYaml, environmentOf(props, cloud), props.root);
  return {
    cloudsFile: resolve(props.root, access.file),
    cliConfigFile: cliConfig === undefined ? undefined : resolve(props.root, cliConfig),
    secrets: credentialVariables(access.credentials),
  };
}

/** Asks Keystone of every cloud once who we are, before anything is touched. */
async function checkIdentity(
  props: ProjectStoresProps,
  stacks: readonly StackId[],
  signal: AbortSignal,
): Promise<void> {
  const clouds = new Map(stacks.map((stack) => [stack.split('/')[1], cloudOfStack(props.project, stack)]));
  const checks = [...clouds.values()].map(async (cloud) => {
    if (cloud === undefined) return;
    const { authUrl, project, cloudsYaml } = cloud.value.endpoint;
    const client = clientOf(props, cloud);
    const caller = await client.whoami(signal);
    checkAim({ name: cloud.name, authUrl, project }, client.authUrl, caller);
    const hasOwnProject = stacks.some((stack) => stack.startsWith(`openstack/${cloud.name}/dev/`));
    if (hasOwnProject && !client.isRescopable) throw credentialsBound(cloud.name, cloudsYaml);
  });
  await Promise.all(checks);
}

function clientOf(props: ProjectStoresProps, cloud: Entity<Cloud>): OpenStackClient {
  const access = readCloudAccess(cloud.value.endpoint.cloudsYaml, environmentOf(props, cloud), props.root);
  return OpenStackClient.open(access, { cloud: cloud.name });
}

function cloudOfStack(project: Project, stack: StackId): Entity<Cloud> | undefined {
  const [room, name = ''] = stack.split('/');
  return room === 'openstack' ? project.clouds.get(name) : undefined;
}
