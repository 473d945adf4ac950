import { App, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { linkGateway } from '../../../lib/components/link-gateway/component.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { linkDiscovery } from '../../../lib/config/link/discovery.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Link } from '../../../lib/config/schema/link.ts';
import { difference } from '../../../lib/engines/plugins.ts';
import { terraformStacks } from '../../../lib/engines/terraform/catalogue.ts';
import type { LinkInputs } from '../../../stacks/openstack/link/context.ts';
import { LinkStack } from '../../../stacks/openstack/link-stack.ts';
import { resource } from '../../lib/openstack/synth.ts';
import { buildEnvironment, buildLink } from './build.ts';
import { inputsOf, tier } from './inputs.ts';

const { project } = loadProject(directoryFiles(process.cwd()));
if (project === undefined) throw new Error('the shipped configuration does not load');
const found = terraformStacks(project).find(({ id }) => id === 'openstack/lab/link');
if (found?.kind !== 'link') throw new Error('no link of the lab');
const inputs = found.inputs;

const with_ = (more: Partial<Link>): LinkInputs => ({
  ...inputs,
  link: { ...inputs.link, value: { ...inputs.link.value, ...more } },
});
const gatewaysText = (own: LinkInputs) => Testing.synth(new LinkStack(new App({ stackTraces: false }), own));
const { addresses, gateways } = buildLink(inputs);
const { variable } = JSON.parse(gatewaysText(inputs)) as { readonly variable: Readonly<Record<string, unknown>> };
const server = (index: number) => resource(gateways, `openstack_compute_instance_v2.gateway-${index}`);

describe('the addresses of a link', () => {
  test('give each gateway a port at its place in the network, and Neutron none that is given away', () => {
    const fixed = [1, 2].map((at) => resource(addresses, `openstack_networking_port_v2.port-${at}`)['fixed_ip']);
    expect(fixed).toMatchObject([[{ ip_address: '10.202.0.2' }], [{ ip_address: '10.202.0.3' }]]);
    expect(resource(addresses, 'openstack_networking_subnet_v2.subnet')).toMatchObject({
      ...{ cidr: '10.202.0.0/28', gateway_ip: '10.202.0.1' },
      // The shared address is .4, the tunnels' are .5 to .8, those of Consul .9 to .13.
      allocation_pool: [{ start: '10.202.0.14', end: '10.202.0.14' }],
    });
  });

  test('send what is for the environment to the address that gateways share', () => {
    expect(resource(addresses, 'openstack_networking_router_route_v2.route')).toMatchObject({
      ...{ destination_cidr: '10.32.0.0/21', next_hop: '10.202.0.4' },
    });
  });

  test('track no connections at the gateways, which may go by one and come back by the other', () => {
    for (const at of [1, 2])
      expect(resource(addresses, `openstack_networking_port_v2.port-${at}`)).toMatchObject({
        ...{ port_security_enabled: false, no_security_groups: true },
      });
  });

  test('tell what gateways, and the other side, are made with', () => {
    expect(Object.keys(addresses.output ?? {}).sort()).toEqual([
      ...['gateway_1_address', 'gateway_1_port', 'gateway_2_address', 'gateway_2_port', 'network', 'project', 'subnet'],
    ]);
  });
});

