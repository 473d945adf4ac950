import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { text } from '../../../lab/aws/json.ts';
import { vpnConnections } from '../../../lab/aws/vpn/store.ts';
import { labCommand } from '../../../lab/openstack/index.ts';
import { bootServers } from '../../../lib/openstack-api/boot-servers.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { takeSecrets } from '../../lib/secrets/take-secrets.ts';
import { type BothClouds, openBothClouds, traced } from './both-clouds.ts';
import { reaches, type TracedPort } from './checkout.ts';

const name = `link${Date.now().toString(36).slice(-5)}`;
const lease = StackId.lease('lab', name);
const ADDRESSES = StackId.linkAddresses('lab');
const GATEWAYS = StackId.link('lab');
const CONNECTIONS = StackId.awsLink('staging');
/** Of both clouds; the network of the environment stands on its own. */
const WHOLE = [ADDRESSES, GATEWAYS, StackId.network('staging'), CONNECTIONS];
const SHARED_ADDRESS = '10.202.0.4';
const VPC_ADDRESS = '10.32.1.7';

const BLUEPRINT = `description: A server that the other side reaches
prefixLength: 28
ssh: { tier: web, from: [office] }
link: true
tiers:
  web:
    image: debian-12
    flavor: small
    listens: [{ port: 8080, from: [link] }]
`;

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const FILES = {
  'config/blueprints/tiny.yaml': BLUEPRINT,
  [`config/dev/${name}.yaml`]: `blueprint: tiny\nowner: ops@example.org\ncloud: lab\nsince: ${day(0)}\nuntil: ${day(7)}\n`,
};

const serverSchema = z.object({
  name: z.string(),
  'OS-EXT-AZ:availability_zone': z.string(),
  metadata: z.record(z.string(), z.string()),
});

