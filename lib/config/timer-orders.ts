import type { TimerName } from './timers.ts';

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
