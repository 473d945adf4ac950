/**
 * The shipped clouds themselves, in every layout, with TLS inside and without, through the real kolla-ansible to the end of
 * `genconfig`: it finds every file that it reads, and writes the configuration of exactly the services that Tandem says the tree runs.
 *
 * Of each kind of hosts one is written, with the facts of all. The clouds as they are in CI, all with `npm run test:chaos`.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { kolla as kollaSchema } from '../../../lib/config/schema/cloud-kolla.ts';
import { placementOf } from '../../../lib/engines/kolla/difference.ts';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import type { Placement } from '../../../lib/private-cloud/kolla/restarts.ts';
import { numbersOf } from '../../../lib/private-cloud/kolla/running.ts';
import { inLayout } from '../../../lib/private-cloud/members/layouts.ts';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
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
const AS_THEY_ARE: readonly Case[] = [
  ['paris', 'separated', true],
  ['lab', 'starter', false],
];
const OTHERS: readonly Case[] = [
  ['paris', 'converged', false],
  ['paris', 'converged', true],
  ['paris', 'separated', false],
  ['paris', 'starter', true],
  ['paris', 'starter', false],
];

/** One host of each set of services that Kolla runs on a host. */
function kindsOf(placement: Placement): string[] {
  // Of what runs on this machine, if anything does, nothing is written to a host.
  const hosts = placement.hosts.filter((host) => host !== 'localhost');
  return [...new Map(hosts.map((host) => [placement.on(host).join().replaceAll(`@${host}`, ''), host])).values()];
}

/** As Kolla names the folders of a host. */
function foldersOf(placement: Placement, host: string, tags: readonly string[]): string[] {
  const chassis = placement.members('ovn-controller').length;
  return placement.services
    .filter(({ tag, group }) => tags.includes(tag) && placement.members(group).includes(host))
    .flatMap(({ name }) => numbersOf(name, chassis, {}).map((number) => (number === '' ? name : `${name}-${number}`)));
}

describe.each([...AS_THEY_ARE, ...sample(OTHERS, 0)])('%s as %s, TLS inside %s', (name, layout, tlsInside) => {
  const cloud = shipped(name, layout, tlsInside);
  const placement = placementOf(renderTree(name, cloud).files);
  const tags = [...new Set(placement.services.map(({ tag }) => tag))].filter((tag) => !ASKS_ENGINE.includes(tag));
  const kinds = kindsOf(placement);
  const of = (group: string) => kinds.filter((host) => placement.members(group).includes(host));
  const folder = mkdtempSync(join(tmpdir(), `tandem-shipped-${name}-`));
  beforeAll(async () => {
    // The tag `nova` is that of the cells too.
    const asked = tags.map((tag) => (tag === 'nova' ? 'nova-api' : tag));
    await generateConfiguration(writeSite(folder, name, cloud), asked, kinds);
  }, 2_700_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(kinds)('has exactly the services that Tandem says on %s', (host) => {
    expect(readdirSync(join(folder, 'out', host)).sort()).toEqual(foldersOf(placement, host, tags).sort());
  });

  it('points at no host that is not there', () => {
    const own = [
      ...topologyOf(name, cloud).hosts.flatMap(({ addresses }) => Object.values(addresses)),
      ...[cloud.vips?.internal.address, cloud.vips?.external?.address, '0.0.0.0', '127.0.0.1'],
    ];
    for (const host of of('control'))
      for (const service of ['nova-api/nova.conf', 'neutron-server/neutron.conf', 'octavia-api/octavia.conf'])
        for (const address of addressesIn(resultOf(folder, host, service))) expect(own, service).toContain(address);
  });

  it.runIf(cloud.vips !== undefined)('brings the certificates to the balancers', () => {
    for (const host of of('loadbalancer')) {
      expect(resultOf(folder, host, 'haproxy/haproxy.pem')).toContain('BEGIN CERTIFICATE');
      if (!tlsInside) continue;
      expect(resultOf(folder, host, 'proxysql/proxysql-cert.pem')).toContain('BEGIN CERTIFICATE');
      expect(resultOf(folder, host, 'haproxy/haproxy-internal.pem')).toContain('BEGIN PRIVATE KEY');
    }
  });
});