/** A real OpenStack and the AWS emulator in one project; each test goes on from where the last one ended. */
describe('a link between two clouds', () => {
  let clouds: BothClouds;
  const tandem = (...args: string[]) => clouds.operator.tandem(...args);
  const servers = async () =>
    clouds.operator.client.list(
      'compute',
      '/servers/detail?all_tenants=1&name=link-rehearsal',
      'servers',
      serverSchema,
    );
  const connections = () => clouds.realm().ofType('AWS::EC2::VPNConnection');
  /** When each stack was done, by its place in what was told. */
  const orderIn = (log: string): readonly string[] => [...log.matchAll(/^(\S+): done/gm)].map(([, id = '']) => id);

  beforeAll(async () => {
    clouds = await openBothClouds(FILES, 'staging.aws.acme.example.org');
  });
  afterAll(async () => {
    await tandem('destroy', lease, ...WHOLE, '--yes');
    await clouds.close();
  });

  it('is planned with what each side waits for', async () => {
    const { out } = await clouds.ok('plan', ...WHOLE, '--live');
    const told = out.replaceAll(/\s+/g, ' ');
    expect(told).toContain(`route tables from aws/staging/network; addresses of the gateways from ${ADDRESSES} new:`);
    expect(told).toContain(
      `waits for project, ports of the gateways, addresses of the gateways from ${ADDRESSES}; addresses of the tunnels, addresses of the resolver from ${CONNECTIONS} new:`,
    );
  });

  it('goes on after it was killed between the two sides', async () => {
    const log = await clouds.operator.killedAt(new RegExp(`${CONNECTIONS}: done`), 0, 'deploy', ...WHOLE, '--yes');
    expect(orderIn(log).slice(-2)).toEqual([ADDRESSES, CONNECTIONS]);
    expect(connections()).toHaveLength(2);
    const { log: then } = await clouds.ok('deploy', ...WHOLE, '--yes');
    expect(then).toContain('was interrupted; this run finishes it');
    expect(orderIn(then)).toEqual([GATEWAYS]);
    expect(connections()).toHaveLength(2);
  });

  it('has gateways on their ports, each in its zone, with what both sides told', async () => {
    const { gateway_1_address: address } = await clouds.outputs(ADDRESSES);
    const told = await clouds.outputs(CONNECTIONS);
    const byName = new Map((await servers()).map((each) => [each.name, each]));
    expect(byName.get('link-rehearsal-gateway-1')).toMatchObject({
      'OS-EXT-AZ:availability_zone': 'rack-a',
      metadata: {
        'link-gateway.floating-address': address,
        'link-gateway.tunnel-1-outside': told['TunnelAddress11'],
        'link-gateway.tunnel-2-outside': told['TunnelAddress12'],
      },
    });
    expect(byName.get('link-rehearsal-gateway-2')).toMatchObject({
      'OS-EXT-AZ:availability_zone': 'rack-b',
      metadata: { 'link-gateway.tunnel-2-outside': told['TunnelAddress22'] },
    });
    const peers = clouds.realm().ofType('AWS::EC2::CustomerGateway');
    expect(peers.map(({ properties }) => properties['IpAddress'])).toContain(address);
  });

  it('gives each gateway the keys that AWS’s end points have', async () => {
    const { project } = await clouds.outputs(ADDRESSES);
    const keys: string[] = [];
    for (const { line } of await bootServers(clouds.operator.client, String(project)).list()) {
      const taken = z
        .object({ 'link-gateway': z.record(z.string(), z.string()) })
        .parse(JSON.parse(await takeSecrets(line)));
      keys.push(...Object.values(taken['link-gateway']));
    }
    const far = [...vpnConnections(clouds.realm()).values()].flatMap(({ tunnels }) =>
      tunnels.map(({ options }) => text(options['PreSharedKey'])),
    );
    expect(new Set(keys).size).toBe(4);
    expect(keys.sort()).toEqual(far.sort());
  });

  it('changes nothing the second time', async () => {
    const { out } = await clouds.ok('deploy', ...WHOLE, '--non-interactive');
    expect(out.split('\n').filter((line) => line !== '' && !line.endsWith(' unchanged'))).toEqual([]);
  });

  it('joins a lease that asks: packets find the gateways’ network and back', async () => {
    await clouds.ok('deploy', lease, '--yes');
    const { gateway_1_port: id } = await clouds.outputs(ADDRESSES);
    const gateway = traced((await clouds.ports(`id=${String(id)}`))[0]);
    const server = traced((await clouds.ports(`name=${name}-web-1`))[0]);
    const around = await clouds.ports(`network_id=${server.network_id}&device_owner=network:router_interface`);
    const way = traced(around.find((port) => port.name !== `${name}-link`));
    const hub = traced(
      (await clouds.ports(`network_id=${gateway.network_id}&device_owner=network:router_interface`))[0],
    );
    const far = { ...gateway, address: VPC_ADDRESS };
    const joint = traced(around.find((port) => port.name === `${name}-link`));
    // OVN's routers learn by ARP who has an address. Only packets teach them, so they are told here: of each other, and of a gateway.
    await learned(way, joint);
    await learned(hub, { ...gateway, address: SHARED_ADDRESS });
    expect(await reaches(clouds.lab, server, far, 443, way.mac_address)).toBe(true);
    // Straight back, without an address translated: the source is still the other side's.
    expect(await reaches(clouds.lab, far, server, 8080, hub.mac_address)).toBe(true);
    // What the blueprint opens to the other side is open to nobody else.
    expect(await reaches(clouds.lab, far, server, 8081, hub.mac_address)).toBe(false);
  });

  /** What OVN notes once a router's port got the answer of whom it asked for: it goes with the router. */
  async function learned(port: TracedPort, { address, mac_address: mac }: TracedPort): Promise<void> {
    const name = `lrp-${port.id}`;
    const datapath = await southbound('--bare', '--columns=datapath', 'find', 'Port_Binding', `logical_port=${name}`);
    const row = [`logical_port=${name}`, `ip=${address}`, `mac="${mac}"`, `datapath=${datapath.trim()}`];
    await southbound('create', 'MAC_Binding', ...row);
  }

  async function southbound(...args: readonly string[]): Promise<string> {
    const argv = ['ovn-sbctl', '--db=unix:/run/ovn/ovnsb_db.sock', ...args];
    const [program = '', ...rest] = await labCommand(clouds.lab.directory, { user: 'root', argv });
    return execFileSync(program, rest, { encoding: 'utf8' });
  }

  it('follows another prefix by metadata, and replaces no gateway', async () => {
    const file = join(clouds.operator.root, 'config/links/rehearsal.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, `${before}\ngrowth: 10.32.0.0/20\n`);
    const { stacks } = planSchema.parse(await clouds.operator.json('plan', GATEWAYS, '--live'));
    writeFileSync(file, before);
    const changes = stacks.flatMap((stack) => stack.changes).filter(({ noise }) => noise !== true);
    expect(changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      'update openstack_compute_instance_v2.gateway-1',
      'update openstack_compute_instance_v2.gateway-2',
    ]);
    const paths = new Set(changes.flatMap(({ attributes }) => attributes.map(({ path }) => path)));
    expect([...paths]).toEqual(['metadata.link-gateway.environment']);
  });

  it('goes in the other order, and leaves nothing on either side', async () => {
    await clouds.ok('destroy', lease, '--yes');
    const { log } = await clouds.ok('destroy', ...WHOLE, '--yes');
    expect(orderIn(log).filter((id) => id !== StackId.network('staging'))).toEqual([GATEWAYS, CONNECTIONS, ADDRESSES]);
    await expectNothing();
  });

  it('is made by one command, in order, and removed by one', async () => {
    const began = performance.now();
    const { log, out } = await clouds.ok('deploy', ...WHOLE, '--yes');
    process.stdout.write(
      `Link: one deploy over both clouds took ${Math.round((performance.now() - began) / 1000)} s\n`,
    );
    expect(orderIn(log).filter((id) => id !== StackId.network('staging'))).toEqual([ADDRESSES, CONNECTIONS, GATEWAYS]);
    expect(out).not.toContain('waiting');
    await clouds.ok('destroy', ...WHOLE, '--yes');
    await expectNothing();
  });

  async function expectNothing(): Promise<void> {
    const project = z.object({ id: z.string() });
    expect(await servers()).toEqual([]);
    expect(await clouds.operator.client.list('identity', '/projects?name=link', 'projects', project)).toEqual([]);
    expect(await clouds.ports('name=link-rehearsal-gateway-1')).toEqual([]);
    expect(
      await clouds.operator.client.list('network', '/floatingips?description=gateway', 'floatingips', project),
    ).toEqual([]);
    expect(
      [...clouds.realm().resources.values()].filter(({ type }) => /VPN|CustomerGateway|Route53/.test(type)),
    ).toEqual([]);
    expect(connections()).toEqual([]);
  }
});

const planSchema = z.object({
  stacks: z.array(
    z.object({
      changes: z.array(
        z.object({
          ...{ action: z.string(), address: z.string(), noise: z.boolean().optional() },
          attributes: z.array(z.object({ path: z.string() })),
        }),
      ),
    }),
  ),
});
