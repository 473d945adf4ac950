import { resolve } from 'node:path';
import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { OpenStackClient } from '../../openstack-api/client.ts';
import { environmentOf } from '../../openstack-api/cloud-environment.ts';
import { readCloudAccess } from '../../openstack-api/clouds-yaml.ts';
import { assertExpectedIdentity, identityOf } from '../../openstack-api/identity.ts';
import { openingsOf } from '../../openstack-api/openings.ts';
import { OpenStackCloud } from '../../openstack-api/openstack-cloud.ts';
import { partsOf, type StackId } from '../../stack/id.ts';
import type { Engine, Identities } from '../engine.ts';
import type { EngineAccess } from '../plugin.ts';
import { findLeftovers, listingOf } from './adopt/find-leftovers.ts';
import { bringState } from './bring-state.ts';
import { credentialVariables } from './credentials.ts';
import type { TerraformAccess } from './environment.ts';
import { credentialsBound } from './errors.ts';
import { withUsers } from './in-use.ts';
import { type MarkedCloud, openStackMarks } from './lineage.ts';
import { existsIn, lostIn, withoutAddresses } from './lost.ts';
import { terraformEngine } from './terraform-engine.ts';
import { unmanagedChanges } from './unmanaged.ts';

/** Terraform with the clouds that the configuration names. */
export function openTerraform(access: EngineAccess): Engine {
  const { root, environment, project } = access;
  // One client a cloud, and so one token for however many stacks.
  const clients = new Map<string, OpenStackClient>();
  const clientFor = (cloud: Entity<Cloud>): OpenStackClient => {
    const client = clients.get(cloud.name) ?? clientOf(access, cloud);
    clients.set(cloud.name, client);
    return client;
  };
  const engine = terraformEngine({
    ...{ root, environment, binary: project.organisation.value.terraform.binary },
    kept: { states: access.states, versions: access.versions, operator: access.operator },
    access: async (stack) => accessTo(access, stack),
    assertIdentity: (stacks, signal) => assertIdentity(access, stacks, signal),
    findLeftovers: async (stack, changes, signal) => {
      const cloud = cloudOf(project, stack);
      return cloud === undefined ? [] : findLeftovers(stack, changes, listingOf(clientFor(cloud).until(signal)));
    },
    findUnmanaged: async (stack, projectId, { managed, isEverything, signal }) => {
      const cloud = cloudOf(project, stack);
      if (cloud === undefined || partsOf(stack).lease === undefined) return [];
      const client = clientFor(cloud).until(signal);
      const api = new OpenStackCloud(client, { name: cloud.name, entry: cloud.value.endpoint.cloudsYaml });
      const [things, openings] = await Promise.all([
        isEverything ? api.contents(projectId) : [],
        openingsOf(client, projectId),
      ]);
      return unmanagedChanges({ things, openings }, managed);
    },
    explain: async (stack, faults, signal) => {
      const cloud = cloudOf(project, stack);
      return cloud === undefined ? faults : withUsers(faults, listingOf(clientFor(cloud).until(signal)));
    },
  });
  const clouds = new Map<string, MarkedCloud>();
  const marks = openStackMarks(({ id }) => {
    const cloud = cloudOf(project, id);
    if (cloud === undefined) return undefined;
    const { name, value } = cloud;
    const found = clouds.get(name) ?? { name, domain: value.endpoint.domain, client: clientFor(cloud) };
    clouds.set(name, found);
    return found;
  });
  const { root: folder, states } = access;
  return {
    ...engine,
    ...marks,
    async lost({ id }, signal) {
      const cloud = cloudOf(project, id);
      const text = await states.read(id);
      if (cloud === undefined || text === undefined) return undefined;
      return await lostIn(text, existsIn(clientFor(cloud).until(signal)));
    },
    async forget({ id }, addresses) {
      const text = await states.read(id);
      if (text !== undefined) await states.write(id, withoutAddresses(text, addresses));
    },
    async plan(stack, options) {
      await bringState(folder, states, stack.id, options);
      return await engine.plan(stack, options);
    },
  };
}

function accessTo(access: EngineAccess, stack: StackId): TerraformAccess {
  const cloud = cloudOf(access.project, stack);
  if (cloud === undefined) return { cloudsFile: undefined, cliConfigFile: undefined, secrets: access.stateEnvironment };
  const { cliConfig } = cloud.value.terraform;
  const { file, credentials } = credentialsOf(access, cloud);
  return {
    cloudsFile: resolve(access.root, file),
    cliConfigFile: cliConfig === undefined ? undefined : resolve(access.root, cliConfig),
    secrets: { ...credentialVariables(credentials), ...access.stateEnvironment },
  };
}

/** Asks Keystone of every cloud once who we are, before anything is touched. */
async function assertIdentity(
  access: EngineAccess,
  stacks: readonly StackId[],
  signal: AbortSignal,
): Promise<Identities> {
  const clouds = Map.groupBy(stacks, (stack) => cloudOf(access.project, stack));
  const checks = [...clouds].map(async ([cloud, own]): Promise<[StackId, string][]> => {
    if (cloud === undefined) return [];
    const { authUrl, project, cloudsYaml } = cloud.value.endpoint;
    const client = clientOf(access, cloud).until(signal);
    const caller = await client.whoami();
    assertExpectedIdentity({ name: cloud.name, authUrl, project }, client.authUrl, caller);
    const hasOwnProject = own.some((stack) => partsOf(stack).lease !== undefined);
    if (hasOwnProject && !client.isRescopable) throw credentialsBound(cloud.name, cloudsYaml);
    return own.map((stack) => [stack, identityOf(caller)]);
  });
  return new Map((await Promise.all(checks)).flat());
}

function credentialsOf(access: EngineAccess, cloud: Entity<Cloud>) {
  return readCloudAccess(cloud.value.endpoint.cloudsYaml, environmentOf(access, cloud), access.root);
}

function clientOf(access: EngineAccess, cloud: Entity<Cloud>): OpenStackClient {
  return OpenStackClient.open(credentialsOf(access, cloud), { cloud: cloud.name });
}

function cloudOf(project: Project, stack: StackId): Entity<Cloud> | undefined {
  return project.clouds.get(partsOf(stack).cloud ?? '');
}
