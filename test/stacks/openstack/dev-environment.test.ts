import { describe, expect, it } from 'vitest';
import { addresses, resource } from '../../lib/openstack/synth.ts';
import { buildEnvironment, differences } from './build.ts';
import { inputsOf, tier } from './inputs.ts';

const { root, text, citations } = buildEnvironment(inputsOf());
const named = (part: string) => addresses(root).filter((address) => address.includes(part));

describe('a lease', () => {
  it('that is extended changes its project and nothing else', () => {
    const later = buildEnvironment(inputsOf({ lease: { until: '2027-01-31' } }));
    expect(differences(root, later.root)).toEqual(['openstack_identity_project_v3.environment_project']);
  });

  it('that is frozen shelves its servers, and changes nothing else', () => {
    const frozen = buildEnvironment(inputsOf({ lease: { state: 'frozen' } }));
    const changed = differences(root, frozen.root);
    expect(changed).toHaveLength(3);
    expect(changed.every((address) => address.startsWith('openstack_compute_instance_v2.'))).toBe(true);
  });

  it('with one key more changes servers in place', () => {
    const key = buildEnvironment(inputsOf({ lease: { sshKeys: ['ssh-ed25519 AAAA bob'] } }));
    const server = 'openstack_compute_instance_v2.web_server-1';
    expect(resource(key.root, server)['user_data']).toEqual(resource(root, server)['user_data']);
    expect(resource(key.root, server)['metadata']).toMatchObject({ 'ssh-key-00-0': 'ssh-ed25519 AAAA bob' });
  });

  it('says more servers for a tier without touching the others', () => {
    const more = buildEnvironment(inputsOf({ lease: { tiers: { bastion: { count: 2 } } } }));
    const changed = differences(root, more.root).filter((address) => address.includes('web_'));
    expect(changed).toEqual([]);
  });

  it('may do without a tier', () => {
    const none = buildEnvironment(inputsOf({ lease: { tiers: { web: { count: 0 } } } }));
    expect(addresses(none.root).filter((address) => /web_(?!security-group|server-group)/.test(address))).toEqual([]);
  });
});

describe('an environment', () => {
  it('has servers at addresses that people can type', () => {
    expect(named('compute_instance')).toEqual([
      'openstack_compute_instance_v2.bastion_server-1',
      'openstack_compute_instance_v2.web_server-1',
      'openstack_compute_instance_v2.web_server-2',
    ]);
  });

  it('spreads a tier over the zones in turn', () => {
    const zones = ['web_server-1', 'web_server-2'].map(
      (name) => resource(root, `openstack_compute_instance_v2.${name}`)['availability_zone'],
    );
    expect([...zones].sort()).toEqual(['rack-a', 'rack-b']);
  });

  it('works in its own project, by a provider that waits for the right to', () => {
    expect(root.provider.openstack[1]).toMatchObject({
      alias: 'project',
      cloud: '',
      tenant_id: '$'.concat('{openstack_identity_role_assignment_v3.environment_project_deployer-member.project_id}'),
    });
    for (const address of named('compute_instance'))
      expect(resource(root, address)['provider']).toBe('openstack.project');
  });

  it('cuts its network from the first pool that is large enough', () => {
    expect(root.data?.['openstack_networking_subnetpool_v2']?.['environment_tenant-pool']?.['name']).toBe('dev');
  });

  it('leads out by the first network that is external', () => {
    expect(root.data?.['openstack_networking_network_v2']?.['environment_external-network']?.['name']).toBe('public');
  });

  it("may exceed the blueprint's need by its headroom", () => {
    expect(resource(root, 'openstack_compute_quotaset_v2.environment_project_quota-compute')).toMatchObject({
      instances: 5,
      cores: 5,
      ram: 9216,
    });
  });

  it('raises quotas before its servers and volumes come, and lowers them after those are gone', () => {
    const compute = 'openstack_compute_quotaset_v2.environment_project_quota-compute';
    const volume = 'openstack_blockstorage_quotaset_v3.environment_project_quota-volume';
    const port = 'openstack_networking_port_v2.web_port-2';
    expect(resource(root, 'openstack_compute_instance_v2.web_server-2')['depends_on']).toEqual([compute]);
    expect(resource(root, 'openstack_blockstorage_volume_v3.web_volume-data-2')['depends_on']).toEqual([volume, port]);
    for (const quota of [compute, volume]) expect(resource(root, quota)['depends_on']).toContain(port);
  });

  it('uses the default volume type of the cloud where a volume says none', () => {
    expect(resource(root, 'openstack_blockstorage_volume_v3.web_volume-data-1')['volume_type']).toBe('standard');
  });

  it('lets tiers be called what stacks are made of', () => {
    const names = ['backend', 'network', 'project', 'router', 'provider', 'openstack', 'state', 'output', 'zone'];
    const tiers = Object.fromEntries(names.map((name) => [name, tier()]));
    expect(() => buildEnvironment(inputsOf({ blueprint: { ssh: undefined, tiers } }))).not.toThrow();
  });

  it('fails where a server and a tier would have one name', () => {
    const tiers = { web: tier(), 'web-1': tier() };
    expect(() => buildEnvironment(inputsOf({ blueprint: { ssh: undefined, tiers } }))).toThrow(
      'web-1 is the name of tier web-1 and of a server of tier web',
    );
  });

  it('fails where a file of user data is not at hand', () => {
    const tiers = { web: tier({ userData: 'cloud-init/web.yaml' }) };
    expect(() => buildEnvironment(inputsOf({ blueprint: { ssh: undefined, tiers } }))).toThrow('cloud-init/web.yaml');
  });

  it('passes user data on as it is, for the shell to expand and not for Terraform', () => {
    const inputs = inputsOf({ blueprint: { ssh: undefined, tiers: { web: tier({ userData: 'web.sh' }) } } });
    const built = buildEnvironment({ ...inputs, userData: { 'web.sh': '#!/bin/sh\necho $'.concat('{HOME}\n') } });
    expect(resource(built.root, 'openstack_compute_instance_v2.web_server-1')['user_data']).toContain(
      'echo $$'.concat('{HOME}'),
    );
  });
});

