import type { KollaSettings } from '../kolla/kolla-cloud.ts';
import type { HostCommand, KollaPlay } from '../members/ports.ts';
import type { Founder } from './choose.ts';

/** Who carries what: hosts that are to come back, in the inventory's order. */
export interface RecoveryPlaces {
  readonly database: readonly string[];
  readonly brokers: readonly string[];
  readonly raft: readonly string[];
  readonly balancers: readonly string[];
}

/** What must be true after a step, asked of the members themselves. */
export type Expectation = keyof RecoveryPlaces;

export interface RecoveryStep {
  /** Unique and stable: a resume goes by it. */
  readonly key: string;
  /** For who decides whether to run it. */
  readonly why: string;
  /** Run before the play, on all hosts at once and one after the other on each; they may fail. @default none */
  readonly first?: readonly HostCommand[];
  readonly play?: KollaPlay;
  readonly commands: readonly HostCommand[];
  readonly expects: Expectation;
}

/** How long members may take until they agree, in seconds: a broker waits up to five minutes for those that stopped after it. */
export const PATIENCE_SECONDS: Readonly<Record<Expectation, number>> = {
  database: 300,
  brokers: 360,
  raft: 60,
  balancers: 60,
};

/**
 * A dark start in order: the database first, since services and balancers wait for it; then brokers and OVN, whose members find each other
 * by themselves once a majority runs. Empty groups have no step. Pure.
 */
export function planRecovery(
  founder: Founder,
  places: RecoveryPlaces,
  engine: KollaSettings['containerEngine'],
): readonly RecoveryStep[] {
  const start = (unit: string, hosts: readonly string[]): readonly HostCommand[] =>
    hosts.map((host) => ({
      host,
      argv: ['systemctl', 'start', `kolla-${unit}-container.service`],
      timeoutSeconds: 120,
    }));
  const steps: RecoveryStep[] = [
    {
      key: `01 found the database anew on ${founder.host}`,
      why: founder.why,
      first: places.database.flatMap((host) => stopNow(host, engine)),
      play: {
        key: `recover database on ${founder.host}`,
        verb: 'mariadb-recovery',
        tags: [],
        limit: places.database,
        extra: ['-e', `mariadb_recover_inventory_name=${founder.host}`],
      },
      commands: [],
      expects: 'database',
    },
    {
      key: '02 start the brokers',
      why: 'all at once: whichever stopped last has the newest queues, and every other one waits for it',
      commands: start('rabbitmq', places.brokers),
      expects: 'brokers',
    },
    {
      key: '03 start OVN’s databases',
      why: 'a majority elects a leader, and each member takes over what it missed',
      commands: [...start('ovn_nb_db', places.raft), ...start('ovn_sb_db', places.raft)],
      expects: 'raft',
    },
    {
      key: '04 start the balancers',
      why: 'one of them takes the VIP once its HAProxy answers',
      commands: [...start('haproxy', places.balancers), ...start('keepalived', places.balancers)],
      expects: 'balancers',
    },
  ];
  return steps.filter(({ expects }) => places[expects].length > 0);
}

/**
 * A database that looks for the others in vain does not hear that it shall stop: Kolla's play waits a minute (`docker_graceful_timeout`) before it kills
 * the founder's, and the others give up only half a minute later, whose units then wait before they start them again. None has taken part in anything, and
 * Galera reads its position again. The unit first, which would start it again; the play starts it.
 */
function stopNow(host: string, engine: KollaSettings['containerEngine']): readonly HostCommand[] {
  return [
    { host, argv: ['systemctl', '--no-block', 'stop', 'kolla-mariadb-container.service'] },
    { host, argv: [engine, 'stop', '-t', '2', 'mariadb'] },
  ];
}
