import { blueprintSchema } from '../../../lib/config/schema/blueprint.ts';
import { cloudSchema } from '../../../lib/config/schema/cloud.ts';
import { leaseSchema } from '../../../lib/config/schema/lease.ts';
import { organisationSchema } from '../../../lib/config/schema/organisation.ts';
import type { DevEnvironmentInputs } from '../../../stacks/openstack/dev-environment/context.ts';

type Written = Readonly<Record<string, unknown>>;

const organisation = {
  organisation: { name: 'acme', contact: 'cloud@acme.example.org' },
  defaultCloud: 'paris',
};

const cloud = {
  endpoint: { authUrl: 'https://paris.example.org:5000/v3', cloudsYaml: 'paris' },
  layout: 'starter',
  racks: { a: {}, b: {} },
  hardware: { any: { vcpus: 32, memoryGiB: 128, diskGiB: 2000 } },
  hosts: {
    control: { rack: 'a', roles: ['control'], hardware: 'any', firstAddress: '10.0.0.10' },
    'compute-a': { rack: 'a', roles: ['compute'], hardware: 'any', count: 2, firstAddress: '10.0.0.21' },
    'compute-b': { rack: 'b', roles: ['compute'], hardware: 'any', firstAddress: '10.0.0.31' },
  },
  planes: { internal: { cidr: '10.0.0.0/24', interface: 'eth0' } },
  zones: { 'rack-a': { racks: ['a'] }, 'rack-b': { racks: ['b'] } },
  storage: {
    backend: 'ceph',
    usableGiB: 1000,
    volumeTypes: { standard: {}, fast: { backend: 'nvme' } },
    defaultVolumeType: 'standard',
  },
  networks: {
    storage: {
      ...{ physicalNetwork: 'physnet2', type: 'vlan', segment: 300, external: false },
      ...{ cidr: '198.51.100.0/24', gateway: '198.51.100.1' },
      allocation: { first: '198.51.100.10', last: '198.51.100.250' },
    },
    public: {
      ...{ physicalNetwork: 'physnet1', type: 'flat', nameServers: ['198.18.0.2'] },
      ...{ cidr: '203.0.113.0/24', gateway: '203.0.113.1' },
      allocation: { first: '203.0.113.10', last: '203.0.113.250' },
    },
  },
  tenants: { small: { cidr: '10.65.0.0/26', prefixLength: 28 }, dev: { cidr: '10.64.0.0/16' } },
  sources: { office: ['192.0.2.0/24', '198.51.100.0/24'] },
  dns: { zone: 'cloud.example.org', email: 'cloud@example.org' },
  images: {
    debian: { url: 'https://images.example.org/debian.qcow2' },
    own: { file: 'images/own.raw', format: 'raw', user: 'own' },
  },
  flavors: { small: { vcpus: 1, memoryMiB: 2048, diskGiB: 20 }, large: { vcpus: 4, memoryMiB: 8192, diskGiB: 40 } },
};

const blueprint = {
  description: 'Two tiers',
  ssh: { tier: 'bastion', from: ['office'] },
  tiers: {
    bastion: { image: 'debian', flavor: 'small', floatingAddress: true },
    web: {
      ...{ image: 'debian', flavor: 'small', count: 2 },
      listens: [{ port: 8080, from: ['environment'] }],
      loadBalancer: { port: 443, targetPort: 8080, public: true, from: ['office', 'web'] },
      volumes: { data: { sizeGiB: 10 } },
    },
  },
};

const lease = { blueprint: 'di', owner: 'alice@example.org', since: '2026-11-16', until: '2026-12-13' };

/** Inputs of a small environment: a bastion and two web servers behind a public balancer. What is given replaces top-level keys. */
export function inputsOf(more: { cloud?: Written; blueprint?: Written; lease?: Written } = {}): DevEnvironmentInputs {
  return {
    organisation: { kind: 'organisation', name: 'tandem', value: organisationSchema.parse(organisation) },
    cloud: { kind: 'cloud', name: 'paris', value: cloudSchema.parse({ ...cloud, ...more.cloud }) },
    blueprint: { kind: 'blueprint', name: 'di', value: blueprintSchema.parse({ ...blueprint, ...more.blueprint }) },
    lease: { kind: 'lease', name: 'alice', value: leaseSchema.parse({ ...lease, ...more.lease }) },
  };
}

/** A tier, where only a part of it matters. */
export function tier(more: Written = {}): Written {
  return { image: 'debian', flavor: 'small', ...more };
}
