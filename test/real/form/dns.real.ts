import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consulFiles } from './support/consul-program.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';
import { runs, SteadyWriter } from './support/steady-writer.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);
const gossip = Buffer.alloc(32, 7).toString('base64');
const pair = Buffer.alloc(32, 9).toString('base64');
const secrets = { consul: { 'gossip-key': gossip }, knot: { pair } };
const ZONE = 'corp.example.org';

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('names of a lease', () => {
  let lease: FormedLease;
  let primary: FormedServer;
  let secondary: FormedServer;
  let resolvers: readonly FormedServer[] = [];

  beforeAll(async () => {
    lease = await formLease({ name: 'alice', blueprint: 'dns', rootFiles: await consulFiles(), secrets });
    await lease.healthy();
    primary = lease.server('primary', 1);
    secondary = lease.server('secondary', 1);
    resolvers = lease.ofTier('resolver');
  });
  afterAll(async () => {
    await lease.stop();
  });

  /** The answer of one server, its lines sorted; asked from a resolver. */
  async function answer(server: FormedServer, name: string, type = 'A'): Promise<string> {
    const [from] = resolvers as [FormedServer];
    const ask = ['kdig', `@${server.address}`, '+short', '+time=5', '+retry=0', name, type];
    return (await from.must(ask)).trim().split('\n').sort().join(' ');
  }

  /** As somebody who has the key of the pair. */
  async function update(command: string): Promise<void> {
    const [from] = resolvers as [FormedServer];
    const input = `server ${primary.address}\nzone ${ZONE}\norigin ${ZONE}\n${command}\nsend\nquit\n`;
    await from.must(['knsupdate', '-y', `hmac-sha256:pair:${pair}`, '-t', '3'], { input });
  }

  it('are configured as their servers take it', async () => {
    for (const server of [primary, secondary])
      expect(await server.must(['knotc', 'conf-check'])).toContain('Configuration is valid');
    expect(await primary.must(['knotc', 'zone-check', ZONE])).not.toMatch(/error|warning/);
    for (const server of resolvers) expect(await server.must(['unbound-checkconf'])).toContain('no errors');
  });

  it('pass from the primary to its secondary, and are known to every resolver', async () => {
    await update('add www 60 A 192.0.2.80');
    await until('the secondary has it', async () => (await answer(secondary, `www.${ZONE}`)) === '192.0.2.80');
    for (const server of resolvers) expect(await answer(server, `www.${ZONE}`)).toBe('192.0.2.80');
    expect(await answer(secondary, ZONE, 'NS')).toBe(
      ['primary', 'secondary'].map((tier) => `${tier}-1.alice.lab.acme.example.org.`).join(' '),
    );
  });

  it('are neither changed nor listed without the key', async () => {
    const [from] = resolvers as [FormedServer];
    const input = `server ${primary.address}\nzone ${ZONE}\nadd bad.${ZONE} 60 A 192.0.2.66\nsend\nquit\n`;
    const tried = await from.exec(['knsupdate', '-t', '3'], { input });
    expect(`${tried.stdout}${tried.stderr}`).toMatch(/NOTAUTH|REFUSED/);
    expect((await from.exec(['kdig', `@${primary.address}`, ZONE, 'AXFR'])).stdout).not.toContain('www');
    expect(await answer(primary, `bad.${ZONE}`)).toBe('');
  });

  for (const run of runs(5))
    it(`are resolved while the primary is away, and change after its return (run ${run})`, async () => {
      const writer = new SteadyWriter(async (number) => update(`add run-${run}-${number} 60 A 192.0.2.1`));
      await writer.more(20);
      await primary.kill();
      const { acknowledged } = await writer.stop();
      // A name that no cache has: somebody must be asked.
      for (const server of resolvers)
        expect(await answer(server, `run-${run}-${acknowledged[server.index] ?? 0}.${ZONE}`)).toBe('192.0.2.1');

      await primary.boot();
      await lease.healthy();
      await update(`add back-${run} 60 A 192.0.2.2`);
      await until('the secondary hears of it', async () => (await answer(secondary, `back-${run}.${ZONE}`)) !== '');
      for (const server of [primary, secondary]) {
        const zone = await server.must(['knotc', 'zone-read', ZONE]);
        const lost = acknowledged.filter((number) => !zone.includes(`] run-${run}-${number}.${ZONE}.`));
        expect([server.name, lost]).toEqual([server.name, []]);
      }
      process.stdout.write(`DNS, run ${run}: primary killed, ${acknowledged.length} updates acknowledged, 0 lost\n`);
    });

  it('of services come from Consul, and leave out what is away', async () => {
    const all = lease.ofTier('discovery-consul');
    for (const server of resolvers)
      expect(await answer(server, 'consul.service.consul')).toBe(all.map(({ address }) => address).join(' '));
    const [one, ...others] = all as [FormedServer, ...FormedServer[]];
    await one.kill();
    const left = others.map(({ address }) => address).join(' ');
    await until(
      'it is left out',
      async () => (await answer(resolvers[0] as FormedServer, 'consul.service.consul')) === left,
    );
    await one.boot();
    await lease.healthy();
  });

  it('are backed up', async () => {
    await primary.must(['/usr/local/lib/tandem/bring-up', 'backup', '/root/kept']);
    expect(await primary.must(['cat', `/root/kept/knot/zones/${ZONE}.zone`])).toContain('192.0.2.80');
  });
});
