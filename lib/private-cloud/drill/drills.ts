/** What a drill takes away, in the words of whoever plays it: who stands there is known only when it runs. */
export interface Drill {
  readonly name: DrillName;
  readonly title: string;
  /** How long what is taken away stays away once the rest has come back, or from the start where nothing can; in seconds. */
  readonly holdSeconds: number;
}

export const DRILL_NAMES = [
  'writer-killed',
  'holder-off',
  'host-returns',
  'rack-off',
  'cut-off',
  'two-off',
  'all-off',
] as const;
export type DrillName = (typeof DRILL_NAMES)[number];

export const DRILLS: Readonly<Record<DrillName, Drill>> = {
  'writer-killed': { name: 'writer-killed', title: 'The database that takes the writes is killed', holdSeconds: 0 },
  'holder-off': {
    name: 'holder-off',
    title: 'The holder of the VIP, which is the writer too, loses its power',
    holdSeconds: 2,
  },
  'host-returns': { name: 'host-returns', title: 'A host that was off returns under load', holdSeconds: 0 },
  'rack-off': { name: 'rack-off', title: 'A rack without the VIP loses its power', holdSeconds: 2 },
  'cut-off': { name: 'cut-off', title: 'The holder of the VIP is cut off, and goes on running', holdSeconds: 6 },
  'two-off': { name: 'two-off', title: 'Two of three controllers lose their power', holdSeconds: 12 },
  'all-off': { name: 'all-off', title: 'All controllers lose their power, and start cold', holdSeconds: 2 },
};

/**
 * What the client asks for. `queue@HOST`: a quorum queue whose leader sits on that host when the drill begins. `stream`: a stream whose
 * leader sits on the first host then.
 */
export type Probe = string;

/** To which broker the publisher of a queue is connected: the one after its leader's, so that it meets both kinds of loss. */
export function brokerOf(hosts: readonly string[], leader: string): string {
  return hosts[(hosts.indexOf(leader) + 1) % hosts.length] ?? leader;
}

/** The cloud's service behind each of the client's requests. */
export function serviceOf(probe: Probe): string {
  if (isQueued(probe)) return 'rabbitmq';
  const known: Readonly<Record<string, string>> = {
    sql: 'mariadb',
    token: 'keystone',
    server: 'nova-api',
    network: 'neutron-server',
    ovn: 'ovn-nb-db',
  };
  return known[probe] ?? probe;
}

export function probesOf(hosts: readonly string[]): readonly Probe[] {
  return ['sql', 'token', 'server', 'network', 'ovn', ...hosts.map((host) => `queue@${host}`), 'stream'];
}

export function isQueued(probe: Probe): boolean {
  return probe.startsWith('queue@') || probe === 'stream';
}

/** The host whose broker leads a queue or stream when the drill begins; undefined where a probe has no queue. */
export function leaderOf(probe: Probe, hosts: readonly string[]): string | undefined {
  if (probe === 'stream') return hosts[0];
  return probe.startsWith('queue@') ? probe.slice('queue@'.length) : undefined;
}
