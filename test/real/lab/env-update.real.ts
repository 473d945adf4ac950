import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../lab/openstack/index.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout } from './checkout.ts';

/** Leases of a small blueprint of the test's own, in the lab: Nova replaces and resizes their servers for real, with a simulated driver. */
let lab: Lab;
let operator: Checkout;
const suffix = Date.now().toString(36).slice(-5);
const [ann, bob] = [`upa${suffix}`, `upb${suffix}`];
const projects: Record<string, string> = {};

function writeBlueprint(userData: string, count = 3): void {
  writeFileSync(join(operator.root, 'config/user-data.sh'), `#!/bin/sh\n# ${userData}\n`);
  writeFileSync(
    join(operator.root, 'config/blueprints/trio.yaml'),
    [
      'description: Three members',
      'tiers:',
      `  db: { image: debian-12, flavor: small, count: ${count}, userData: config/user-data.sh, volumes: { data: { sizeGiB: 1 } } }`,
      '',
    ].join('\n'),
  );
  operator.git('add', '-A');
  operator.git('commit', '-qm', userData);
}

beforeAll(async () => {
  lab = await healthyLab();
  operator = await openCheckout(lab);
  await ensureBase(operator);
  writeBlueprint('one');
  for (const name of [ann, bob]) {
    const made = await operator.json(
      'env',
      'create',
      name,
      '--blueprint',
      'trio',
      '--owner',
      'ops@example.org',
      '--yes',
    );
    projects[name] = String(made['projectId']);
  }
});
afterAll(async () => {
  for (const name of [ann, bob]) await operator.tandem('env', 'destroy', name, '--yes');
  operator.remove();
});

const idsOf = async (name: string): Promise<Map<string, string>> => {
  const { servers } = await operator.cloud.health(projects[name] ?? '');
  return new Map(servers.map((each) => [each.name, each.id]));
};
/** The fewest servers that were active, of any look while the work lasted. */
async function fewestActive(name: string, work: Promise<unknown>): Promise<{ fewest: number; looks: number }> {
  const state = { isOver: false };
  let [fewest, looks] = [Number.POSITIVE_INFINITY, 0];
  const watching = (async () => {
    while (!state.isOver) {
      const { servers } = await operator.cloud.health(projects[name] ?? '');
      fewest = Math.min(fewest, servers.filter(({ status }) => status === 'ACTIVE').length);
      looks += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  try {
    await work;
  } finally {
    state.isOver = true;
    await watching;
  }
  return { fewest, looks };
}

describe('a blueprint whose user data changes', () => {
  it('is told for each server, by the live cloud, before anything happens', async () => {
    writeBlueprint('two');
    const before = await idsOf(ann);
    const { leases, rounds } = await operator.json('env', 'update', ann, '--dry-run');
    expect(leases).toEqual([
      expect.objectContaining({
        standing: 'changes',
        servers: [1, 2, 3].map((index) => ({ tier: 'db', index, effect: 'replace', because: ['user_data'] })),
      }),
    ]);
    expect(rounds).toEqual([['db-1'], ['db-2'], ['db-3']]);
    expect(await idsOf(ann)).toEqual(before);
  });

  it('replaces one server after another, so that a majority is always active, and keeps every volume', async () => {
    const before = await idsOf(ann);
    const volumes = async () =>
      (await operator.cloud.contents(projects[ann] ?? ''))
        .filter(({ kind }) => kind === 'volume')
        .map(({ id }) => id)
        .sort();
    const kept = await volumes();
    const started = performance.now();
    const { fewest, looks } = await fewestActive(ann, operator.json('env', 'update', ann, '--yes'));
    process.stderr.write(
      `update of 3 servers, one after another: ${((performance.now() - started) / 1000).toFixed(0)} s; fewest active in ${looks} looks: ${fewest}\n`,
    );
    expect(fewest).toBeGreaterThanOrEqual(2);
    const after = await idsOf(ann);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, id] of before) expect(after.get(name)).not.toBe(id);
    expect(kept).toHaveLength(3);
    expect(await volumes()).toEqual(kept);
    expect(await operator.json('env', 'update', ann, '--yes')).toMatchObject({ leases: [{ standing: 'current' }] });
    expect(await operator.json('env', 'show', ann)).toMatchObject({ drift: 0, state: 'active' });
  });

  it('is rolled out to the other lease, which the journal knows to be the second', async () => {
    const before = await idsOf(bob);
    const { waves, leases } = await operator.json('env', 'update', '--blueprint', 'trio', '--yes');
    expect(waves).toEqual([{ share: 'all', names: [bob] }]);
    expect(leases).toMatchObject([
      { name: ann, standing: 'updated' },
      { name: bob, standing: 'updated' },
    ]);
    for (const [name, id] of await idsOf(bob)) expect(before.get(name)).not.toBe(id);
  });

  it('fails where a lower count takes the majority away at once', async () => {
    writeBlueprint('two', 1);
    const { code, log } = await operator.tandem('env', 'update', ann, '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('update-loses-majority')]);
    expect((await idsOf(ann)).size).toBe(3);
  });
});
