import { majorityOf } from '../../config/majority.ts';
import type { FailureEffect } from '../failure/effect.ts';
import type { FailureModel } from '../failure/model.ts';
import type { Role, TopologyHost } from '../topology/topology.ts';

/** State of a thing in the picture: healthy, degraded (it has lost a member), or failed. */
export type Mark = 'healthy' | 'degraded' | 'failed';

export interface HostBox {
  readonly name: string;
  readonly mark: Mark;
}

/** Hosts of one rack with the same roles. */
export interface HostBand {
  readonly title: string;
  readonly hosts: readonly HostBox[];
}

export interface RackColumn {
  readonly name: string;
  readonly mark: Mark;
  readonly feeds: readonly HostBox[];
  readonly switches: readonly HostBox[];
  readonly bands: readonly HostBand[];
}

export interface ServiceChip {
  readonly name: string;
  /** `3 members, needs 2`. */
  readonly note: string;
  readonly mark: Mark;
}

export interface PlaneBar {
  readonly name: string;
  readonly note: string;
  readonly mark: Mark;
  /** VIPs on it. */
  readonly vips: readonly { readonly text: string; readonly mark: Mark }[];
}

/** What is in the picture, in the order in which it is drawn. */
export interface Scene {
  readonly title: string;
  readonly planes: readonly PlaneBar[];
  readonly racks: readonly RackColumn[];
  readonly services: readonly ServiceChip[];
}

const ORDER: readonly Role[] = [
  'control',
  'load-balancer',
  'database',
  'queue',
  'ovn',
  'network',
  'monitoring',
  'storage',
  'compute',
  'deployment',
];

const TITLES: Readonly<Record<Role, string>> = {
  control: 'control',
  'load-balancer': 'load balancer',
  database: 'database',
  queue: 'queue',
  ovn: 'OVN',
  network: 'network',
  monitoring: 'monitoring',
  storage: 'storage',
  compute: 'compute',
  deployment: 'deployment',
};

export interface SceneInputs {
  readonly model: FailureModel;
  readonly planes: Readonly<
    Record<string, { readonly cidr: string; readonly vlan?: number | undefined; readonly mtu: number }>
  >;
  readonly vips: readonly { readonly plane: string; readonly address: string; readonly fqdn: string }[];
  readonly description: string;
  /** @default - nothing is off */
  readonly effect?: FailureEffect;
}

/** Pure. */
export function sceneOf({ model, planes, vips, description, effect }: SceneInputs): Scene {
  const { topology, services } = model;
  const gone = new Set(effect?.hosts);
  const off = new Set(effect?.failure.map(({ kind, name }) => `${kind}/${name}`));
  const down = new Map(effect?.down.map((each) => [each.service, each]));
  const reduced = new Map(effect?.reduced.map((each) => [each.service, each]));
  const box = (host: TopologyHost): HostBox => ({ name: host.name, mark: gone.has(host.name) ? 'failed' : 'healthy' });
  const part =
    (kind: string) =>
    (name: string): HostBox => ({ name, mark: off.has(`${kind}/${name}`) ? 'failed' : 'healthy' });
  const vipMark: Mark = down.has('vip') ? 'failed' : reduced.has('vip') ? 'degraded' : 'healthy';
  return {
    title: `${topology.cloud}${description === '' ? '' : `: ${description}`}`,
    planes: topology.planes.map((name): PlaneBar => {
      const { cidr = '', vlan, mtu = 0 } = planes[name] ?? {};
      const isOff = off.has(`plane/${name}`);
      return {
        name,
        note: `${cidr}${vlan === undefined ? '' : `, VLAN ${vlan}`}, MTU ${mtu}`,
        mark: isOff ? 'failed' : 'healthy',
        vips: vips
          .filter((vip) => vip.plane === name)
          .map(({ address, fqdn }) => ({ text: `VIP ${address} ${fqdn}`, mark: isOff ? 'failed' : vipMark })),
      };
    }),
    racks: topology.racks.map((name): RackColumn => {
      const hosts = topology.hosts.filter(({ rack }) => rack === name);
      const first = hosts[0];
      return {
        name,
        mark: hosts.length > 0 && hosts.every((host) => gone.has(host.name)) ? 'failed' : 'healthy',
        feeds: (first?.powerFeeds ?? []).map(part('power')),
        switches: (first?.switches ?? []).map(part('switch')),
        bands: bandsOf(hosts).map(([title, each]) => ({ title, hosts: each.map(box) })),
      };
    }),
    services: services
      .filter(({ name }) => name !== 'east-west')
      .map((service): ServiceChip => {
        const { name, members, quorum } = service;
        const lost = reduced.get(name)?.lost ?? 0;
        const need = quorum === 'majority' ? `, needs ${majorityOf(members.length)}` : '';
        const mark: Mark = down.has(name) ? 'failed' : lost > 0 ? 'degraded' : 'healthy';
        const cause = down.get(name);
        return {
          name,
          note: cause === undefined ? `${members.length - lost} of ${members.length}${need}` : causeOf(cause),
          mark,
        };
      }),
  };
}

function causeOf({ cause, of }: FailureEffect['down'][number]): string {
  switch (cause) {
    case 'majority':
      return 'no majority';
    case 'part':
      return 'queues at risk';
    case 'members':
      return 'no member left';
    case 'plane':
      return `${of ?? ''} off`;
    case 'vip':
      return 'VIP down';
    case 'needs':
      return `needs ${of ?? ''}`;
  }
}

/** Hosts by roles, what rules above what works. */
function bandsOf(hosts: readonly TopologyHost[]): [string, TopologyHost[]][] {
  const rank = (host: TopologyHost): number => Math.min(...host.roles.map((role) => ORDER.indexOf(role)));
  const groups = Map.groupBy(hosts, ({ roles }) => titleOf(roles));
  return [...groups].sort(([, [a]], [, [b]]) => (a === undefined || b === undefined ? 0 : rank(a) - rank(b)));
}

/** `monitoring +1`: the first role, and how many more. */
function titleOf(roles: readonly Role[]): string {
  const [first] = ORDER.filter((role) => roles.includes(role));
  return `${first === undefined ? '' : TITLES[first]}${roles.length > 1 ? ` +${roles.length - 1}` : ''}`;
}
