import { describe, expect, it } from 'vitest';
import { ProjectWithQuotas, type ProjectWithQuotasProps } from '../../../lib/openstack/project-with-quotas.ts';
import { type ProjectQuotas, withHeadroom } from '../../../lib/openstack/quotas.ts';
import { addresses, resource, synth } from './synth.ts';

const need: ProjectQuotas = {
  ...{ instances: 14, vcpus: 29, memoryMiB: 90_112, serverGroups: 8, serverGroupMembers: 3 },
  ...{ volumes: 5, volumeGiB: 520, networks: 1, subnets: 1, routers: 1, ports: 18, floatingAddresses: 2 },
  ...{ securityGroups: 9, securityGroupRules: 31, loadBalancers: 0, members: 0 },
};
const props: ProjectWithQuotasProps = {
  ...{ name: 'dev-test', domain: 'Default', description: 'a test', tags: ['owner=alice@example.org'], users: [] },
  quotas: need,
};
const built = (more: Partial<ProjectWithQuotasProps> = {}) =>
  synth((stack) => new ProjectWithQuotas(stack, 'project', { ...props, ...more }));

describe('quotas', () => {
  it('exceed the need by the headroom, rounded up', () => {
    const quotas = withHeadroom(need, 50);
    expect([quotas.instances, quotas.vcpus, quotas.routers]).toEqual([21, 44, 2]);
  });

  it('stay zero for what is not needed', () => {
    expect(withHeadroom(need, 50).loadBalancers).toBe(0);
  });

  it('reach each service', () => {
    const root = built();
    expect(resource(root, 'openstack_compute_quotaset_v2.project_quota-compute')).toMatchObject({ cores: 29 });
    expect(resource(root, 'openstack_blockstorage_quotaset_v3.project_quota-volume')).toMatchObject({ gigabytes: 520 });
    expect(resource(root, 'openstack_networking_quota_v2.project_quota-network')).toMatchObject({ port: 18 });
    expect(resource(root, 'openstack_lb_quota_v2.project_quota-balancer')).toMatchObject({ loadbalancer: 0 });
  });
});

describe('the deployer', () => {
  it('gets into the project only after the quotas that can always be set', () => {
    const root = built();
    const first = resource(root, 'openstack_identity_role_assignment_v3.project_deployer-balancer');
    expect(first['depends_on']).toEqual([
      'openstack_networking_quota_v2.project_quota-network',
      'openstack_lb_quota_v2.project_quota-balancer',
    ]);
    expect(resource(root, 'openstack_identity_role_assignment_v3.project_deployer-member')['depends_on']).toEqual([
      'openstack_identity_role_assignment_v3.project_deployer-balancer',
    ]);
  });

  it('hands on a project id that hangs on its own roles', () => {
    synth((stack) => {
      const { workableProjectId } = new ProjectWithQuotas(stack, 'project', props);
      expect(workableProjectId).toContain('deployer-member.project_id');
    });
  });
});

describe('a user', () => {
  it('gets both roles', () => {
    const root = built({ users: ['bob'] });
    expect(addresses(root).filter((address) => address.includes('-bob'))).toEqual([
      'openstack_identity_role_assignment_v3.project_balancer-bob',
      'openstack_identity_role_assignment_v3.project_member-bob',
    ]);
  });
});
