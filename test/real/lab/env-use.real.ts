import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../lab/openstack/index.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout } from './checkout.ts';

/** A lease of two servers in the lab, with prices by which seconds cost something. */
let lab: Lab;
let operator: Checkout;
const name = `use${Date.now().toString(36).slice(-5)}`;
const KEY = `ssh-ed25519 ${'A'.repeat(68)} ops@example.org`;

beforeAll(async () => {
  lab = await healthyLab();
  operator = await openCheckout(lab);
  await ensureBase(operator);
  const config = (file: string, lines: readonly string[]): void =>
    writeFileSync(join(operator.root, 'config', file), lines.map((line) => `${line}\n`).join(''));
  config('blueprints/pair.yaml', [
    'description: A way in, and a store behind it',
    'ssh: { tier: bastion, from: [office] }',
    'tiers:',
    '  bastion: { image: debian-12, flavor: small, floatingAddress: true }',
    '  store: { image: debian-12, flavor: medium, volumes: { data: { sizeGiB: 2 } } }',
  ]);
  config('prices/lab.yaml', [
    ...['asOf: 2026-11-02', 'vcpu: 7300000', 'memoryGiB: 730000', 'volumeGiB: { standard: 730000 }'],
    ...['floatingAddress: 365000', 'loadBalancer: 0'],
  ]);
  writeFileSync(join(operator.root, 'key.pub'), `${KEY}\n`);
  operator.git('add', '-A');
  operator.git('commit', '-qm', 'a pair, and prices');
  const lease = ['--blueprint', 'pair', '--owner', 'ops@example.org', '--ssh-key', join(operator.root, 'key.pub')];
  await operator.json('env', 'create', name, ...lease, '--yes');
});
afterAll(async () => {
  await operator.tandem('env', 'destroy', name, '--yes');
  operator.remove();
});

interface Spent {
  readonly to: string;
  readonly amount: number;
  readonly estimate: number;
}
const look = async (): Promise<{ spent: Spent; monthlyCost: number }> =>
  (await operator.json('env', 'show', name)) as unknown as { spent: Spent; monthlyCost: number };

/** By how much the cloud's word grew between two looks, beside what the configuration estimates for that time. */
async function growth(): Promise<{ real: number; estimated: number; seconds: number }> {
  const first = await look();
  await sleep(20_000);
  const second = await look();
  const seconds = (Date.parse(second.spent.to) - Date.parse(first.spent.to)) / 1000;
  const estimated = (second.monthlyCost * seconds) / 3600 / 730;
  return { real: second.spent.amount - first.spent.amount, estimated, seconds };
}

describe('what a lease costs', () => {
  it('grows by what the cloud says was used as the estimate does, within 2 %', async () => {
    const { real, estimated, seconds } = await growth();
    const off = (real / estimated - 1) * 100;
    process.stderr.write(
      `cost of ${seconds.toFixed(0)} s: ${real.toFixed(2)}, estimated ${estimated.toFixed(2)} (${off.toFixed(2)} %)\n`,
    );
    expect(estimated).toBeGreaterThan(100);
    expect(Math.abs(off)).toBeLessThan(2);
  });

  it('is told of all leases where that is asked', async () => {
    const { environments } = (await operator.json('env', 'list', '--usage')) as { environments: { spent: Spent }[] };
    expect(environments).toHaveLength(1);
    expect(environments[0]?.spent.amount).toBeGreaterThan(0);
    expect((await operator.json('env', 'list'))['environments']).toMatchObject([{ spent: null }]);
  });
});

describe('a server of a lease', () => {
  it('has its console told by the cloud', async () => {
    const read = await operator.json('env', 'logs', name, 'store', '--lines', '1');
    // What Nova's simulated driver has every server say.
    expect(read).toMatchObject({ server: `${name}-store-1`, unit: null, text: 'LAST LINE' });
  });

  it('is reached through the one with the floating address', async () => {
    const told = await operator.json('env', 'ssh', name, 'store-1');
    expect(told).toMatchObject({
      server: `${name}-store-1`,
      code: null,
      unknown: [`${name}-bastion-1`, `${name}-store-1`],
    });
    const config = readFileSync(join(operator.root, `.tandem/ssh/${name}/config`), 'utf8');
    expect(config).toMatch(new RegExp(`Host ${name}-bastion-1\n  HostName 203\\.0\\.113\\.\\d+\n`));
    expect(config).toMatch(new RegExp(`Host ${name}-store-1\n(?:  .*\n)+  ProxyJump ${name}-bastion-1\n`));
    const { out } = await operator.tandem('env', 'ssh', name, 'store-1', '--print');
    expect(out).toBe(`${String(told['command'])}\n`);
  });
});

describe('a frozen lease', () => {
  it('costs its volumes and addresses and no server, by the cloud as by the estimate', async () => {
    await operator.json('env', 'freeze', name, '--yes');
    const { real, estimated } = await growth();
    process.stderr.write(`frozen: ${real.toFixed(2)}, estimated ${estimated.toFixed(2)}\n`);
    expect(estimated).toBeGreaterThan(5);
    expect(Math.abs(real / estimated - 1)).toBeLessThan(0.02);
  });

  it('has no console', async () => {
    const { code, log } = await operator.tandem('env', 'logs', name, 'store');
    expect([code, log]).toEqual([1, expect.stringContaining('no-console')]);
  });
});
