import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentSoftware, quorumsOf } from '../../../lib/components/environment-software.ts';
import { registryOf } from '../../../lib/components/registry.ts';
import { zoneLosses } from '../../../lib/components/zone-loss.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { placedLeases } from '../../../lib/config/placed-leases.ts';
import type { ProjectHealth } from '../../../lib/openstack-api/cloud-api.ts';
import { loadChecked } from '../../../lib/private-cloud/checks/load-checked.ts';
import { isWhole, sample } from '../../chaos.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';

/**
 * Every shipped blueprint is leased on the real control plane and destroyed again: each by `npm run test:chaos`; by CI one of them by turns.
 * `ds` has a file of its own.
 */
const shipped = readdirSync(join(import.meta.dirname, '../../../config/blueprints')).map((file) =>
  file.slice(0, -'.yaml'.length),
);
const others = shipped.filter((name) => name !== 'ds');
const chosen = isWhole ? shipped : sample(others, 1);

const server = z.object({
  name: z.string(),
  metadata: z.record(z.string(), z.string()),
  'OS-EXT-SRV-ATTR:user_data': z.string(),
});
const port = z.object({ name: z.string(), fixed_ips: z.array(z.object({ ip_address: z.string() })) });

let operator: Checkout;
beforeAll(async () => {
  operator = await openCheckout(await healthyLab());
});
afterAll(() => operator.remove());

describe.each(chosen)('the blueprint %s', (blueprint) => {
  const name = `b${Date.now().toString(36).slice(-5)}${shipped.indexOf(blueprint)}`;
  let project = '';
  let health: ProjectHealth;
  afterAll(async () => {
    await operator.tandem('env', 'destroy', name, '--yes');
  });

  it('is leased, and every server becomes active', async () => {
    const owner = ['--owner', 'alice@example.org', '--for', '7d', '--yes'];
    const made = await operator.json('env', 'create', name, '--blueprint', blueprint, ...owner);
    project = String(made['projectId']);
    health = await operator.cloud.health(project);
    expect(health.servers.map(({ status }) => status)).toEqual(health.servers.map(() => 'ACTIVE'));
    expect(health.servers.map(({ name: each }) => each).sort()).toEqual(expectedServers(operator.root, name));
  });

  it('keeps what each quorum needs when any zone is lost, as the scheduler placed it', () => {
    for (const { tier, component, quorum } of quorumTiers(operator.root, name)) {
      const byZone = new Map<string, number>();
      for (const { name: each, zone } of health.servers)
        if (new RegExp(`^${name}-${tier}-\\d+$`).test(each)) byZone.set(zone, (byZone.get(zone) ?? 0) + 1);
      expect(
        [...byZone.values()].reduce((sum, count) => sum + count, 0),
        tier,
      ).toBe(quorum.members);
      const losses = zoneLosses(byZone, quorum);
      expect(losses.length, tier).toBeGreaterThan(0);
      expect(
        losses.filter(({ serves }) => !serves),
        `${component} on ${tier}`,
      ).toEqual([]);
    }
  });

  it("tells servers their peers' real addresses, and all of a tier the same user data", async () => {
    const [servers, ports] = await Promise.all([
      operator.client.list('compute', `/servers/detail?all_tenants=1&project_id=${project}`, 'servers', server),
      operator.client.list('network', `/ports?project_id=${project}`, 'ports', port),
    ]);
    const addresses = new Map(ports.map((each) => [each.name, each.fixed_ips[0]?.ip_address ?? '']));
    const userData = new Map<string, Set<string>>();
    for (const { metadata, name: own, ...rest } of servers) {
      const { tier = '' } = metadata;
      userData.set(tier, (userData.get(tier) ?? new Set()).add(rest['OS-EXT-SRV-ATTR:user_data']));
      const told = Object.entries(metadata).filter(([key]) => key.startsWith('peers.'));
      const peers = told.flatMap(([, value]) => (value === '' ? [] : value.split(',')));
      for (const peer of peers) {
        const [of = '', address] = peer.split('=');
        expect(address, `${of} as ${own} is told`).toBe(addresses.get(of));
      }
      if (told.length > 0) expect(peers.map((peer) => peer.split('=')[0])).toContain(own);
    }
    for (const [tier, texts] of userData) expect(texts.size, tier).toBe(1);
  });

  it('leaves nothing behind', async () => {
    await operator.json('env', 'destroy', name, '--yes');
    expect(await operator.cloud.project(project)).toBeUndefined();
    expect(await operator.cloud.contents(project)).toEqual([]);
  });
});

function leased(root: string, lease: string) {
  const { project } = loadChecked(directoryFiles(root), new Date());
  const placed = project === undefined ? undefined : placedLeases(project).find((each) => each.lease.name === lease);
  if (project === undefined || placed === undefined) throw new Error(`no lease ${lease}`);
  return { project, ...placed };
}

function expectedServers(root: string, lease: string): string[] {
  return leased(root, lease)
    .demand.servers.map(({ id }) => id.replace('/', '-'))
    .sort();
}

/** Tiers that promise to go on without a zone. */
function quorumTiers(root: string, lease: string) {
  const { project, demand, cloud } = leased(root, lease);
  const { tiers } = demand;
  const software = environmentSoftware(registryOf(project.components), {
    environment: lease,
    cloud: cloud.value,
    tiers,
  });
  return [...software].flatMap(([tier, each]) => {
    const promises = tiers.find(({ name }) => name === tier)?.tier.survives === 'zone';
    return [...quorumsOf(each)].flatMap(([component, quorum]) =>
      promises && quorum.members > 1 ? [{ tier, component, quorum }] : [],
    );
  });
}
