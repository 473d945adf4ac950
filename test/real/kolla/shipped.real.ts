/**
 * The shipped clouds themselves, in every layout, with TLS inside and without, through the real kolla-ansible to the end of
 * `genconfig`: it finds every file that it reads, and writes the configuration of exactly the services that Tandem says the tree runs.
 *
 * Of each kind of hosts one is written, with the facts of all. By day `paris` as it is and one more, with TANDEM_CHAOS=all each.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { kolla as kollaSchema } from '../../../lib/config/schema/cloud-kolla.ts';
import { placementOf } from '../../../lib/engines/kolla/difference.ts';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import { inLayout } from '../../../lib/private-cloud/members/layouts.ts';
import { hostsFor, topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import { sample } from '../../chaos.ts';
import { project } from '../../lib/private-cloud/failure/clouds.ts';
import { generateConfiguration, writeSite } from './kolla.ts';
import { addressesIn, resultOf } from './result.ts';

/** Ask the container engine's socket even where only files are written. */
const ASKS_ENGINE = ['prometheus-node-exporters', 'nova-cell', 'openvswitch'];

type Layout = Cloud['layout'];

function shipped(name: string, layout: Layout, tlsInside: boolean): Cloud {
  const cloud = project.clouds.get(name)?.value;
  if (cloud === undefined) throw new Error(`no cloud ${name}`);
  const laidOut = inLayout(cloud, layout);
  const kolla =
    laidOut.kolla ?? kollaSchema.parse({ secrets: '/etc/kolla/lab', providerInterfaces: { physnet1: 'eth1' } });
  const vips = laidOut.vips;
  return {
    ...laidOut,
    kolla,
    ...(vips === undefined ? {} : { vips: { ...vips, tls: { ...vips.tls, internal: tlsInside } } }),
  };
}

type Case = readonly [cloud: string, layout: Layout, tlsInside: boolean];
const AS_IT_IS: Case = ['paris', 'separated', true];
const OTHERS: readonly Case[] = [
  ['lab', 'starter', false],
  ['paris', 'converged', false],
  ['paris', 'converged', true],
  ['paris', 'separated', false],
  ['paris', 'starter', true],
  ['paris', 'starter', false],
];

describe.each([AS_IT_IS, ...sample(OTHERS, 1)])('%s as %s, TLS inside %s', (name, layout, tlsInside) => {
  const folder = mkdtempSync(join(tmpdir(), `tandem-shipped-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const cloud = shipped(name, layout, tlsInside);
  const topology = topologyOf(name, cloud);
  const placement = placementOf(renderTree(name, cloud).files);
  const known = placement.hosts;
  const hosts = [...new Map(topology.hosts.map((host) => [host.roles.join(), host.name])).values()].filter((host) =>
    known.includes(host),
  );
  const tags = [...new Set(placement.services.map(({ tag }) => tag))].filter((tag) => !ASKS_ENGINE.includes(tag));

  it('is accepted, and has exactly the services that Tandem says', { timeout: 1_500_000 }, async () => {
    // The tag `nova` is that of the cells too.
    const asked = tags.map((tag) => (tag === 'nova' ? 'nova-api' : tag));
    await generateConfiguration(writeSite(folder, name, cloud), asked, hosts);
    for (const host of hosts) {
      const expected = placement.services
        .filter(({ tag, group }) => tags.includes(tag) && placement.members(group).includes(host))
        .map((each) => each.name);
      expect(readdirSync(join(folder, 'out', host)).sort(), host).toEqual([...expected].sort());
    }
    const own = new Set([
      ...topology.hosts.flatMap((host) => Object.values(host.addresses)),
      ...[cloud.vips?.internal.address, cloud.vips?.external?.address],
    ]);
    const [controller = ''] = hostsFor(topology, 'control').map((host) => host.name);
    if (!hosts.includes(controller)) return;
    for (const service of ['nova-api/nova.conf', 'neutron-server/neutron.conf', 'octavia-api/octavia.conf'])
      for (const address of addressesIn(resultOf(folder, controller, service)))
        expect([...own, '0.0.0.0', '127.0.0.1'], service).toContain(address);
    const balancer = hosts.find((host) => placement.members('loadbalancer').includes(host));
    if (balancer === undefined || cloud.vips === undefined) return;
    const certificate = (path: string) => readFileSync(join(folder, 'out', balancer, path), 'utf8');
    expect(certificate('haproxy/haproxy.pem')).toContain('BEGIN CERTIFICATE');
    if (tlsInside) expect(certificate('proxysql/proxysql-cert.pem')).toContain('BEGIN CERTIFICATE');
    if (tlsInside) expect(certificate('haproxy/haproxy-internal.pem')).toContain('BEGIN PRIVATE KEY');
  });
});