describe('names', () => {
  const records = (address: string) => {
    const { name, records } = resource(root, `openstack_dns_recordset_v2.${address}`);
    return [name, records];
  };

  it('of a server are its private address', () => {
    expect(records('bastion_record-1')).toEqual([
      'bastion-1.alice.cloud.example.org.',
      ['$'.concat('{openstack_networking_port_v2.bastion_port-1.all_fixed_ips[0]}')],
    ]);
  });

  it('of a tier are the way in from outside', () => {
    expect(records('web_record')).toEqual([
      'web.alice.cloud.example.org.',
      ['$'.concat('{openstack_networking_floatingip_v2.web_balancer_floating-address.address}')],
    ]);
  });

  it('of a tier from inside have a name of their own then', () => {
    expect(records('web_record-internal')).toEqual([
      'web.internal.alice.cloud.example.org.',
      ['$'.concat('{openstack_lb_loadbalancer_v2.web_balancer.vip_address}')],
    ]);
  });

  it('are kept by whoever keeps the zone above, which Designate asks for', () => {
    expect(resource(root, 'openstack_dns_zone_v2.environment_zone')).not.toHaveProperty('provider');
  });
});

describe('ownership', () => {
  const owner = 'alice@example.org';
  /** Belong to their project, group or server, and have no place to say so. */
  const bare =
    /_(?:quotaset|quota|role_assignment|secgroup_rule|router_interface|servergroup|volume_attach|lb_members|lb_monitor)_/;

  it('is said by every resource that can', () => {
    const silent = addresses(root).filter(
      (address) => !bare.test(address) && !JSON.stringify(resource(root, address)).includes(owner),
    );
    expect(silent).toEqual([]);
  });

  it('names organisation, owner, environment and stack', () => {
    expect(resource(root, 'openstack_networking_network_v2.environment_network')['tags']).toEqual([
      'environment=alice',
      'organisation=acme',
      'owner=alice@example.org',
      'stack=openstack-paris-dev-alice',
    ]);
  });

  it('of a project has no sign that Keystone refuses in a tag', () => {
    expect(JSON.stringify(resource(root, 'openstack_identity_project_v3.environment_project')['tags'])).not.toMatch(
      /[/]/,
    );
  });
});

describe('outputs', () => {
  const value = (name: string) => root.output?.[name]?.value;

  it('say where and as whom to log in', () => {
    expect(value('ssh')).toEqual({
      user: 'debian',
      host: 'bastion.alice.cloud.example.org',
      address: '$'.concat('{openstack_networking_floatingip_v2.bastion_floating-address-1.address}'),
    });
  });

  it('say what answers where', () => {
    expect(value('endpoints')).toMatchObject({
      web: { host: 'web.alice.cloud.example.org', port: 443, public: true },
    });
  });

  it('name every server', () => {
    expect(Object.keys(value('servers') as object)).toEqual(['alice-bastion-1', 'alice-web-1', 'alice-web-2']);
  });
});

describe('citations', () => {
  it('lead from every resource to the configuration', () => {
    expect([...citations].filter(([, cited]) => cited.length === 0)).toEqual([]);
  });

  it("lead from a server's count and flavor to the lease where it differs", () => {
    const built = buildEnvironment(inputsOf({ lease: { tiers: { web: { count: 1, flavor: 'large' } } } }));
    const cited = built.citations.get('openstack_compute_instance_v2.web_server-1') ?? [];
    expect(cited[0]).toEqual({ kind: 'lease', name: 'alice', path: ['tiers', 'web', 'count'] });
    expect(cited.find(({ attribute }) => attribute === 'flavor_name')).toMatchObject({ kind: 'lease', name: 'alice' });
  });

  it('lead from a rule to every word that asks for it', () => {
    const cited = citations.get('openstack_networking_secgroup_rule_v2.web_security-group_tcp-8080-from-web') ?? [];
    expect(cited.slice(0, 2).map(({ path }) => path.join('.'))).toEqual([
      'tiers.web.listens.0.from.0',
      'tiers.web.loadBalancer.from.1',
    ]);
  });
});

describe('an artefact', () => {
  it('is the same twice', () => {
    expect(buildEnvironment(inputsOf()).text).toBe(text);
  });

  it('says when the lease ends in one place only', () => {
    expect(text.match(/2026-12-13/g)).toHaveLength(1);
  });
});
