import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoForming } from '../../../lab/servers/roots.ts';
import { type LinkSite, openLinkSite } from './site/site.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`No gateway is reached by SSH: ${reason}\n`);

const KNOWN_HOSTS = '.tandem/ssh/link-rehearsal/known_hosts';

/** Gateways on this machine, reached by the real ssh, with the AWS emulator on the other side; each test goes on from where the last one ended. */
describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('an operator of a link', () => {
  let site: LinkSite;
  const tandem = (...args: string[]) => site.operator.tandem(...args);
  const server = (gateway: 1 | 2) => {
    const found = site.servers[gateway - 1];
    if (found === undefined) throw new Error(`there is no gateway ${gateway}`);
    return found;
  };

  beforeAll(async () => {
    site = await openLinkSite();
  });
  afterAll(async () => {
    await site.close();
  });

  it('is told by both sides that all is well, over host keys from the consoles', async () => {
    const began = performance.now();
    await expect.poll(async () => (await tandem('link', 'status')).out, { timeout: 300_000 }).toContain('all is well');
    process.stdout.write(`Link: status by SSH and AWS's API after ${Math.round(performance.now() - began)} ms\n`);
    const known = readFileSync(join(site.operator.root, KNOWN_HOSTS), 'utf8');
    for (const { id, name, console } of site.servers)
      expect(known).toContain(`${name}.${id} ${/ssh-ed25519 \S+/.exec(console)?.[0] ?? 'none'}\n`);
    const { code, out } = await tandem('link', 'status', 'rehearsal', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { isWell: true, problems: [], unasked: [] }]);
  });

  it('without a key of theirs is told so, and whose keys gateways let in', async () => {
    site.useKey('other');
    const { code, out } = await tandem('link', 'status');
    site.useKey('own');
    expect(code).toBe(1);
    for (const { name } of site.servers)
      expect(out).toMatch(
        new RegExp(`${name}: ${name} lets none of your SSH keys in: .*Permission denied \\(publickey.*sshKeys`),
      );
  });

  it('does not log in to a host whose key its console does not show', async () => {
    const own = server(2);
    const before = own.console;
    // Somebody else's keys of the same kinds.
    own.console = before.replaceAll(/ (AAAA\S{16})\S{20}/g, ` $1${'B'.repeat(20)}`);
    const hosts = join(site.operator.root, KNOWN_HOSTS);
    rmSync(hosts);
    const { code, out } = await tandem('link', 'status');
    own.console = before;
    rmSync(hosts);
    expect(code).toBe(1);
    expect(out).toMatch(/link-rehearsal-gateway-2: .*host key/i);
    expect(out).not.toMatch(/link-rehearsal-gateway-1: .*host key/i);
  });

  it('is told of a gateway without power, and all about the other one', { timeout: 1_800_000 }, async () => {
    await site.bench.powerOff([2]);
    const { code, out } = await tandem('link', 'status');
    await site.bench.powerOn([2]);
    expect(code).toBe(1);
    expect(out).toMatch(/link-rehearsal-gateway-2: link-rehearsal-gateway-2 did not answer: .*(timed out|No route)/);
    expect(out).toMatch(/^ {2}1-1 .*ESTABLISHED +Established/m);
    expect(out).toContain('link-rehearsal-gateway-1: has the shared address');
    await site.bench.settled();
    await expect.poll(async () => (await tandem('link', 'status')).code, { timeout: 600_000 }).toBe(0);
  });

  it('gives all tunnels new keys without a ping lost, killed in between', { timeout: 1_800_000 }, async () => {
    const before = site.keys();
    const traffic = await site.bench.traffic();
    const killed = await site.operator.killedAt(/tunnel 1-1: AWS has the new key/, 'link', 'rotate', '--yes');
    const { code, log } = await tandem('link', 'rotate', '--yes');
    const { pings, session } = await traffic.end();
    expect(code, log).toBe(0);
    // What was done before is not asked of AWS again.
    expect(log).toContain(', resumed');
    expect(log).not.toContain('tunnel 1-1: AWS has the new key');
    process.stdout.write(
      `Link: ${pings.filter(({ ok }) => !ok).length} of ${pings.length} pings lost while keys were rotated\n`,
    );
    expect(pings.filter(({ ok }) => !ok)).toEqual([]);
    expect(session.failure).toBeUndefined();
    const after = site.keys();
    expect(Object.keys(after).filter((id) => after[id] === before[id])).toEqual([]);
    const told = [killed.out, killed.log, log, site.operator.kept()].join('\n');
    expect(Object.values(after).filter((key) => told.includes(key))).toEqual([]);
    expect((await tandem('link', 'status')).out).toContain('all is well');
  });
});
