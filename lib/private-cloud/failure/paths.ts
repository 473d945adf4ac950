import type { TimerValues } from '../../config/timers.ts';

/** One part of the duration of an outage. */
export interface Term {
  readonly phase: 'detection' | 'promotion' | 'retry';
  /** As a rule. */
  readonly seconds: number;
  /** At the worst moment for it to happen. */
  readonly atMost: number;
  /** What decides it: a setting with its value, or what was measured. */
  readonly from: string;
}

/** Terms that follow one another. */
export type Path = readonly Term[];

/** What is gone of each thing that has a leader. `member`: one that leads nothing. */
export interface Lost {
  readonly vip: boolean;
  readonly database: 'none' | 'member' | 'leader';
  readonly queue: 'none' | 'member' | 'leader';
  readonly ovn: 'none' | 'member' | 'leader';
}

/** Time-outs of whoever asks, in seconds, as the drill's clients have them: what one lost attempt costs. `request`: of a whole HTTP request. */
export const CLIENTS = { connect: 1, read: 2, request: 3 };

export function secondsOf(path: Path): number {
  return path.reduce((sum, term) => sum + term.seconds, 0);
}

export function atMostOf(path: Path): number {
  return path.reduce((sum, term) => sum + term.atMost, 0);
}

/** The one that ends last as a rule, with what the slowest at its worst adds; empty where there is none. */
export function longestOf(paths: readonly Path[]): Path {
  const longest = paths.reduce<Path>((best, path) => (secondsOf(path) > secondsOf(best) ? path : best), []);
  const slowest = paths.reduce<Path>((worst, path) => (atMostOf(path) > atMostOf(worst) ? path : worst), longest);
  const more = atMostOf(slowest) - atMostOf(longest);
  if (more <= 0) return longest;
  return [...longest, { phase: 'detection', seconds: 0, atMost: more, from: `at worst ${slowest[0]?.from ?? ''}` }];
}

const term = (phase: Term['phase'], seconds: number, atMost: number, from: string): Term => ({
  phase,
  seconds,
  atMost,
  from,
});

/**
 * The address moves once three adverts and a skew are missed: RFC 9568, Master_Down_Interval; the last advert was heard half an
 * interval ago as a rule. Kolla numbers priorities from 1, so the skew is nearly a whole interval.
 */
export function vipPath({ vrrpAdvert }: TimerValues): Path {
  return [
    term('detection', 3.5 * vrrpAdvert, 4 * vrrpAdvert, `3 to 4 × advert_int ${vrrpAdvert} s`),
    term('promotion', 0.1, 0.2, 'gratuitous ARP'),
  ];
}

/** Galera blocks every write until it has agreed that the member is gone; what follows suspect_timeout was 1.1 s in both fast drills. */
export function databasePath({ galeraSuspect, galeraCheck, galeraKeepalive }: TimerValues): Path {
  return [
    term(
      'detection',
      galeraSuspect,
      galeraSuspect + galeraCheck + galeraKeepalive,
      `evs.suspect_timeout ${galeraSuspect} s`,
    ),
    term('promotion', 1.1, 2, 'new view of Galera, as measured'),
  ];
}

/** How long ProxySQL goes on using a writer that is gone. */
export function writerCheckPath(timers: TimerValues): Path {
  const { proxysqlCheckInterval: every, proxysqlCheckTimeout: wait, proxysqlCheckFallCount: fall } = timers;
  const from = `ProxySQL healthcheck ${every} s, ${fall} × ${wait} s`;
  return [term('detection', every / 2 + (fall - 1) * every + wait, fall * every + wait, from)];
}

/** How long HAProxy goes on using a member of an API that is gone. */
export function memberCheckPath(timers: TimerValues): Path {
  const { checkInterval: every, checkFastInterval: fast, checkFallCount: fall, connectTimeout } = timers;
  const wait = Math.min(connectTimeout, every);
  const again = (fall - 1) * (fast + wait);
  const from = `inter ${every} s, fastinter ${fast} s, fall ${fall}`;
  return [term('detection', every / 2 + wait + again, every + wait + again, from)];
}

