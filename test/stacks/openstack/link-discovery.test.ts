import { App, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { difference } from '../../../lib/engines/plugins.ts';
import { terraformStacks } from '../../../lib/engines/terraform/catalogue.ts';
import { LinkDiscoveryStack } from '../../../stacks/openstack/link-discovery-stack.ts';
import { type Root, resource } from '../../lib/openstack/synth.ts';

const { project } = loadProject(directoryFiles(process.cwd()));
if (project === undefined) throw new Error('the shipped configuration does not load');
const definitions = terraformStacks(project);
const found = definitions.find(({ id }) => id === 'openstack/lab/link-discovery');
if (found?.kind !== 'link-discovery') throw new Error('no discovery of the lab');
const { inputs } = found;
type Inputs = typeof inputs;

const built = (own: Inputs) => new LinkDiscoveryStack(new App({ stackTraces: false }), own);
const textOf = (own: Inputs) => Testing.synth(built(own));
const root = JSON.parse(textOf(inputs)) as Root & { readonly variable: Readonly<Record<string, unknown>> };
const server = (index: number) => resource(root, `openstack_compute_instance_v2.consul_server-${index}`);

describe('the servers of Consul of a link', () => {
  test('need the network of the link, and nothing of the other side', () => {
    expect(found.dependsOn).toEqual(['openstack/lab/base', 'openstack/lab/link-addresses']);
    expect(new Set((found.takes ?? []).map(({ from }) => from))).toEqual(new Set(['openstack/lab/link-addresses']));
    expect(Object.keys(root.variable).sort()).toEqual((found.takes ?? []).map(({ name }) => name).sort());
    const addresses = definitions.find(({ id }) => id === 'openstack/lab/link-addresses');
    expect(addresses?.dependsOn).not.toContain(found.id);
  });

  test('have the addresses that the other side joins, stand apart, and over the zones', () => {
    const ports = [1, 2, 3].map((at) => resource(root, `openstack_networking_port_v2.consul_port-${at}`)['fixed_ip']);
    expect(ports).toMatchObject(['9', '10', '11'].map((end) => [{ ip_address: `10.202.0.${end}` }]));
    expect(resource(root, 'openstack_compute_servergroup_v2.consul_server-group')['policies']).toEqual([
      'anti-affinity',
    ]);
    const zones = [1, 2, 3].map((at) => server(at)['availability_zone']);
    expect(new Set(zones).size).toBe(Math.min(3, Object.keys(inputs.cloud.value.zones).length));
  });

  test('keep their data on volumes, and know each other', () => {
    expect(server(2)['metadata']).toMatchObject({
      'peers.consul.0':
        'link-rehearsal-consul-1=10.202.0.9,link-rehearsal-consul-2=10.202.0.10,link-rehearsal-consul-3=10.202.0.11',
      'consul.wan': '[]',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's
      'volume.data': '${openstack_blockstorage_volume_v3.consul_volume-data-2.id}',
    });
  });

  test('have the gossip key and the authority of the trust of the link', () => {
    const { bootSecrets } = (built(inputs).toTerraform() as { '//': { bootSecrets: Record<string, unknown> } })['//'];
    expect(Object.keys(bootSecrets)).toEqual([1, 2, 3].map((at) => `link-rehearsal-consul-${at}`));
    expect(bootSecrets['link-rehearsal-consul-1']).toEqual({
      consul: {
        'gossip-key': { of: 'consul', kind: 'key32', trust: 'link-rehearsal' },
        tls: { of: 'consul', kind: 'certificate', trust: 'link-rehearsal', names: ['server.lab.consul', 'localhost'] },
      },
    });
  });

  test('let in each other, agents of the pools, servers of the other side, and questions of the gateways alone', () => {
    const rules = Object.values(root.resource?.['openstack_networking_secgroup_rule_v2'] ?? {}) as {
      readonly direction: string;
      readonly protocol?: string;
      readonly port_range_min?: number;
      readonly remote_ip_prefix?: string;
    }[];
    const opened = rules
      .filter(({ direction }) => direction === 'ingress')
      .map((each) => `${each.remote_ip_prefix ?? 'servers'} ${each.protocol ?? ''} ${each.port_range_min ?? ''}`);
    const pools = Object.values(inputs.cloud.value.tenants).map(({ cidr }) => cidr);
    const vpc = inputs.environment.value.cluster.network.cidr;
    expect(opened.sort()).toEqual(
      [
        ...['tcp 8300', 'tcp 8301', 'udp 8301', 'tcp 8302', 'udp 8302'].map((each) => `servers ${each}`),
        ...pools.flatMap((pool) => ['tcp 8300', 'tcp 8301', 'udp 8301'].map((each) => `${pool} ${each}`)),
        ...['tcp 8300', 'tcp 8302', 'udp 8302'].map((each) => `${vpc} ${each}`),
        ...['10.202.0.2/32', '10.202.0.3/32'].flatMap((each) => [`${each} tcp 8600`, `${each} udp 8600`]),
      ].sort(),
    );
  });

  test('are told of another key of people, and not replaced', async () => {
    const { value } = inputs.link;
    const gateways = { ...value.gateways, sshKeys: ['ssh-ed25519 AAAA bob'] };
    const changed = { ...inputs, link: { ...inputs.link, value: { ...value, gateways } } };
    const changes = await difference('terraform', textOf(inputs), textOf(changed));
    expect(changes.map(({ action, type }) => `${action} ${type}`)).toEqual(
      Array(3).fill('update openstack_compute_instance_v2'),
    );
  });
});
