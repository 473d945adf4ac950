import { DataOpenstackNetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-network-v2';
import { DataOpenstackNetworkingSubnetpoolV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-subnetpool-v2';
import type { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { Construct } from 'constructs';
import { asksDiscovery } from '../../../lib/components/environment-software.ts';
import { externalNetworkOf, tenantPoolFor } from '../../../lib/config/choices.ts';
import { noExternalNetwork, noTenantPool } from '../../../lib/openstack/errors.ts';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import { Names } from '../../../lib/openstack/names.ts';
import { PrivateNetwork } from '../../../lib/openstack/private-network.ts';
import { ProjectWithQuotas } from '../../../lib/openstack/project-with-quotas.ts';
import { addProjectProvider } from '../../../lib/openstack/provider.ts';
import { withHeadroom } from '../../../lib/openstack/quotas.ts';
import { cite } from '../../../lib/stack/cite.ts';
import { projectNameOf } from '../../../lib/stack/ownership.ts';
import type { Context } from './context.ts';
import { joinLink } from './join-link.ts';

/** What all tiers of a dev environment share: project, network, zone. Its id is a word that no tier may have. */
export class Environment extends Construct {
  readonly project: ProjectWithQuotas;
  readonly provider: OpenstackProvider;
  readonly network: PrivateNetwork;
  readonly names: Names;
  /** Name of the network that floating addresses are of; asked only by who needs one. */
  readonly floatingPool: () => string;

  constructor(scope: Construct, context: Context) {
    super(scope, 'environment');
    const { cloud, refs } = context;
    this.project = this.#addProject(context);
    this.provider = addProjectProvider(this, {
      authUrl: cloud.endpoint.authUrl,
      region: cloud.endpoint.region,
      projectId: this.project.workableProjectId,
    });
    const external = externalNetworkOf(cloud);
    this.floatingPool = () => {
      if (external === undefined) throw noExternalNetwork(refs.cloud.name);
      return external;
    };
    this.network = this.#addNetwork(context, external);
    if (context.link !== undefined) joinLink(this, context, context.link, asksDiscovery(context.software));
    const { zone, email, ttlSeconds } = cloud.dns;
    this.names = new Names(this, 'zone', {
      zone: `${context.name}.${zone}`,
      email,
      ttlSeconds,
      description: context.describe('zone'),
    });
    cite(this.names.zone, refs.cloud.at('dns'), {
      name: refs.cloud.at('dns', 'zone'),
      email: refs.cloud.at('dns', 'email'),
      ttl: refs.cloud.at('dns', 'ttlSeconds'),
    });
  }

  #addProject({ name, cloud, blueprint, lease, refs, tags, need }: Context): ProjectWithQuotas {
    const project = new ProjectWithQuotas(this, 'project', {
      name: projectNameOf(name),
      domain: cloud.endpoint.domain,
      description: lease.purpose ?? blueprint.description,
      // The end stands here and nowhere else, so that a longer lease changes one resource.
      tags: [...tags, `until=${lease.until}`].sort(),
      users: lease.users,
      quotas: withHeadroom(need, blueprint.headroomPercent),
    });
    cite(project.project, refs.lease, {
      domain_id: refs.cloud.at('endpoint', 'domain'),
      description: lease.purpose === undefined ? refs.blueprint.at('description') : refs.lease.at('purpose'),
      tags: refs.lease.at('until'),
    });
    for (const quota of Object.values(project.quotas)) cite(quota, refs.blueprint.at('headroomPercent'));
    for (const [index, user] of lease.users.entries())
      for (const assignment of project.assignments.get(user) ?? []) cite(assignment, refs.lease.at('users', index));
    return project;
  }

  #addNetwork({ name, cloud, blueprint, refs, tags, describe }: Context, external: string | undefined): PrivateNetwork {
    const { prefixLength } = blueprint;
    const pool = tenantPoolFor(cloud.tenants, prefixLength);
    if (pool === undefined) throw noTenantPool(refs.cloud.name);
    const poolData = cite(
      new DataOpenstackNetworkingSubnetpoolV2(this, 'tenant-pool', { name: pool }),
      refs.cloud.at('tenants', pool),
    );
    const externalData =
      external === undefined
        ? undefined
        : cite(
            new DataOpenstackNetworkingNetworkV2(this, 'external-network', { name: external, external: true }),
            refs.cloud.at('networks', external),
          );
    const network = new PrivateNetwork(this, 'network', {
      provider: this.provider,
      name,
      description: describe('network'),
      tags,
      subnetPoolId: attributeOf(poolData),
      prefixLength,
      mtu: cloud.tenantMtu,
      nameServers: external === undefined ? [] : (cloud.networks[external]?.nameServers ?? []),
      ...(externalData === undefined ? {} : { externalNetworkId: attributeOf(externalData) }),
    });
    cite(network.network, refs.lease, { mtu: refs.cloud.at('tenantMtu') });
    cite(network.subnet, refs.blueprint.at('prefixLength'), {
      prefix_length: refs.blueprint.at('prefixLength'),
      subnetpool_id: refs.cloud.at('tenants', pool),
      ...(external === undefined ? {} : { dns_nameservers: refs.cloud.at('networks', external, 'nameServers') }),
    });
    if (external !== undefined)
      cite(network.router, refs.lease, { external_network_id: refs.cloud.at('networks', external) });
    return network;
  }
}