/** A quorum queue elects once Erlang gives the lost node up: net_ticktime, more or less a quarter. */
export function queuePath({ netTick, netTickCount }: TimerValues, lost: Lost['queue']): Path {
  if (lost === 'none') return [];
  const retry = term(
    'retry',
    CLIENTS.read / 2,
    CLIENTS.read + CLIENTS.connect,
    `the client’s time-out, ${CLIENTS.read} s`,
  );
  if (lost === 'member') return [retry];
  return [
    term('detection', netTick, netTick + netTick / netTickCount, `net_ticktime ${netTick} s`),
    term('promotion', 0.5, 1.5, 'election of a quorum queue'),
    retry,
  ];
}

/** OVSDB's raft waits one to two election timers; a client of a silent server waits for its own time-out. */
export function ovnPath({ ovnElection }: TimerValues, lost: Lost['ovn']): Path {
  if (lost === 'none') return [];
  const retry = term('retry', CLIENTS.connect, CLIENTS.read, `the client’s time-out, ${CLIENTS.connect} s`);
  if (lost === 'member') return [retry];
  return [term('promotion', 1.5 * ovnElection, 2 * ovnElection, `election timer ${ovnElection} s`), retry];
}

/** Keystone's own connections to the database come back after it: 1 s in the drills. */
export const RECONNECTION: Term = term('retry', 1, 1.6, 'the service’s own connections, as measured');

/** A broker that is gone is noticed by the service that was connected to it, at the latest. */
export function listenerPath({ amqpHeartbeat }: TimerValues): Path {
  return [
    term('detection', amqpHeartbeat / 2, amqpHeartbeat, `heartbeat_timeout_threshold ${amqpHeartbeat} s, one of three`),
    term('retry', 0, 6, 'a pause of 1 s, and kombu’s 5 s where the next broker is gone as well'),
  ];
}

/** Neutron's connection to the NB database, which is always to its leader: asked after one interval of silence, given up after two. */
export function neutronPath({ neutronProbe }: TimerValues): Path {
  return [
    term('detection', 1.5 * neutronProbe, 2 * neutronProbe, `ovsdb_probe_interval ${neutronProbe} s, one to two`),
  ];
}

export function cachePath({ memcachedTimeout }: TimerValues): Path {
  return [term('retry', memcachedTimeout, 2 * memcachedTimeout, `memcache_socket_timeout ${memcachedTimeout} s`)];
}

/** What Tandem does not set: engines' own values, never measured here. */
export const NORTHD_PATH: Path = [term('detection', 7.5, 10, 'northd_probe_interval 5 s, one to two, OVN’s own')];
export const GATEWAY_PATH: Path = [term('detection', 3, 4, 'BFD of OVN, 3 × 1 s, its own')];
export const MONITOR_PATH: Path = [term('promotion', 7, 12, 'mon_lease 5 s and an election, Ceph’s own')];
export const VOLUME_PATH: Path = [term('detection', 21, 26, 'osd_heartbeat_grace 20 s, Ceph’s own')];

/** One who tries again and again. */
interface Attempts {
  /** When connections are answered. */
  readonly reachable: number;
  /** When requests are. */
  readonly served: number;
  /** When the attempt under way gives up; 0 where it is merely kept waiting. */
  readonly first: number;
  readonly connect: number;
  readonly read: number;
}

/** When the first attempt succeeds: those before it cost their time-outs, however soon the service is back. */
export function firstSuccess({ reachable, served, first, connect, read }: Attempts): number {
  let at = first;
  for (let tries = 0; tries < 10_000; tries += 1) {
    if (at < reachable) at += connect;
    else if (served <= at + read) return Math.max(at, served);
    else at += read;
  }
  return Math.max(at, served);
}

/** The client's own part: from when the service is back until an attempt finds it so. */
export function retryTerm(path: Path, attempts: Omit<Attempts, 'served'>, worstReachable: number): Term {
  const [seconds, atMost] = [secondsOf(path), atMostOf(path)];
  const delay = firstSuccess({ ...attempts, served: seconds }) - seconds;
  const worst = firstSuccess({ ...attempts, reachable: worstReachable, served: atMost }) - atMost;
  const from = `the client’s time-outs, ${attempts.connect} and ${attempts.read} s`;
  return term('retry', Math.max(0, delay), Math.max(0, delay, worst), from);
}
