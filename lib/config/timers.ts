/**
 * How fast a cloud notices that something is gone and goes on without it: every setting that decides how long an outage lasts, in one place.
 * What `kolla.timers` takes, `cloud render` writes, the drill runs with and predictions are sums of.
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
  /** What another value costs. */
  readonly costs: string;
  /** What a cloud may set: whole numbers where both are. Undefined where Kolla-Ansible lets nobody set it. */
  readonly range?: readonly [least: number, most: number];
  readonly isWhole?: boolean;
}

type Range = readonly [least: number, most: number];
const timer = (
  value: number,
  untuned: number,
  setting: string,
  reason: string,
  costs: string,
  range?: Range,
): Timer => ({ value, untuned, setting, reason, costs, ...(range === undefined ? {} : { range }) });
const whole = (...[value, untuned, setting, reason, costs, range]: Required<Parameters<typeof timer>>): Timer => ({
  ...timer(value, untuned, setting, reason, costs, range),
  isWhole: true,
});

/** The shipped values. */
export const TIMERS = {
  vrrpAdvert: timer(
    0.5,
    1,
    'keepalived advert_int',
    'a backup takes the address over after three silent adverts and a skew, 1.5 to 2 s; 0.2 s would do it in 0.7 s, but a stall of 0.5 s comes too close to that',
    'the API is away for 3 to 4 times this when the holder of its address is lost',
    [0.2, 10],
  ),
  vrrpCheckInterval: whole(
    1,
    2,
    'keepalived vrrp_script interval',
    'how often the holder asks whether its own HAProxy answers',
    'a HAProxy that hangs keeps the address for `fall` times this',
    [1, 60],
  ),
  vrrpCheckFallCount: whole(
    2,
    2,
    'keepalived vrrp_script fall',
    'one late answer is no death',
    'with 1, a single late answer moves the address',
    [1, 20],
  ),
  vrrpCheckRiseCount: whole(
    2,
    10,
    'keepalived vrrp_script rise',
    'with nopreempt a fast return moves nothing',
    'until then a balancer that is back takes no address',
    [1, 20],
  ),
  vrrpArpRefresh: whole(
    5,
    0,
    'keepalived vrrp_garp_master_refresh',
    'a switch that missed the first gratuitous ARP learns within 5 s; nothing else would tell it',
    'a switch that missed the first gratuitous ARP sends to the old holder this long; 0: until somebody tells it',
    [0, 600],
  ),
  checkInterval: timer(
    0.5,
    2,
    'HAProxy server inter',
    'how often a member in good health is asked',
    'requests go to a lost member this long, and every balancer asks every member this often',
    [0.1, 60],
  ),
  checkFastInterval: timer(
    0.2,
    2,
    'HAProxy server fastinter',
    'after a first doubt, asked again at once',
    'the time between the checks that make a doubt a death',
    [0.1, 60],
  ),
  checkTimeout: timer(
    1,
    10,
    'HAProxy timeout check',
    'twice the longest stall that must pass',
    'a member that stalls longer counts as dead once',
    [0.1, 60],
  ),
  checkFallCount: whole(
    2,
    5,
    'HAProxy server fall',
    'one late answer is no death',
    'with 1, a single late answer takes a member out',
    [1, 20],
  ),
  checkRiseCount: whole(
    3,
    2,
    'HAProxy server rise',
    'a member that just came back is asked three times before it is used',
    'with 1, a member that is only starting gets requests',
    [1, 20],
  ),
  connectTimeout: timer(
    1,
    10,
    'HAProxy timeout connect',
    'a dead member answers nothing; the request goes to the next',
    'each request to a dead member waits this long',
    [0.1, 60],
  ),
  galeraKeepalive: timer(
    0.3,
    1,
    'Galera evs.keepalive_period',
    'more than three to a suspect_timeout, or mariadbd refuses to start',
    'packets between all members this often',
    [0.1, 10],
  ),
  galeraCheck: timer(
    0.3,
    0.5,
    'Galera evs.inactive_check_period',
    'as often as there are keepalives to miss',
    'a lost member is noticed up to this much later',
    [0.1, 10],
  ),
  galeraSuspect: timer(
    1.5,
    5,
    'Galera evs.suspect_timeout',
    'writes block this long when a member vanishes; three times the stall that must pass',
    'writes block this long when a member vanishes; a member that stalls longer is dropped',
    [0.5, 60],
  ),
  galeraInactive: timer(
    4,
    15,
    'Galera evs.inactive_timeout',
    'a member that only some hear is dropped after it; more than twice suspect_timeout',
    'a member that only some hear blocks writes this long',
    [1, 120],
  ),
  galeraInstall: timer(
    4,
    7.5,
    'Galera evs.install_timeout',
    'at most inactive_timeout, or mariadbd lowers it itself',
    'members that cannot agree on who is left try again after it',
    [1, 120],
  ),
  galeraPeer: timer(
    2,
    3,
    'Galera gmcast.peer_timeout',
    'a connection without an answer is opened again',
    'a connection that lost its other end is kept this long',
    [1, 60],
  ),
  proxysqlCheckInterval: timer(
    0.5,
    5,
    'ProxySQL monitor_galera_healthcheck_interval',
    'what HAProxy’s inter is before Galera; Kolla 2026.1 has ProxySQL there',
    'statements go to a writer that is lost this long, and every proxy asks every member this often',
    [0.1, 60],
  ),
  proxysqlCheckTimeout: timer(
    0.5,
    0.8,
    'ProxySQL monitor_galera_healthcheck_timeout',
    'no longer than the interval, so that checks do not pile up',
    'a database that stalls longer counts as dead once',
    [0.1, 60],
  ),
  proxysqlCheckFallCount: whole(
    2,
    3,
    'ProxySQL monitor_galera_healthcheck_max_timeout_count',
    'one late answer is no death',
    'with 1, a single late answer moves the writer',
    [1, 20],
  ),
  netTick: whole(
    4,
    60,
    'RabbitMQ kernel.net_ticktime',
    'a lost broker is noticed within 3 to 5 s, four ticks to a time; in drills, a queue whose leader was lost took 12.7 s with 10, and up to 10.7 s with 5',
    'queues and streams whose leader is lost stand still this long; a broker that stalls longer is cut off',
    [2, 240],
  ),
  netTickCount: whole(
    4,
    4,
    'RabbitMQ kernel.net_tickintensity',
    'Erlang’s own: ticks to a net_ticktime',
    'more ticks find the loss nearer to net_ticktime, with as many more packets',
    [4, 1000],
  ),
  amqpHeartbeat: whole(
    8,
    60,
    'oslo.messaging heartbeat_timeout_threshold',
    'a service whose broker vanished without a word waits this long for it; RabbitMQ advises no less than 5',
    'a service whose broker vanished without a word hears nothing this long',
    [5, 600],
  ),
  ovnElection: timer(
    1,
    1,
    'OVN election-timer',
    'OVSDB’s own value: 1.4 s on a killed leader, 2.6 s on a cut one; raise it where snapshots of a large database take longer',
    'kolla-ansible has no variable for it',
  ),
  neutronProbe: timer(
    5,
    60,
    'Neutron ovsdb_probe_interval',
    'Neutron writes through the leader of the NB database; one whose host vanished without a word is asked after one of these, and given up after two',
    'changes of networks wait for one to two of these when the leader’s host vanished',
    [1, 600],
  ),
  ovnControllerProbe: timer(
    10,
    60,
    'OVN ovn-remote-probe-interval',
    'a chassis goes on forwarding meanwhile, only changes reach it later; not below the longest pass of ovn-controller',
    'a chassis learns of changes up to twice this later; below the longest pass of ovn-controller it never stays connected',
    [1, 600],
  ),
  memcachedTimeout: timer(
    0.5,
    1,
    'oslo.cache memcache_socket_timeout',
    'a token is checked without the cache sooner than a client gives up',
    'the first request after a cache is lost waits one to two of these',
    [0.1, 10],
  ),
  memcachedRetry: whole(
    30,
    300,
    'oslo.cache memcache_dead_retry',
    'a cache that is gone costs one time-out in 30 s, and is used again soon after it is back',
    'a cache that is back is not used this long; one that is gone costs a time-out this often',
    [1, 3600],
  ),
  databaseConnect: whole(
    2,
    10,
    'database URL connect_timeout',
    'a connection to the address before it has moved is tried again',
    'a service waits this long for an address that moves, before it tries again',
    [1, 60],
  ),
  databaseRead: whole(
    10,
    0,
    'database URL read_timeout',
    'a reply that a dead host owes is not awaited for ever',
    'a service waits this long for a reply that a dead host owes; statements that take longer fail',
    [1, 3600],
  ),
} as const satisfies Readonly<Record<string, Timer>>;

