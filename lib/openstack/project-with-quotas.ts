import { BlockstorageQuotasetV3 } from '@cdktf/provider-openstack/lib/blockstorage-quotaset-v3';
import { ComputeQuotasetV2 } from '@cdktf/provider-openstack/lib/compute-quotaset-v2';
import { DataOpenstackIdentityAuthScopeV3 } from '@cdktf/provider-openstack/lib/data-openstack-identity-auth-scope-v3';
import { DataOpenstackIdentityProjectV3 } from '@cdktf/provider-openstack/lib/data-openstack-identity-project-v3';
import { DataOpenstackIdentityRoleV3 } from '@cdktf/provider-openstack/lib/data-openstack-identity-role-v3';
import { DataOpenstackIdentityUserV3 } from '@cdktf/provider-openstack/lib/data-openstack-identity-user-v3';
import { IdentityProjectV3 } from '@cdktf/provider-openstack/lib/identity-project-v3';
import { IdentityRoleAssignmentV3 } from '@cdktf/provider-openstack/lib/identity-role-assignment-v3';
import { LbQuotaV2 } from '@cdktf/provider-openstack/lib/lb-quota-v2';
import { NetworkingQuotaV2 } from '@cdktf/provider-openstack/lib/networking-quota-v2';
import { dependable, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import type { ProjectQuotas } from './quotas.ts';
import { MAIN } from './tandem-terraform-stack.ts';

/** Roles of whoever works in a project: OpenStack's own, and the one that Octavia's default policy asks for. */
const ROLES = { member: 'member', balancer: 'load-balancer_member' } as const;

export interface ProjectWithQuotasProps {
  /** Name of the project, unique in its domain. */
  readonly name: string;
  /** Name of the Keystone domain. */
  readonly domain: string;
  readonly description: string;
  /** Keystone takes neither slashes nor commas in them. */
  readonly tags: readonly string[];
  /** Keystone users of the domain who may work in the project. */
  readonly users: readonly string[];
  /** @remarks CAUTION: the provider never takes quotas away again; a removed project's rows stay with the services. */
  readonly quotas: ProjectQuotas;
}

/** A project, its quotas, and who may work in it: its users, and the deployer, in whose name its servers are made. */
export class ProjectWithQuotas extends Construct {
  readonly project: IdentityProjectV3;
  readonly quotas: {
    readonly compute: ComputeQuotasetV2;
    readonly volume: BlockstorageQuotasetV3;
    readonly network: NetworkingQuotaV2;
    readonly balancer: LbQuotaV2;
  };
  /** By user, in the order of the props. */
  readonly assignments: ReadonlyMap<string, readonly IdentityRoleAssignmentV3[]>;
  /** Id of the project, known once the deployer may work in it and may make networks and load balancers. */
  readonly workableProjectId: string;

  constructor(scope: Construct, id: string, props: ProjectWithQuotasProps) {
    super(scope, id);
    const domain = new DataOpenstackIdentityProjectV3(this, 'domain', { name: props.domain, isDomain: true });
    const domainId = attributeOf(domain);
    this.project = new IdentityProjectV3(this, MAIN, {
      name: props.name,
      domainId,
      description: props.description,
      tags: [...props.tags],
    });
    this.quotas = this.#addQuotas(attributeOf(this.project), props.quotas);
    const roles = {
      member: attributeOf(new DataOpenstackIdentityRoleV3(this, 'role-member', { name: ROLES.member })),
      balancer: attributeOf(new DataOpenstackIdentityRoleV3(this, 'role-balancer', { name: ROLES.balancer })),
    };
    this.assignments = this.#addUsers(props.users, domainId, roles);
    this.workableProjectId = this.#addDeployer(roles);
  }

  /**
   * Says what stands for the servers: something that each hangs on, and that goes when it goes. Nova and Cinder refuse a quota below
   * what is used, so that theirs are lowered only after that is gone; servers and volumes themselves hang on the quotas, which are
   * raised before they come. Neutron and Octavia take any quota.
   */
  lowerAfter(standIns: readonly TerraformResource[]): void {
    for (const quota of [this.quotas.compute, this.quotas.volume])
      quota.dependsOn = standIns.map((each) => dependable(each));
  }

  #addQuotas(projectId: string, quotas: ProjectQuotas): ProjectWithQuotas['quotas'] {
    return {
      compute: new ComputeQuotasetV2(this, 'quota-compute', {
        projectId,
        instances: quotas.instances,
        cores: quotas.vcpus,
        ram: quotas.memoryMiB,
        serverGroups: quotas.serverGroups,
        serverGroupMembers: quotas.serverGroupMembers,
      }),
      volume: new BlockstorageQuotasetV3(this, 'quota-volume', {
        projectId,
        volumes: quotas.volumes,
        gigabytes: quotas.volumeGiB,
        // Their size counts as gigabytes as well.
        snapshots: quotas.volumes,
        // The provider sends a zero for whatever is not said here.
        perVolumeGigabytes: -1,
        backups: quotas.volumes,
        backupGigabytes: quotas.volumeGiB,
        groups: quotas.volumes,
      }),
      network: new NetworkingQuotaV2(this, 'quota-network', {
        projectId,
        network: quotas.networks,
        subnet: quotas.subnets,
        router: quotas.routers,
        port: quotas.ports,
        // Provider 1.54.1 leaves zeros out when it creates, and the next plan would find the service's default.
        floatingip: Math.max(1, quotas.floatingAddresses),
        securityGroup: quotas.securityGroups,
        securityGroupRule: quotas.securityGroupRules,
      }),
      balancer: new LbQuotaV2(this, 'quota-balancer', {
        projectId,
        loadbalancer: quotas.loadBalancers,
        listener: quotas.loadBalancers,
        pool: quotas.loadBalancers,
        healthMonitor: quotas.loadBalancers,
        member: quotas.members,
      }),
    };
  }

  #addUsers(users: readonly string[], domainId: string, roles: Record<keyof typeof ROLES, string>) {
    const projectId = attributeOf(this.project);
    return new Map(
      users.map((name) => {
        const userId = attributeOf(new DataOpenstackIdentityUserV3(this, `user-${name}`, { name, domainId }));
        const assign = (role: keyof typeof ROLES) =>
          new IdentityRoleAssignmentV3(this, `${role}-${name}`, { projectId, userId, roleId: roles[role] });
        return [name, [assign('member'), assign('balancer')]] as const;
      }),
    );
  }

  /**
   * One after the other: quotas, roles, then the id that the project's provider is scoped to. The quotas of Nova and Cinder are not
   * among them: what is removed by that provider must not wait for them.
   */
  #addDeployer(roles: Record<keyof typeof ROLES, string>): string {
    const userId = attributeOf(new DataOpenstackIdentityAuthScopeV3(this, 'deployer', { name: 'deployer' }), 'user_id');
    const projectId = attributeOf(this.project);
    const balancer = new IdentityRoleAssignmentV3(this, 'deployer-balancer', {
      projectId,
      userId,
      roleId: roles.balancer,
      dependsOn: [this.quotas.network, this.quotas.balancer],
    });
    const member = new IdentityRoleAssignmentV3(this, 'deployer-member', {
      projectId,
      userId,
      roleId: roles.member,
      dependsOn: [balancer],
    });
    return attributeOf(member, 'project_id');
  }
}
