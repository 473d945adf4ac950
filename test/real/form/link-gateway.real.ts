import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkGatewayMetadata } from '../../../lib/components/link-gateway/software.ts';
import { GIVEN, gatewaysOf } from '../../lib/components/link-gateway/gateway.ts';
import { FAR_ADDRESS, farSide } from './support/far-side.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';
import { must } from './support/run.ts';
import { type Pinged, pingedWhile } from './support/steady-ping.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

interface State {
  readonly vrrp: string;
  readonly well: boolean;
  readonly halves: boolean;
  readonly tunnels: readonly { readonly state: string; readonly bgp: string }[];
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 480; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

/** The kernels that tests run on have no xfrm interfaces: pairs of virtual Ethernet stand for the tunnels, and charon finds nobody. */
describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a pair of gateways', () => {
  const { software, link } = gatewaysOf();
  let lease: FormedLease;
  let first: FormedServer;
  let second: FormedServer;
  let far: FormedServer;
  let tenant: FormedServer;
  let network = '';

  beforeAll(async () => {
    lease = await formLease({ name: 'link-main', software: { gateway: software, ...farSide() } });
    [first, second] = [lease.server('gateway', 1), lease.server('gateway', 2)];
    [far, tenant] = [lease.server('far', 1), lease.server('tenant', 1)];
    network = lease.gateway.replace(/\.1$/, '');
    await wire();
    const own = { network: `${network}.0/24`, 'network-length': '24', router: lease.gateway, vip: `${network}.200` };
    const lists = { 'told-1': own.network, 'halves-1': `${network}.0/25 ${network}.128/25` };
    for (const [server, index] of [[first, 1] as const, [second, 2] as const])
      await lease.tell({ ...prefixed({ ...own, ...lists }), ...linkGatewayMetadata(link, index, GIVEN) }, [server]);
    await lease.healthy();
    await settled();
  });
  afterAll(async () => {
    await lease.stop();
  });

