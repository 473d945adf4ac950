import { App } from 'cdktf';
import { z } from 'zod';
import type { StateLocation } from '../../../lib/openstack/state-backend.ts';
import { TandemTerraformStack } from '../../../lib/openstack/tandem-terraform-stack.ts';
import type { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { artefactName, type StackId } from '../../../lib/stack/id.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';

/** A project, a network in it and a security group: made in a second, and of the kinds that leave traces. */
export function chaosStack(id: StackId, location: StateLocation): SynthesizedStack {
  const name = artefactName(id);
  const tags = [`stack=${name}`];
  const inside = { tenant_id: '${openstack_identity_project_v3.project.id}' };
  const described = { description: `network (acme, chaos, ops@example.org, ${id})` };
  const bare = new TandemTerraformStack(new App(), id, location).toTerraform() as { terraform: { backend: object } };
  return rootStack(id, {
    terraform: {
      backend: bare.terraform.backend,
      required_providers: {
        openstack: { source: 'terraform-provider-openstack/openstack', version: '>= 1.54.1, < 4.0.0' },
      },
    },
    provider: { openstack: [{ cloud: 'lab', region: 'RegionOne' }] },
    resource: {
      openstack_identity_project_v3: { project: { name, tags } },
      openstack_networking_network_v2: { network: { name, tags, ...described, ...inside } },
      openstack_networking_secgroup_v2: { group: { name, tags, ...described, ...inside } },
    },
  });
}

export const ONE_EACH = { projects: 1, networks: 1, groups: 1, marks: 0 };
export const NOTHING = { projects: 0, networks: 0, groups: 0, marks: 0 };

/** How many there are of each, as the cloud itself says; `marks` are the claims of a first apply that is not over. */
export async function inventory(cloud: OpenStackClient, id: StackId): Promise<typeof ONE_EACH> {
  const name = artefactName(id);
  const thing = z.object({ id: z.string() });
  const count = async (service: 'network' | 'identity', path: string, key: string): Promise<number> =>
    (await cloud.list(service, path, key, thing)).length;
  return {
    projects: await count('identity', `/projects?name=${name}`, 'projects'),
    networks: await count('network', `/networks?name=${name}`, 'networks'),
    groups: await count('network', `/security-groups?name=${name}`, 'security_groups'),
    marks: await count('identity', `/projects?name=tandem-${name}`, 'projects'),
  };
}
