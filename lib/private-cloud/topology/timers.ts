/**
 * How fast a cloud notices that something is gone and goes on without it: every setting that decides how long an outage lasts, in
 * one place. What `cloud render` writes, what the drill runs with and what predictions are sums of.
 *
 * All values are in seconds, except those whose name says `Count`. Chosen between two walls: a stall of 0.5 s on a busy machine
 * must not look like a death, and a client must not wait longer than 4 s for a write, 5 s for a token, 10 s for a publish.
 */
export interface Timer {
  readonly value: number;
  /** What applies where nothing is set: Kolla-Ansible 2026.1's default, or the engine's own where Kolla sets none. */
  readonly untuned: number;
  /** Where it is set: the engine, and its own name for it. */
  readonly setting: string;
  readonly reason: string;
}

const timer = (value: number, untuned: number, setting: string, reason: string): Timer => ({
  value,
  untuned,
  setting,
  reason,
});

/** The shipped values. */
export const TIMERS = {
  vrrpAdvert: timer(
    0.5,
    1,
    'keepalived advert_int',
    'a backup takes the address over after three silent adverts and a skew, 1.5 to 2 s; 0.2 s would do it in 0.7 s, but a stall of 0.5 s comes too close to that',
  ),
  vrrpCheckInterval: timer(
    1,
    2,
    'keepalived vrrp_script interval',
    'how often the holder asks whether its own HAProxy answers',
  ),
  vrrpCheckFallCount: timer(2, 2, 'keepalived vrrp_script fall', 'one late answer is no death'),
  vrrpCheckRiseCount: timer(2, 10, 'keepalived vrrp_script rise', 'with nopreempt a fast return moves nothing'),
  vrrpArpRefresh: timer(
    5,
    0,
    'keepalived vrrp_garp_master_refresh',
    'a switch that missed the first gratuitous ARP learns within 5 s; nothing else would tell it',
  ),
  checkInterval: timer(0.5, 2, 'HAProxy server inter', 'how often a member in good health is asked'),
  checkFastInterval: timer(0.2, 2, 'HAProxy server fastinter', 'after a first doubt, asked again at once'),
  checkTimeout: timer(1, 10, 'HAProxy timeout check', 'twice the longest stall that must pass'),
  checkFallCount: timer(2, 5, 'HAProxy server fall', 'one late answer is no death'),
  checkRiseCount: timer(
    3,
    2,
    'HAProxy server rise',
    'a member that just came back is asked three times before it is used',
  ),
  connectTimeout: timer(
    1,
    10,
    'HAProxy timeout connect',
    'a dead member answers nothing; the request goes to the next',
  ),
  galeraKeepalive: timer(
    0.3,
    1,
    'Galera evs.keepalive_period',
    'more than three to a suspect_timeout, or mariadbd refuses to start',
  ),
  galeraCheck: timer(0.3, 0.5, 'Galera evs.inactive_check_period', 'as often as there are keepalives to miss'),
  galeraSuspect: timer(
    1.5,
    5,
    'Galera evs.suspect_timeout',
    'writes block this long when a member vanishes; three times the stall that must pass',
  ),
  galeraInactive: timer(
    4,
    15,
    'Galera evs.inactive_timeout',
    'a member that only some hear is dropped after it; more than twice suspect_timeout',
  ),
  galeraInstall: timer(4, 7.5, 'Galera evs.install_timeout', 'at most inactive_timeout, or mariadbd lowers it itself'),
  galeraPeer: timer(2, 3, 'Galera gmcast.peer_timeout', 'a connection without an answer is opened again'),
  proxysqlCheckInterval: timer(
    0.5,
    5,
    'ProxySQL monitor_galera_healthcheck_interval',
    'what HAProxy’s inter is before Galera; Kolla 2026.1 has ProxySQL there',
  ),
  proxysqlCheckTimeout: timer(
    0.5,
    0.8,
    'ProxySQL monitor_galera_healthcheck_timeout',
    'no longer than the interval, so that checks do not pile up',
  ),
  proxysqlCheckFallCount: timer(
    2,
    3,
    'ProxySQL monitor_galera_healthcheck_max_timeout_count',
    'one late answer is no death',
  ),
  netTick: timer(
    4,
    60,
    'RabbitMQ kernel.net_ticktime',
    'a lost broker is noticed within 3 to 5 s, four ticks to a time; in drills, a queue whose leader was lost took 12.7 s with 10, and up to 10.7 s with 5',
  ),
  netTickCount: timer(4, 4, 'RabbitMQ kernel.net_tickintensity', 'Erlang’s own: ticks to a net_ticktime'),
  amqpHeartbeat: timer(
    8,
    60,
    'oslo.messaging heartbeat_timeout_threshold',
    'a service whose broker vanished without a word waits this long for it; RabbitMQ advises no less than 5',
  ),
  ovnElection: timer(
    1,
    1,
    'OVN election-timer',
    'OVSDB’s own value: 1.4 s on a killed leader, 2.6 s on a cut one; raise it where snapshots of a large database take longer',
  ),
  neutronProbe: timer(
    5,
    60,
    'Neutron ovsdb_probe_interval',
    'Neutron writes through the leader of the NB database; one whose host vanished without a word is asked after one of these, and given up after two',
  ),
  ovnControllerProbe: timer(
    10,
    60,
    'OVN ovn-remote-probe-interval',
    'a chassis goes on forwarding meanwhile, only changes reach it later; not below the longest pass of ovn-controller',
  ),
  memcachedTimeout: timer(
    0.5,
    1,
    'oslo.cache memcache_socket_timeout',
    'a token is checked without the cache sooner than a client gives up',
  ),
  memcachedRetry: timer(
    30,
    300,
    'oslo.cache memcache_dead_retry',
    'a cache that is gone costs one time-out in 30 s, and is used again soon after it is back',
  ),
  databaseConnect: timer(
    2,
    10,
    'database URL connect_timeout',
    'a connection to the address before it has moved is tried again',
  ),
  databaseRead: timer(10, 0, 'database URL read_timeout', 'a reply that a dead host owes is not awaited for ever'),
} as const satisfies Readonly<Record<string, Timer>>;

export type TimerName = keyof typeof TIMERS;

/** Values alone: what a prediction takes, shipped or as a drill was run. */
export type TimerValues = Readonly<Record<TimerName, number>>;

/** The values that Tandem renders. */
export const SHIPPED_TIMERS: TimerValues = valuesOf((each) => each.value);

/** What a cloud has that sets none of them. */
export const UNTUNED_TIMERS: TimerValues = valuesOf((each) => each.untuned);

function valuesOf(pick: (timer: Timer) => number): TimerValues {
  return Object.fromEntries(Object.entries(TIMERS).map(([name, each]) => [name, pick(each)])) as TimerValues;
}
