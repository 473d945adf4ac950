/**
 * The shipped clouds themselves, in every layout, with TLS inside and without, through the real kolla-ansible to the end of
 * `genconfig`: it finds every file that it reads, and writes the configuration of exactly the services that Tandem says the tree runs.
 *
 * Of each kind of hosts one is written, with the facts of all. A part of `paris` as it is in CI, all with `npm run test:chaos`.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
const AS_IT_IS: Case = ['paris', 'separated', true];
const OTHERS: readonly Case[] = [
  ['lab', 'starter', false],
  ['paris', 'converged', false],
  ['paris', 'converged', true],
  ['paris', 'separated', false],
  ['paris', 'starter', true],
  ['paris', 'starter', false],
];

interface Written {
  readonly name: string;
  readonly layout: Layout;
  readonly cloud: Cloud;
  readonly tlsInside: boolean;
  readonly placement: Placement;
  readonly host: string;
}

/** One host of each kind that Kolla looks after. */
function writtenOf([name, layout, tlsInside]: Case): Written[] {
  const cloud = shipped(name, layout, tlsInside);
  const placement = placementOf(renderTree(name, cloud).files);
  const kinds = new Map(topologyOf(name, cloud).hosts.map((host) => [host.roles.join(), host.name]));
  return [...kinds.values()]
    .filter((host) => placement.hosts.includes(host))
    .map((host) => ({ name, layout, cloud, tlsInside, placement, host }));
}

/** As Kolla names the folders of a host. */
function foldersOf({ placement, host }: Written, tags: readonly string[]): string[] {
  const chassis = placement.members('ovn-controller').length;
  return placement.services
    .filter(({ tag, group }) => tags.includes(tag) && placement.members(group).includes(host))
    .flatMap(({ name }) => numbersOf(name, chassis, {}).map((number) => (number === '' ? name : `${name}-${number}`)));
}

/** What CI has, one a day, of `paris` as it is. */
const DAILY: readonly string[] = ['control-c-1', 'database-c-1', 'balancer-c-1'];
const cases = Map.groupBy([AS_IT_IS, ...OTHERS].flatMap(writtenOf), ({ host, layout, tlsInside }) =>
  layout === 'separated' && tlsInside && DAILY.includes(host) ? 'daily' : 'whole',
);

describe.each([...sample(cases.get('daily') ?? [], 1), ...sample(cases.get('whole') ?? [], 0)])(
  '$host of $name as $layout, TLS inside $tlsInside',
  (written) => {
    const { name, cloud, tlsInside, placement, host } = written;
    const folder = mkdtempSync(join(tmpdir(), `tandem-shipped-${name}-`));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const tags = [...new Set(placement.services.map(({ tag }) => tag))].filter((tag) => !ASKS_ENGINE.includes(tag));

    it('is accepted, and has exactly the services that Tandem says', { timeout: 1_500_000 }, async () => {
      // The tag `nova` is that of the cells too.
      const asked = tags.map((tag) => (tag === 'nova' ? 'nova-api' : tag));
      await generateConfiguration(writeSite(folder, name, cloud), asked, [host]);
      expect(readdirSync(join(folder, 'out', host)).sort()).toEqual(foldersOf(written, tags).sort());
      const own = [
        ...topologyOf(name, cloud).hosts.flatMap(({ addresses }) => Object.values(addresses)),
        ...[cloud.vips?.internal.address, cloud.vips?.external?.address, '0.0.0.0', '127.0.0.1'],
      ];
      if (placement.members('control').includes(host))
        for (const service of ['nova-api/nova.conf', 'neutron-server/neutron.conf', 'octavia-api/octavia.conf'])
          for (const address of addressesIn(resultOf(folder, host, service))) expect(own, service).toContain(address);
      if (cloud.vips === undefined || !placement.members('loadbalancer').includes(host)) return;
      expect(resultOf(folder, host, 'haproxy/haproxy.pem')).toContain('BEGIN CERTIFICATE');
      if (!tlsInside) return;
      expect(resultOf(folder, host, 'proxysql/proxysql-cert.pem')).toContain('BEGIN CERTIFICATE');
      expect(resultOf(folder, host, 'haproxy/haproxy-internal.pem')).toContain('BEGIN PRIVATE KEY');
    });
  },
);
