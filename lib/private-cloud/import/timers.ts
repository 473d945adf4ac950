import { timers } from '../../config/schema/cloud-timers.ts';
import type { TimerName } from '../../config/timers.ts';
import { SHARED_WITH_TIMERS } from '../kolla/failover.ts';
import type { KollaSource } from './kolla-source.ts';
import type { Plain } from './source.ts';

/** Where Kolla's variables hold which times: in `unit` of a second, or as numbers. */
const HELD: readonly (readonly [variable: string, pattern: RegExp, name: TimerName, perSecond: number])[] = [
  ['haproxy_health_check', /\binter (\d+)(?:ms)?(?!\d|s)/, 'checkInterval', 1000],
  ['haproxy_health_check', /\binter (\d+)s/, 'checkInterval', 1],
  ['haproxy_health_check', /\bfastinter (\d+)(?:ms)?(?!\d|s)/, 'checkFastInterval', 1000],
  ['haproxy_health_check', /\bfall (\d+)/, 'checkFallCount', 1],
  ['haproxy_health_check', /\brise (\d+)/, 'checkRiseCount', 1],
  ['haproxy_check_timeout', /^(\d+)s$/, 'checkTimeout', 1],
  ['haproxy_check_timeout', /^(\d+)(?:ms)?$/, 'checkTimeout', 1000],
  ['haproxy_connect_timeout', /^(\d+)s$/, 'connectTimeout', 1],
  ['haproxy_connect_timeout', /^(\d+)(?:ms)?$/, 'connectTimeout', 1000],
  ['mariadb_monitor_galera_healthcheck_interval', /^(\d+)$/, 'proxysqlCheckInterval', 1000],
  ['mariadb_monitor_galera_healthcheck_timeout', /^(\d+)$/, 'proxysqlCheckTimeout', 1000],
  ['mariadb_monitor_galera_healthcheck_max_timeout_count', /^(\d+)$/, 'proxysqlCheckFallCount', 1],
  ['rabbitmq_server_additional_erl_args', /net_ticktime (\d+)/, 'netTick', 1],
  ['rabbitmq_server_additional_erl_args', /net_tickintensity (\d+)/, 'netTickCount', 1],
  ['ovn_remote_probe_interval', /^(\d+)$/, 'ovnControllerProbe', 1000],
  ...(
    [
      ['evs.keepalive_period', 'galeraKeepalive'],
      ['evs.inactive_check_period', 'galeraCheck'],
      ['evs.suspect_timeout', 'galeraSuspect'],
      ['evs.inactive_timeout', 'galeraInactive'],
      ['evs.install_timeout', 'galeraInstall'],
      ['gmcast.peer_timeout', 'galeraPeer'],
    ] as const
  ).map(
    ([option, name]) =>
      [
        'mariadb_wsrep_extra_provider_options',
        new RegExp(`(?:^|;)\\s*${option.replace('.', '\\.')}\\s*=\\s*PT([\\d.]+)S`),
        ...([name, 1] as const),
      ] as const,
  ),
];

/** Times that a tree has otherwise than Kolla, as `kolla.timers` takes them; those that it takes not stay Tandem's. Pure. */
export function timersIn({ kollasGlobals, own }: Pick<KollaSource, 'kollasGlobals' | 'own'>): Record<string, number> {
  const found = HELD.flatMap(([variable, pattern, name, perSecond]) => {
    const [, digits] = pattern.exec(textOf(kollasGlobals.get(variable)?.value)) ?? [];
    return digits === undefined ? [] : [[name, Number(digits) / perSecond] as const];
  });
  const ofFiles = [...own.fields].flatMap(([field, value]) => {
    const name = /^kolla\.timers\.(\w+)$/.exec(field)?.[1];
    return name === undefined ? [] : [[name, Number(value)] as const];
  });
  return Object.fromEntries(
    [...found, ...ofFiles].filter(([name, value]) => timers.safeParse({ [name]: value }).success),
  );
}

/** What is left of a variable that holds times among other things, once `kolla.timers` has those; undefined where that is nothing. */
export function withoutTimers(variable: string, value: Plain): Plain | undefined {
  const times = SHARED_WITH_TIMERS[variable];
  if (times === undefined) return value;
  if (typeof value === 'string') return value.replace(/\s*-kernel net_tick\w+ \d+/g, '').trim() || undefined;
  if (!Array.isArray(value)) return undefined;
  const left = (value as readonly Plain[]).filter((each) => typeof each === 'string' && !times.test(each));
  return left.length === 0 ? undefined : left;
}

function textOf(value: Plain | undefined): string {
  if (Array.isArray(value)) return value.map(textOf).join(';');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