  const prefixed = (entries: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [`link-gateway.${name}`, value]));

  async function wire(): Promise<void> {
    const namespaces = new Map(
      [first, second, far].map((each) => [each, `tandem-form-${network.split('.')[2]}-${lease.servers.indexOf(each)}`]),
    );
    for (const [at, server] of [first, first, second, second].entries())
      await must(
        ['ip', '-n', namespaces.get(server) ?? '', 'link', 'add', `tun${(at % 2) + 1}`, 'type', 'veth'].concat([
          'peer',
          'name',
          `far${at + 1}`,
          'netns',
          namespaces.get(far) ?? '',
        ]),
      );
    for (const server of [first, second])
      await server.must(['sh', '-c', 'for t in tun1 tun2; do ip link set $t up; done']);
    const ends = [1, 2, 3, 4].map(
      (end) => `ip address add 169.254.100.${4 * end - 3}/30 dev far${end}; ip link set far${end} mtu 1400 up`,
    );
    await far.must(['sh', '-euc', `${ends.join('\n')}\nip address add ${FAR_ADDRESS}/21 dev lo\nsysctl -q --system`]);
    await tenant.must(['ip', 'route', 'add', '10.3.0.0/21', 'via', `${network}.200`]);
  }

  async function state(server: FormedServer): Promise<State> {
    return JSON.parse(await server.must(['cat', '/run/tandem-link/state.json'])) as State;
  }

  /** The first one has the address, and all four tunnels are good. */
  async function settled(): Promise<void> {
    await until('all is well', async () => {
      const all = [await state(first), await state(second)];
      return all[0]?.vrrp === 'MASTER' && all.every(({ tunnels }) => tunnels.every((each) => each.state === 'good'));
    });
  }

  function tell(what: string, { sent, lost, longestGapSeconds }: Pinged): void {
    process.stdout.write(`Link: ${what}: ${lost} of ${sent} pings lost, longest gap ${longestGapSeconds} s\n`);
  }

  const drop = (...ends: string[]) =>
    `nft 'add table inet grey; add chain inet grey in { type filter hook prerouting priority -300; }; add chain inet grey out { type filter hook postrouting priority 300; }; add rule inet grey in iifname { ${ends.join(', ')} } drop; add rule inet grey out oifname { ${ends.join(', ')} } drop'`;

  it('have settings that their programs take', async () => {
    await first.must(['vtysh', '-C']);
    await first.must(['keepalived', '--config-test']);
    expect(await first.must(['unbound-checkconf'])).toContain('no errors');
    await first.must(['nft', '--check', '--file', '/etc/tandem-link/nftables.conf']);
    const said = await first.must(['swanctl', '--list-conns']);
    for (const id of ['203.0.113.1', '198.51.100.11', '198.51.100.12']) expect(said).toContain(`id: ${id}`);
    const units = ['tandem-link', 'strongswan', 'frr', 'unbound', 'keepalived', 'tandem-link-probe'];
    const verified = await first.exec(['systemd-analyze', 'verify', ...units.map((unit) => `${unit}.service`)]);
    expect(verified.stderr.split('\n').filter((line) => /tandem/.test(line))).toEqual([]);
    expect(await first.must(['stat', '-c', '%a %U', '/etc/swanctl/conf.d/tandem-link-keys.conf'])).toBe('600 root\n');
  });

  it('leave a tunnel that is up and passes nothing, and come back without a loss', async () => {
    const used = (await far.must(['ip', 'route', 'get', tenant.address])).match(/dev (far\d)/)?.[1] ?? '';
    const index = used === 'far2' ? 1 : 0;
    tell(
      'a tunnel that passes nothing',
      await pingedWhile(tenant, FAR_ADDRESS, async () => {
        await far.must(['sh', '-c', drop(used)]);
        await until('it is left', async () => (await state(first)).tunnels[index]?.state === 'bad');
        await until('traffic passes', async () => (await tenant.exec(['ping', '-c1', '-W1', FAR_ADDRESS])).code === 0);
      }),
    );
    // BGP still believes in it.
    expect((await state(first)).tunnels[index]?.bgp).toBe('Established');
    expect((await state(first)).vrrp).toBe('MASTER');
    const healed = await pingedWhile(tenant, FAR_ADDRESS, async () => {
      await far.must(['nft', 'delete', 'table', 'inet', 'grey']);
      await settled();
    });
    tell('the same tunnel comes back', healed);
    expect(healed.lost).toBe(0);
    expect((await state(first)).halves).toBe(false);
  });

  it('follow another range in place', async () => {
    const programs = ['strongswan', 'frr', 'keepalived', 'unbound', 'tandem-link-probe'].map(
      (each) => `${each}.service`,
    );
    const started = async () =>
      first.must(['systemctl', 'show', '--property=ActiveEnterTimestampMonotonic', ...programs]);
    const before = await started();
    const changed = await pingedWhile(tenant, FAR_ADDRESS, async () => {
      await lease.tell(prefixed({ 'told-1': `${network}.0/24 10.44.0.0/16` }), [first, second]);
      await until('it is told', async () => (await far.must(['ip', 'route', 'show', '10.44.0.0/16'])) !== '');
    });
    tell('another range', changed);
    expect(changed.lost).toBe(0);
    expect(await started()).toBe(before);
  });

  it('are drained without a loss, and taken back without one', async () => {
    const drained = await pingedWhile(tenant, FAR_ADDRESS, async () => {
      await first.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    });
    tell('a drain', drained);
    expect((await state(second)).vrrp).toBe('MASTER');
    const resumed = await pingedWhile(tenant, FAR_ADDRESS, async () => {
      await first.must(['/usr/local/lib/tandem/bring-up', 'resume']);
      await settled();
    });
    tell('its resumption', resumed);
    expect([drained.lost, resumed.lost]).toEqual([0, 0]);
  });

  it('survive the first one without power, and give it the address back', async () => {
    tell(
      'the first gateway without power',
      await pingedWhile(tenant, FAR_ADDRESS, async () => {
        await first.cut();
        await far.must(['sh', '-c', drop('far1', 'far2')]);
        await first.kill();
        await until('traffic passes', async () => (await tenant.exec(['ping', '-c1', '-W1', FAR_ADDRESS])).code === 0);
      }),
    );
    expect(await state(second)).toMatchObject({ vrrp: 'MASTER', halves: true });
    await far.must(['nft', 'delete', 'table', 'inet', 'grey']);
    await first.heal();
    const back = await pingedWhile(tenant, FAR_ADDRESS, async () => {
      await first.boot();
      await settled();
    });
    tell('its return', back);
    if (back.lost > 0)
      process.stdout.write(
        `${await first.journal(200)}\n${await second.must(['journalctl', '--no-pager', '-n', '30'])}\n`,
      );
    expect(back.lost).toBe(0);
    expect((await state(second)).halves).toBe(false);
  });
});
