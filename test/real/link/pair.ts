import { setTimeout as sleep } from 'node:timers/promises';
import { must } from '../../../lab/servers/run.ts';
import { linkGatewayMetadata } from '../../../lib/components/link-gateway/software.ts';
import { GIVEN, gatewaysOf } from '../../lib/components/link-gateway/gateway.ts';
import { type FormedLease, type FormedServer, formLease } from '../form/support/formation.ts';
import { FAR_ADDRESS, farSide } from './pair-far-side.ts';

/** What a gateway says of itself. */
export interface GatewayState {
  readonly vrrp: string;
  readonly well: boolean;
  readonly halves: boolean;
  readonly tunnels: readonly { readonly state: string; readonly bgp: string; readonly answers: readonly string[] }[];
}

/** Two gateways, who stands for AWS, and somebody in the cloud. */
export interface LinkPair {
  readonly lease: FormedLease;
  readonly first: FormedServer;
  readonly second: FormedServer;
  readonly far: FormedServer;
  readonly tenant: FormedServer;
  /** Without its last number. */
  readonly network: string;
}

export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 300_000;
  while (performance.now() < end) {
    if (await isSo().catch(() => false)) return;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

/** Entries of metadata of the gateways' component. */
export function entries(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`link-gateway.${name}`, value]));
}

/** The kernels that tests run on have no xfrm interfaces: pairs of virtual Ethernet stand for the tunnels, and charon finds nobody. */
export async function formLinkPair(): Promise<LinkPair> {
  const { software, link } = gatewaysOf((text) =>
    text.replace('tunnels:', 'names: { zone: prod.example.org }\ntunnels:'),
  );
  const lease = await formLease({ name: 'link-main', software: { gateway: software, ...farSide() } });
  const [first, second] = [lease.server('gateway', 1), lease.server('gateway', 2)];
  const network = lease.gateway.replace(/\.1$/, '');
  const pair = { lease, first, second, far: lease.server('far', 1), tenant: lease.server('tenant', 1), network };
  await wire(pair);
  const own = { network: `${network}.0/24`, 'network-length': '24', router: lease.gateway, vip: `${network}.200` };
  const lists = { 'told-1': own.network, 'halves-1': `${network}.0/25 ${network}.128/25` };
  for (const [server, index] of [[first, 1] as const, [second, 2] as const])
    await lease.tell({ ...entries({ ...own, ...lists }), ...linkGatewayMetadata(link, index, GIVEN) }, [server]);
  await lease.healthy();
  await settled(pair);
  return pair;
}

function namespaceOf({ lease, network }: LinkPair, server: FormedServer): string {
  return `tandem-form-${network.split('.')[2]}-${lease.servers.indexOf(server)}`;
}

async function wire(pair: LinkPair): Promise<void> {
  const { first, second, far, tenant, network } = pair;
  for (const [at, server] of [first, first, second, second].entries()) {
    const near = ['ip', '-n', namespaceOf(pair, server), 'link', 'add', `tun${(at % 2) + 1}`, 'type', 'veth'];
    await must([...near, 'peer', 'name', `far${at + 1}`, 'netns', namespaceOf(pair, far)]);
    await server.must(['ip', 'link', 'set', `tun${(at % 2) + 1}`, 'up']);
  }
  const ends = [1, 2, 3, 4].map(
    (end) => `ip address add 169.254.100.${4 * end - 3}/30 dev far${end}; ip link set far${end} mtu 1400 up`,
  );
  await far.must(['sh', '-euc', `${ends.join('\n')}\nip address add ${FAR_ADDRESS}/21 dev lo\nsysctl -q --system`]);
  await tenant.must(['ip', 'route', 'add', '10.3.0.0/21', 'via', `${network}.200`]);
}

export async function stateOf(server: FormedServer): Promise<GatewayState> {
  return JSON.parse(await server.must(['cat', '/run/tandem-link/state.json'])) as GatewayState;
}

/** The first one has the address, and all four tunnels are good by both kinds of probes. */
export async function settled({ first, second }: LinkPair): Promise<void> {
  const good = ({ tunnels }: GatewayState) =>
    tunnels.every((each) => each.state === 'good' && each.answers.length === 2);
  await until('all is well', async () => {
    const [one, two] = [await stateOf(first), await stateOf(second)];
    return one.vrrp === 'MASTER' && two.vrrp === 'BACKUP' && good(one) && good(two) && !one.halves && !two.halves;
  });
}

/** Probers forget how often a tunnel failed, which keeps it out of use twice as long each time, up to 300 s: no test depends on those before it. */
export async function forget(pair: LinkPair): Promise<void> {
  const again =
    'systemctl stop tandem-link-probe; rm -f /run/tandem-link/state.json; systemctl start tandem-link-probe';
  for (const server of [pair.first, pair.second]) await server.must(['sh', '-euc', again]);
  await settled(pair);
}

/** Drops what goes through ends of tunnels on the far side, both ways. @param which an expression of nft @default - everything */
export async function drop({ far }: LinkPair, ends: readonly string[], which = ''): Promise<void> {
  const both = `{ ${ends.join(', ')} } ${which} drop`;
  const rules = [
    'add table inet grey',
    'add chain inet grey in { type filter hook prerouting priority -300; }',
    'add chain inet grey out { type filter hook postrouting priority 300; }',
    `add rule inet grey in iifname ${both}`,
    `add rule inet grey out oifname ${both}`,
  ];
  await far.must(['nft', '-f', '-'], { input: `${rules.join('\n')}\n` });
}

export async function heal({ far }: LinkPair): Promise<void> {
  await far.must(['nft', 'delete', 'table', 'inet', 'grey']);
}
