import { hostname, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAndCheck } from '../config/check.ts';
import { commitFiles } from '../config/git-files.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { ProjectAws, ProjectBefore } from '../engines/cloudformation/project-access.ts';
import { lazyEngine } from '../engines/lazy-engine.ts';
import { findLeftovers, listingOf } from '../engines/terraform/adopt/find-leftovers.ts';
import { credentialVariables } from '../engines/terraform/credentials.ts';
import type { TerraformAccess } from '../engines/terraform/environment.ts';
import { credentialsBound } from '../engines/terraform/errors.ts';
import { terraformEngine } from '../engines/terraform/terraform-engine.ts';
import { commandGit } from '../git/command-git.ts';
import { OpenStackClient } from '../openstack-api/client.ts';
import { readCloudAccess } from '../openstack-api/clouds-yaml.ts';
import { assertExpectedIdentity } from '../openstack-api/identity.ts';
import { partsOf, type StackId } from '../stack/id.ts';
import { openProjectStores, type ProjectStoresProps } from '../state/project-stores.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { cacheOf, synthesize } from '../synthesis/synthesize.ts';
import { localDurations } from './durations.ts';
import type { DeployPorts } from './ports.ts';

/** The real world: Terraform, the clouds' APIs, and the stores that the organisation chose. */
export async function deployPorts(props: ProjectStoresProps): Promise<DeployPorts> {
  const { root, project, environment } = props;
  const organisation = project.organisation.value;
  const git = commandGit(root);
  const stores = await openProjectStores(props);
  const operator = actor(environment);
  const aws = lazyAws(props, operator.by, async (stack) => projectOf(root, (await stores.records.read(stack))?.commit));
  return {
    engines: {
      cloudformation: lazyEngine('cloudformation', async () => {
        const { cloudFormationEngine } = await import('../engines/cloudformation/cloudformation-engine.ts');
        return cloudFormationEngine(await aws());
      }),
      kolla: lazyEngine('kolla', async () => {
        const { kollaEngine } = await import('../engines/kolla/kolla-engine.ts');
        const secretsOf = (cloud: string) => project.clouds.get(cloud)?.value.kolla?.secrets;
        return kollaEngine({ root, environment, secretsOf, recorded: (stack) => stores.records.read(stack) });
      }),
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
    identity: {
      async check(stacks, signal) {
        const onAws = awsStacks(project, stacks);
        await Promise.all([
          checkIdentity(props, stacks, signal),
          onAws.length === 0 ? undefined : (await aws()).check(onAws),
        ]);
      },
    },
    durations: localDurations(root),
    actor: operator,
    git,
    synthesize: (catalogue, only) => synthesize(catalogue, { only, cache: cacheOf(root) }),
    commit: (await git.head()) ?? '',
    now: () => new Date(),
    sleep: async (seconds, signal) => {
      await sleep(seconds * 1000, undefined, { signal });
    },
  };
}

/** Access to AWS, loaded with its libraries where a stack needs it, once. */
function lazyAws(props: ProjectStoresProps, operator: string, before: ProjectBefore): () => Promise<ProjectAws> {
  let loaded: Promise<ProjectAws> | undefined;
  return () => {
    loaded ??= import('../engines/cloudformation/project-access.ts').then(({ projectAws }) =>
      projectAws(props, { operator, before }),
    );
    return loaded;
  };
}

/** The configuration of a commit; undefined where there is none. */
function projectOf(root: string, commit: string | undefined): Project | undefined {
  if (commit === undefined || commit === '') return undefined;
  return loadAndCheck(commitFiles(root, commit), new Date()).project;
}

/** Those that CloudFormation deploys, whether configured or only recorded. */
function awsStacks(project: Project, stacks: readonly StackId[]): StackId[] {
  const engines = new Map(stacksOf(project).map(({ id, engine }) => [id, engine]));
  return stacks.filter((id) => partsOf(id).environment !== undefined || engines.get(id) === 'cloudformation');
}

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
  const clouds = new Map(stacks.map((stack) => [partsOf(stack).cloud, cloudOfStack(props.project, stack)]));
  const checks = [...clouds.values()].map(async (cloud) => {
    if (cloud === undefined) return;
    const { authUrl, project, cloudsYaml } = cloud.value.endpoint;
    const client = clientOf(props, cloud);
    const caller = await client.whoami(signal);
    assertExpectedIdentity({ name: cloud.name, authUrl, project }, client.authUrl, caller);
    const hasOwnProject = stacks.map(partsOf).some((stack) => stack.cloud === cloud.name && stack.lease !== undefined);
    if (hasOwnProject && !client.isRescopable) throw credentialsBound(cloud.name, cloudsYaml);
  });
  await Promise.all(checks);
}

function clientOf(props: ProjectStoresProps, cloud: Entity<Cloud>): OpenStackClient {
  const access = readCloudAccess(cloud.value.endpoint.cloudsYaml, environmentOf(props, cloud), props.root);
  return OpenStackClient.open(access, { cloud: cloud.name });
}

function cloudOfStack(project: Project, stack: StackId): Entity<Cloud> | undefined {
  const { cloud = '', isPart } = partsOf(stack);
  return isPart ? project.clouds.get(cloud) : undefined;
}
