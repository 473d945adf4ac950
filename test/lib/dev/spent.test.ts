import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { listEnvironments } from '../../../lib/dev/list.ts';
import { renderList } from '../../../lib/dev/render.ts';
import { renderShow } from '../../../lib/dev/render-show.ts';
import { showEnvironment } from '../../../lib/dev/show.ts';
import { periodOf, spentIn } from '../../../lib/dev/spent.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { makeWorld, type World } from './world.ts';

const prices = { vcpu: 10, memoryGiB: 5, volumeGiB: { standard: 0.1 }, floatingAddress: 3, loadBalancer: 20 };
const period = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };

describe('what was spent', () => {
  it('is each thing by its price and its hours, a month being 730 of them', () => {
    const usage = {
      servers: [{ name: 'a', vcpus: 2, memoryMiB: 4096, hours: 365 }],
      volumes: [{ type: 'standard', sizeGiB: 100, hours: 73 }],
      ...{ floatingAddresses: [73], balancers: [730], begin: new Date('2026-11-10T00:00:00Z') },
    };
    // 2 × 10 + 4 × 5 for half a month, 10 and 3 for a tenth, 20 for a whole one.
    const spent = spentIn(usage, period, { prices, monthly: 730 });
    expect(spent).toMatchObject({ amount: 20 + 1 + 0.3 + 20, from: '2026-11-10T00:00:00.000Z' });
    // 11 days of what 730 a month is: 1 an hour.
    expect(spent?.estimate).toBe(11 * 24);
  });

  it('is not known where a type has no price, or nothing was made', () => {
    const nothing = { servers: [], volumes: [], floatingAddresses: [], balancers: [], begin: undefined };
    expect(spentIn(nothing, period, { prices, monthly: 1 })).toBeUndefined();
    const odd = { ...nothing, volumes: [{ type: 'odd', sizeGiB: 1, hours: 1 }], begin: period.from };
    expect(spentIn(odd, period, { prices, monthly: 1 })).toBeUndefined();
  });

  it('begins with the month or the lease, whichever is later', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    expect(periodOf('2026-09-09', now).from.toISOString()).toBe('2026-11-01T00:00:00.000Z');
    expect(periodOf('2026-11-09', now).from.toISOString()).toBe('2026-11-09T00:00:00.000Z');
    expect(periodOf('2026-12-09', now).from).toEqual(now);
  });
});

describe('an environment', () => {
  let world: World;
  beforeEach(async () => {
    world = makeWorld();
    await createEnvironment(world.ports, {
      ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '7d' },
      ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
    });
    const begin = new Date('2026-11-21T00:00:00Z');
    const server = { name: 'web-1', vcpus: 1, memoryMiB: 2048, hours: 10 };
    world.cloud.usages.set('p-dora', { servers: [server], volumes: [], floatingAddresses: [], balancers: [], begin });
  });
  afterEach(() => world.end());
  const project = () => requireValid('dora', world.ports.files, world.now);

  it('is shown with what it has cost, and listed with it where that is asked', async () => {
    const shown = await showEnvironment(world.ports, project(), 'dora');
    expect(shown.spent?.amount).toBeGreaterThan(0);
    expect(shown.spent?.estimate).toBeCloseTo(((shown.monthlyCost ?? 0) * 10) / 730, 1);
    expect(renderShow(shown, 'EUR')).toMatch(/spent +\d+\.\d\d EUR since 2026-11-21 00:00 UTC/);
    const [plain] = await listEnvironments(world.ports, project(), { cloud: undefined, drift: false });
    expect(plain?.spent).toBeNull();
    const rows = await listEnvironments(world.ports, project(), { cloud: undefined, drift: false, usage: true });
    expect(rows[0]?.spent).toEqual(shown.spent);
    expect(renderList(rows, 'EUR')).toContain('SPENT');
    expect(renderList(rows, 'EUR')).not.toContain('DRIFT');
  });

  it('is shown without it where the cloud tells nobody', async () => {
    const { cloudRequestFailed } = await import('../../../lib/openstack-api/errors.ts');
    const facts = { cloud: 'fake', method: 'GET', url: 'x', status: 403 };
    world.cloud.usage = () => Promise.reject(cloudRequestFailed(facts));
    expect((await showEnvironment(world.ports, project(), 'dora')).spent).toBeNull();
  });
});
