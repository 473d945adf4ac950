import type { Cloud } from '../../config/schema/cloud.ts';
import { TIMERS, type TimerName } from '../topology/timers.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';
import type { Setting } from './tree.ts';

/** Why timers have their values, a line each. */
export function reasonsOf(...names: readonly TimerName[]): string[] {
  return names.map((name) => `${TIMERS[name].setting} ${TIMERS[name].value}: ${TIMERS[name].reason}`);
}

export function seconds(name: TimerName): number {
  return TIMERS[name].value;
}

/** Whole milliseconds, as HAProxy, ProxySQL and OVN count. */
export function milliseconds(name: TimerName): number {
  return Math.round(TIMERS[name].value * 1000);
}

/** Failover settings that Kolla takes as variables. A single database or balancer fails over to nothing, and keeps Kolla's. */
export function globalTimers(cloud: Cloud, topology: Topology): Setting[] {
  return [
    ...(cloud.vips === undefined ? [] : balancerTimers()),
    ...(hostsFor(topology, 'database').length > 1 ? databaseTimers() : []),
    ...(hostsFor(topology, 'queue').length > 1 ? queueTimers() : []),
    ...(hostsFor(topology, 'ovn').length > 1 ? chassisTimers() : []),
  ];
}

/** Variables of globals.yml that hold failover times. */
export const TIMER_GLOBALS: ReadonlySet<string> = new Set(
  [...balancerTimers(), ...databaseTimers(), ...queueTimers(), ...chassisTimers()].map(({ key }) => key),
);

function balancerTimers(): Setting[] {
  const check = `inter ${milliseconds('checkInterval')}ms fastinter ${milliseconds('checkFastInterval')}ms fall ${seconds('checkFallCount')} rise ${seconds('checkRiseCount')}`;
  return [
    {
      key: 'haproxy_health_check',
      value: `check ${check}`,
      why: reasonsOf('checkInterval', 'checkFastInterval', 'checkFallCount', 'checkRiseCount'),
    },
    { key: 'haproxy_health_check_ssl', value: `check check-ssl ${check}`, why: 'the same, over TLS' },
    { key: 'haproxy_check_timeout', value: `${milliseconds('checkTimeout')}ms`, why: reasonsOf('checkTimeout') },
    { key: 'haproxy_connect_timeout', value: `${milliseconds('connectTimeout')}ms`, why: reasonsOf('connectTimeout') },
  ];
}

function databaseTimers(): Setting[] {
  const period = (name: TimerName) => `PT${seconds(name)}S`;
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
        'pc.recovery=true',
        'gcache.recover=yes',
      ],
      why: [
        ...reasonsOf(
          'galeraKeepalive',
          'galeraCheck',
          'galeraSuspect',
          'galeraInactive',
          'galeraInstall',
          'galeraPeer',
        ),
        'Galera pc.recovery: after all were off at once, the cluster comes back by itself',
        'Galera gcache.recover: a member that returns is sent only what it missed',
      ],
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_interval',
      value: String(milliseconds('proxysqlCheckInterval')),
      why: reasonsOf('proxysqlCheckInterval'),
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_timeout',
      value: String(milliseconds('proxysqlCheckTimeout')),
      why: reasonsOf('proxysqlCheckTimeout'),
    },
    {
      key: 'mariadb_monitor_galera_healthcheck_max_timeout_count',
      value: String(seconds('proxysqlCheckFallCount')),
      why: reasonsOf('proxysqlCheckFallCount'),
    },
  ];
}

function queueTimers(): Setting[] {
  return [
    {
      key: 'rabbitmq_cluster_partition_handling',
      value: 'pause_minority',
      why: 'members that see no majority stop, so that two sides never both accept',
    },
    {
      key: 'rabbitmq_server_additional_erl_args',
      value: `+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel net_ticktime ${seconds('netTick')} -kernel net_tickintensity ${seconds('netTickCount')}`,
      why: ["Kolla's own, with", ...reasonsOf('netTick', 'netTickCount')],
    },
  ];
}

function chassisTimers(): Setting[] {
  return [
    {
      key: 'ovn_remote_probe_interval',
      value: String(milliseconds('ovnControllerProbe')),
      why: [
        ...reasonsOf('ovnControllerProbe'),
        'ovn_db_inactivity_probe is not touched: with it the databases notice clients that are gone, which nobody waits for',
      ],
    },
  ];
}
