import type { Cloud } from '../../config/schema/cloud.ts';
import { TIMERS, type TimerName, type TimerValues } from '../../config/timers.ts';
import { timersOf } from '../topology/timers.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';
import type { Setting } from './tree.ts';

/** The failover times of a cloud, as files of its tree write them. */
export class Times {
  readonly #values: TimerValues;
  readonly #own: ReadonlySet<string>;

  constructor(cloud: Pick<Cloud, 'kolla'>) {
    this.#values = timersOf(cloud);
    this.#own = new Set(Object.keys(cloud.kolla?.timers ?? {}));
  }

  seconds(name: TimerName): number {
    return this.#values[name];
  }

  /** Whole milliseconds, as HAProxy, ProxySQL and OVN count. */
  milliseconds(name: TimerName): number {
    return Math.round(this.#values[name] * 1000);
  }

  /** Why times have their values, a line each. */
  reasons(...names: readonly TimerName[]): string[] {
    return names.map((name) => {
      const { setting, reason, value, costs } = TIMERS[name];
      return this.#own.has(name)
        ? `${setting} ${this.#values[name]}, by kolla.timers.${name}, in place of ${value}: ${costs}`
        : `${setting} ${value}: ${reason}`;
    });
  }

  /** Reasons of a setting that is made of these times, others behind, and the field of the first that the cloud has of its own. */
  why(names: readonly TimerName[], ...others: readonly string[]): Pick<Setting, 'from' | 'why'> {
    const own = names.find((name) => this.#own.has(name));
    return {
      why: [...this.reasons(...names), ...others],
      ...(own === undefined ? {} : { from: ['kolla', 'timers', own] }),
    };
  }
}

type Globals = NonNullable<Cloud['kolla']>['globals'];

/** Failover settings that Kolla takes as variables. A single database or balancer fails over to nothing, and keeps Kolla's. */
export function globalTimers(cloud: Cloud, topology: Topology): Setting[] {
  const times = new Times(cloud);
  const globals = cloud.kolla?.globals ?? {};
  return [
    ...(cloud.vips === undefined ? [] : balancerTimers(times)),
    ...(hostsFor(topology, 'database').length > 1 ? databaseTimers(times, globals) : []),
    ...(hostsFor(topology, 'queue').length > 1 ? queueTimers(times, globals) : []),
    ...(hostsFor(topology, 'ovn').length > 1 ? chassisTimers(times) : []),
  ];
}

/** Variables that hold more than failover times: what `kolla.globals` says in them stands beside the times, and may be none of them. */
export const SHARED_WITH_TIMERS: Readonly<Record<string, RegExp>> = {
  mariadb_wsrep_extra_provider_options:
    /evs\.(?:keepalive_period|inactive_check_period|suspect_timeout|inactive_timeout|install_timeout)|gmcast\.peer_timeout/,
  rabbitmq_server_additional_erl_args: /net_tick/,
};

/** Whether `kolla.globals` may have this value in a variable of failover times. */
export function isBesideTimers(key: string, value: Globals[string]): boolean {
  const times = SHARED_WITH_TIMERS[key];
  if (times === undefined) return false;
  const isKind = key === 'rabbitmq_server_additional_erl_args' ? typeof value === 'string' : textsOf(value).length > 0;
  return isKind && !times.test(JSON.stringify(value));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : [];
}

/** What Tandem chooses of Galera besides, where `kolla.globals` says nothing of it. */
const OWN_PROVIDER_OPTIONS = ['pc.recovery=true', 'gcache.recover=yes'];
const nameOf = (option: string) => option.split('=')[0]?.trim();

/** Variables of globals.yml that hold failover times. */
export const TIMER_GLOBALS: ReadonlySet<string> = new Set(
  ((times) => [
    ...balancerTimers(times),
    ...databaseTimers(times, {}),
    ...queueTimers(times, {}),
    ...chassisTimers(times),
  ])(new Times({})).flatMap(({ key }) => (key === 'rabbitmq_cluster_partition_handling' ? [] : [key])),
);

function balancerTimers(times: Times): Setting[] {
  const check = `inter ${times.milliseconds('checkInterval')}ms fastinter ${times.milliseconds('checkFastInterval')}ms fall ${times.seconds('checkFallCount')} rise ${times.seconds('checkRiseCount')}`;
  return [
    {
      key: 'haproxy_health_check',
      value: `check ${check}`,
      ...times.why(['checkInterval', 'checkFastInterval', 'checkFallCount', 'checkRiseCount']),
    },
    { key: 'haproxy_health_check_ssl', value: `check check-ssl ${check}`, why: 'the same, over TLS' },
    { key: 'haproxy_check_timeout', value: `${times.milliseconds('checkTimeout')}ms`, ...times.why(['checkTimeout']) },
    {
      key: 'haproxy_connect_timeout',
      value: `${times.milliseconds('connectTimeout')}ms`,
      ...times.why(['connectTimeout']),
    },
  ];
}

function databaseTimers(times: Times, globals: Globals): Setting[] {
  const more = textsOf(globals['mariadb_wsrep_extra_provider_options']);
  const period = (name: TimerName) => `PT${times.seconds(name)}S`;
  return [
    {
      key: 'mariadb_wsrep_extra_provider_options',
      value: [
        `evs.keepalive_period=${period('galeraKeepalive')}`,
        `evs.inactive_check_period=${period('galeraCheck')}`,
        `evs.suspect_timeout=${period('galeraSuspect')}`,
        `evs.inactive_timeout=${period('galeraInactive')}`,
        `evs.install_timeout=${period('galeraInstall')}`,
        `gmcast.peer_timeout=${period('galeraPeer')}`,
        ...OWN_PROVIDER_OPTIONS.filter((each) => !more.some((other) => nameOf(other) === nameOf(each))),
        ...more,
      ],
      ...times.why(
        ['galeraKeepalive', 'galeraCheck', 'galeraSuspect', 'galeraInactive', 'galeraInstall', 'galeraPeer'],
        'Galera pc.recovery: after all were off at once, the cluster comes back by itself',
        'Galera gcache.recover: a member that returns is sent only what it missed',
        ...(more.length === 0 ? [] : ['the last ones are of kolla.globals']),
      ),
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_interval',
      value: String(times.milliseconds('proxysqlCheckInterval')),
      ...times.why(['proxysqlCheckInterval']),
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_timeout',
      value: String(times.milliseconds('proxysqlCheckTimeout')),
      ...times.why(['proxysqlCheckTimeout']),
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_max_timeout_count',
      value: String(times.seconds('proxysqlCheckFallCount')),
      ...times.why(['proxysqlCheckFallCount']),
    },
  ];
}

function queueTimers(times: Times, globals: Globals): Setting[] {
  const { rabbitmq_server_additional_erl_args: said } = globals;
  const own = typeof said === 'string' ? said : undefined;
  return [
    {
      key: 'rabbitmq_cluster_partition_handling',
      value: 'pause_minority',
      why: 'members that see no majority stop, so that two sides never both accept',
    },
    {
      key: 'rabbitmq_server_additional_erl_args',
      value: `${own ?? '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none'} -kernel net_ticktime ${times.seconds('netTick')} -kernel net_tickintensity ${times.seconds('netTickCount')}`,
      ...times.why(
        ['netTick', 'netTickCount'],
        `behind ${own === undefined ? "Kolla's own arguments" : 'the arguments of kolla.globals'}`,
      ),
    },
  ];
}

function chassisTimers(times: Times): Setting[] {
  return [
    {
      key: 'ovn_remote_probe_interval',
      value: String(times.milliseconds('ovnControllerProbe')),
      ...times.why(
        ['ovnControllerProbe'],
        'ovn_db_inactivity_probe is not touched: with it the databases notice clients that are gone, which nobody waits for',
      ),
    },
  ];
}
