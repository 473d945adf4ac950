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

type Values = Pick<Timer, 'value' | 'untuned' | 'range' | 'isWhole'>;

const seconds = (value: number, others: Pick<Timer, 'untuned' | 'range'>): Values => ({ value, ...others });
const whole = (value: number, others: Pick<Timer, 'untuned' | 'range'>): Values => ({
  value,
  ...others,
  isWhole: true,
});

/** The shipped values. */
export const TIMERS = {
  vrrpAdvert: {
    ...seconds(0.5, { untuned: 1, range: [0.2, 10] }),
    setting: 'keepalived advert_int',
    reason:
      'a backup takes the address over after three silent adverts and a skew, 1.5 to 2 s; 0.2 s would do it in 0.7 s, but a stall of 0.5 s comes too close to that',
    costs: 'the API is away for 3 to 4 times this when the holder of its address is lost',
  },
  vrrpCheckInterval: {
    ...whole(1, { untuned: 2, range: [1, 60] }),
    setting: 'keepalived vrrp_script interval',
    reason: 'how often the holder asks whether its own HAProxy answers',
    costs: 'a HAProxy that hangs keeps the address for `fall` times this',
  },
  vrrpCheckFallCount: {
    ...whole(2, { untuned: 2, range: [1, 20] }),
    setting: 'keepalived vrrp_script fall',
    reason: 'one late answer is no death',
    costs: 'with 1, a single late answer moves the address',
  },
  vrrpCheckRiseCount: {
    ...whole(2, { untuned: 10, range: [1, 20] }),
    setting: 'keepalived vrrp_script rise',
    reason: 'with nopreempt a fast return moves nothing',
    costs: 'until then a balancer that is back takes no address',
  },
  vrrpArpRefresh: {
    ...whole(5, { untuned: 0, range: [0, 600] }),
    setting: 'keepalived vrrp_garp_master_refresh',
    reason: 'a switch that missed the first gratuitous ARP learns within 5 s; nothing else would tell it',
    costs:
      'a switch that missed the first gratuitous ARP sends to the old holder this long; 0: until somebody tells it',
  },
  checkInterval: {
    ...seconds(0.5, { untuned: 2, range: [0.1, 60] }),
    setting: 'HAProxy server inter',
    reason: 'how often a member in good health is asked',
    costs: 'requests go to a lost member this long, and every balancer asks every member this often',
  },
  checkFastInterval: {
    ...seconds(0.2, { untuned: 2, range: [0.1, 60] }),
    setting: 'HAProxy server fastinter',
    reason: 'after a first doubt, asked again at once',
    costs: 'the time between the checks that make a doubt a death',
  },
  checkTimeout: {
    ...seconds(1, { untuned: 10, range: [0.1, 60] }),
    setting: 'HAProxy timeout check',
    reason: 'twice the longest stall that must pass',
    costs: 'a member that stalls longer counts as dead once',
  },
  checkFallCount: {
    ...whole(2, { untuned: 5, range: [1, 20] }),
    setting: 'HAProxy server fall',
    reason: 'one late answer is no death',
    costs: 'with 1, a single late answer takes a member out',
  },
  checkRiseCount: {
    ...whole(3, { untuned: 2, range: [1, 20] }),
    setting: 'HAProxy server rise',
    reason: 'a member that just came back is asked three times before it is used',
    costs: 'with 1, a member that is only starting gets requests',
  },
  connectTimeout: {
    ...seconds(1, { untuned: 10, range: [0.1, 60] }),
    setting: 'HAProxy timeout connect',
    reason: 'a dead member answers nothing; the request goes to the next',
    costs: 'each request to a dead member waits this long',
  },
  galeraKeepalive: {
    ...seconds(0.3, { untuned: 1, range: [0.1, 10] }),
    setting: 'Galera evs.keepalive_period',
    reason: 'more than three to a suspect_timeout, or mariadbd refuses to start',
    costs: 'packets between all members this often',
  },
  galeraCheck: {
    ...seconds(0.3, { untuned: 0.5, range: [0.1, 10] }),
    setting: 'Galera evs.inactive_check_period',
    reason: 'as often as there are keepalives to miss',
    costs: 'a lost member is noticed up to this much later',
  },
  galeraSuspect: {
    ...seconds(1.5, { untuned: 5, range: [0.5, 60] }),
    setting: 'Galera evs.suspect_timeout',
    reason: 'writes block this long when a member vanishes; three times the stall that must pass',
    costs: 'writes block this long when a member vanishes; a member that stalls longer is dropped',
  },
  galeraInactive: {
    ...seconds(4, { untuned: 15, range: [1, 120] }),
    setting: 'Galera evs.inactive_timeout',
    reason: 'a member that only some hear is dropped after it; more than twice suspect_timeout',
    costs: 'a member that only some hear blocks writes this long',
  },
  galeraInstall: {
    ...seconds(4, { untuned: 7.5, range: [1, 120] }),
    setting: 'Galera evs.install_timeout',
    reason: 'at most inactive_timeout, or mariadbd lowers it itself',
    costs: 'members that cannot agree on who is left try again after it',
  },
  galeraPeer: {
    ...seconds(2, { untuned: 3, range: [1, 60] }),
    setting: 'Galera gmcast.peer_timeout',
    reason: 'a connection without an answer is opened again',
    costs: 'a connection that lost its other end is kept this long',
  },
  proxysqlCheckInterval: {
    ...seconds(0.5, { untuned: 5, range: [0.1, 60] }),
    setting: 'ProxySQL monitor_galera_healthcheck_interval',
    reason: 'what HAProxy’s inter is before Galera; Kolla 2026.1 has ProxySQL there',
    costs: 'statements go to a writer that is lost this long, and every proxy asks every member this often',
  },
  proxysqlCheckTimeout: {
    ...seconds(0.5, { untuned: 0.8, range: [0.1, 60] }),
    setting: 'ProxySQL monitor_galera_healthcheck_timeout',
    reason: 'no longer than the interval, so that checks do not pile up',
    costs: 'a database that stalls longer counts as dead once',
  },
  proxysqlCheckFallCount: {
    ...whole(2, { untuned: 3, range: [1, 20] }),
    setting: 'ProxySQL monitor_galera_healthcheck_max_timeout_count',
    reason: 'one late answer is no death',
    costs: 'with 1, a single late answer moves the writer',
  },
  netTick: {
    ...whole(4, { untuned: 60, range: [2, 240] }),
    setting: 'RabbitMQ kernel.net_ticktime',
    reason:
      'a lost broker is noticed within 3 to 5 s, four ticks to a time; in drills, a queue whose leader was lost took 12.7 s with 10, and up to 10.7 s with 5',
    costs: 'queues and streams whose leader is lost stand still this long; a broker that stalls longer is cut off',
  },
  netTickCount: {
    ...whole(4, { untuned: 4, range: [4, 1000] }),
    setting: 'RabbitMQ kernel.net_tickintensity',
    reason: 'Erlang’s own: ticks to a net_ticktime',
    costs: 'more ticks find the loss nearer to net_ticktime, with as many more packets',
  },
  amqpHeartbeat: {
    ...whole(8, { untuned: 60, range: [5, 600] }),
    setting: 'oslo.messaging heartbeat_timeout_threshold',
    reason: 'a service whose broker vanished without a word waits this long for it; RabbitMQ advises no less than 5',
    costs: 'a service whose broker vanished without a word hears nothing this long',
  },
  ovnElection: {
    ...seconds(1, { untuned: 1 }),
    setting: 'OVN election-timer',
    reason:
      'OVSDB’s own value: 1.4 s on a killed leader, 2.6 s on a cut one; raise it where snapshots of a large database take longer',
    costs: 'kolla-ansible has no variable for it',
  },
  neutronProbe: {
    ...seconds(5, { untuned: 60, range: [1, 600] }),
    setting: 'Neutron ovsdb_probe_interval',
    reason:
      'Neutron writes through the leader of the NB database; one whose host vanished without a word is asked after one of these, and given up after two',
    costs: 'changes of networks wait for one to two of these when the leader’s host vanished',
  },
  ovnControllerProbe: {
    ...seconds(10, { untuned: 60, range: [1, 600] }),
    setting: 'OVN ovn-remote-probe-interval',
    reason:
      'a chassis goes on forwarding meanwhile, only changes reach it later; not below the longest pass of ovn-controller',
    costs:
      'a chassis learns of changes up to twice this later; below the longest pass of ovn-controller it never stays connected',
  },
  memcachedTimeout: {
    ...seconds(0.5, { untuned: 1, range: [0.1, 10] }),
    setting: 'oslo.cache memcache_socket_timeout',
    reason: 'a token is checked without the cache sooner than a client gives up',
    costs: 'the first request after a cache is lost waits one to two of these',
  },
  memcachedRetry: {
    ...whole(30, { untuned: 300, range: [1, 3600] }),
    setting: 'oslo.cache memcache_dead_retry',
    reason: 'a cache that is gone costs one time-out in 30 s, and is used again soon after it is back',
    costs: 'a cache that is back is not used this long; one that is gone costs a time-out this often',
  },
  databaseConnect: {
    ...whole(2, { untuned: 10, range: [1, 60] }),
    setting: 'database URL connect_timeout',
    reason: 'a connection to the address before it has moved is tried again',
    costs: 'a service waits this long for an address that moves, before it tries again',
  },
  databaseRead: {
    ...whole(10, { untuned: 0, range: [1, 3600] }),
    setting: 'database URL read_timeout',
    reason: 'a reply that a dead host owes is not awaited for ever',
    costs: 'a service waits this long for a reply that a dead host owes; statements that take longer fail',
  },
} as const satisfies Readonly<Record<string, Timer>>;

export type TimerName = keyof typeof TIMERS;

/** Values alone: what a prediction takes, shipped, as a cloud has them or as a drill was run. */
export type TimerValues = Readonly<Record<TimerName, number>>;