export type TimerName = keyof typeof TIMERS;

/** Values alone: what a prediction takes, shipped, as a cloud has them or as a drill was run. */
export type TimerValues = Readonly<Record<TimerName, number>>;

/** One that must leave room for another: `times` of the lower one fit into the upper one. */
export interface TimerOrder {
  readonly lower: TimerName;
  readonly times: number;
  readonly upper: TimerName;
  readonly why: string;
}

export const TIMER_ORDERS: readonly TimerOrder[] = [
  {
    ...{ lower: 'galeraKeepalive', times: 3.5, upper: 'galeraSuspect' },
    why: 'mariadbd refuses to start with three keepalives or fewer to a suspect_timeout',
  },
  {
    ...{ lower: 'galeraCheck', times: 2, upper: 'galeraSuspect' },
    why: 'members are looked at twice at least before one is suspected',
  },
  {
    ...{ lower: 'galeraSuspect', times: 2, upper: 'galeraInactive' },
    why: 'a member that others still hear would be dropped before all have suspected it',
  },
  {
    ...{ lower: 'galeraInstall', times: 1, upper: 'galeraInactive' },
    why: 'mariadbd lowers install_timeout to inactive_timeout',
  },
  {
    ...{ lower: 'galeraSuspect', times: 2, upper: 'databaseRead' },
    why: 'services would give a statement up while Galera still finds out who is left',
  },
  { lower: 'databaseConnect', times: 1, upper: 'databaseRead', why: 'a reply takes longer than a connection' },
  {
    ...{ lower: 'checkFastInterval', times: 1, upper: 'checkInterval' },
    why: 'after a doubt a member is asked sooner, not later',
  },
  {
    ...{ lower: 'proxysqlCheckTimeout', times: 1, upper: 'proxysqlCheckInterval' },
    why: 'checks would pile up',
  },
];