describe('the gateways of a link', () => {
  test('take every variable of another stack, and each take is a variable', () => {
    expect(Object.keys(variable).sort()).toEqual((found.takes ?? []).map(({ name }) => name).sort());
    expect(new Set((found.takes ?? []).map(({ from }) => from))).toEqual(
      new Set(['openstack/lab/link-addresses', 'aws/staging/link']),
    );
  });

  test('stand apart, each in its zone, on its port, with its own tunnels', () => {
    expect([1, 2].map((at) => server(at)['availability_zone'])).toEqual(['rack-a', 'rack-b']);
    expect(resource(gateways, 'openstack_compute_servergroup_v2.server-group')['policies']).toEqual(['anti-affinity']);
    expect(server(2)).toMatchObject({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's
      network: [{ port: '${var.gateway_2_port}' }],
      metadata: {
        // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's
        'link-gateway.floating-address': '${var.gateway_2_address}',
        'link-gateway.tunnel-1-outside': '${var.tunnel_21_address}',
        // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Terraform's
        'link-gateway.tunnel-1-near': '169.254.100.10',
      },
    });
  });

  test('tell who they are, so that their consoles show the keys of the right hosts', () => {
    expect(Object.keys(gateways.output ?? {}).sort()).toEqual(['gateway_1_server', 'gateway_2_server']);
    expect(String(server(1)['user_data'])).toContain('AuthorizedKeysCommand');
  });

  test('get the keys of their own tunnels alone, by the names that the other side reads them by', () => {
    const keys = (gateway: number) =>
      Object.fromEntries(
        [1, 2].map((index) => [
          `tunnel-${index}`,
          { of: linkGateway.name, kind: 'password', reference: `secret:link/rehearsal/tunnel-${gateway}-${index}` },
        ]),
      );
    const root = new LinkStack(new App({ stackTraces: false }), inputs).toTerraform();
    expect(root['//']).toMatchObject({
      bootSecrets: {
        'link-rehearsal-gateway-1': { [linkGateway.name]: keys(1) },
        'link-rehearsal-gateway-2': { [linkGateway.name]: keys(2) },
      },
    });
  });

  test.each([
    ['another range of the environment', { growth: '10.32.0.0/20' }],
    ['other timers', { tunnels: { ...inputs.link.value.tunnels, mtu: 1380 } }],
    ['other inside addresses', { tunnels: { ...inputs.link.value.tunnels, inside: '169.254.200.0/28' } }],
    ['another key of people', { gateways: { ...inputs.link.value.gateways, sshKeys: ['ssh-ed25519 AAAA bob'] } }],
    ['names that are forwarded no longer', { names: undefined }],
    ['more servers of Consul', { discovery: { servers: 5, instanceType: 't3.small' } }],
  ] satisfies [string, Partial<Link>][])('are told of %s, and not replaced', async (_, more) => {
    const changes = await difference('terraform', gatewaysText(inputs), gatewaysText(with_(more)));
    const servers = changes.filter(({ type }) => type === 'openstack_compute_instance_v2');
    expect(servers.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
      'update openstack_compute_instance_v2.gateway-1',
      'update openstack_compute_instance_v2.gateway-2',
    ]);
    for (const { attributes } of servers) for (const { path } of attributes) expect(path).toMatch(/^metadata\b/);
  });
});

test('a dev environment that asks is joined to the link’s router, and opens ports to the other side', () => {
  const link = { name: 'main', router: 'link-main', environment: '10.33.0.0/21', gateways: '10.80.0.0/28', pools: [] };
  const web = tier({ listens: [{ port: 8080, from: ['link'] }] });
  const { root } = buildEnvironment({
    ...inputsOf({ blueprint: { link: true, ssh: undefined, tiers: { web } } }),
    link,
  });
  expect(root.data?.['openstack_networking_router_v2']?.['environment_link_router']).toMatchObject({
    name: 'link-main',
  });
  const route = (id: string) => resource(root, `openstack_networking_router_route_v2.environment_link_${id}`);
  expect([route('route-environment'), route('route-gateways')].map((each) => each['destination_cidr'])).toEqual([
    ...['10.33.0.0/21', '10.80.0.0/28'],
  ]);
  // Whoever runs the cloud joins the environment's port to a router that is not the environment's.
  expect(
    resource(root, 'openstack_networking_router_interface_v2.environment_link_interface')['provider'],
  ).toBeUndefined();
  expect(
    resource(root, 'openstack_networking_secgroup_rule_v2.web_security-group_tcp-8080-from-link-10-33-0-0-21'),
  ).toMatchObject({ remote_ip_prefix: '10.33.0.0/21' });
});

test('a dev environment whose agents ask for the discovery of the link reaches its servers, and agents elsewhere', () => {
  const own = linkDiscovery(inputs.link);
  const link = { name: 'main', router: 'link-main', environment: '10.33.0.0/21', gateways: '10.80.0.0/28' };
  const agents = tier({ runs: { 'consul-agent': { clients: [], servers: 'link' } } });
  const { root } = buildEnvironment({
    ...inputsOf({ blueprint: { link: true, ssh: undefined, tiers: { agents } } }),
    link: { ...link, discovery: own, pools: ['10.64.0.0/14'] },
  });
  const opened = Object.keys(root.resource?.['openstack_networking_secgroup_rule_v2'] ?? {});
  for (const range of ['10-80-0-0-28', '10-64-0-0-14'])
    for (const protocol of ['tcp', 'udp'])
      expect(opened).toContain(`agents_security-group_${protocol}-8301-from-link-${range}`);
  expect(resource(root, 'openstack_networking_router_route_v2.environment_link_route-pool-10-64-0-0-14')).toMatchObject(
    { destination_cidr: '10.64.0.0/14' },
  );
  const [server] = Object.values(root.resource?.['openstack_compute_instance_v2'] ?? {}) as { metadata: object }[];
  expect(server?.metadata).toMatchObject({ 'consul-agent.servers': JSON.stringify(own?.cloud.addresses) });
});
