import type { HostCommand } from '../members/ports.ts';

/** How far one host's database had come. */
export interface GaleraPosition {
  readonly host: string;
  /** Of the cluster that its data belong to: `wsrep_cluster_state_uuid`. Undefined: it never belonged to one. */
  readonly uuid: string | undefined;
  /** Number of its last write. Undefined: nobody knows before it is started once. */
  readonly seqno: number | undefined;
}

/** A host with a database whose position nobody could ask for. */
export interface MissingHost {
  readonly host: string;
  /** As `does not answer`. */
  readonly why: string;
}

/**
 * What Galera wrote when it stopped; its container need not run for it. Ends with 0 and nothing where a database never had any, and otherwise
 * where its folder or the file cannot be read: a disk that is not mounted is no empty database.
 * @param volumes folder of all volumes
 */
export function askGrastate(host: string, volumes: string): HostCommand {
  const folder = `${volumes}/mariadb/_data/`;
  const argv = ['find', folder, '-maxdepth', '1', '-name', 'grastate.dat', '-exec', 'cat', '{}', '+'];
  return { host, argv, timeoutSeconds: 20 };
}

/**
 * What each start of the database writes into its log: the position that it found after a crash (`mariadbd-safe` looks for it before it
 * starts the server), and that it took part again. Only this, not the log: that may hold what clients asked.
 */
export function askStarts(host: string, volumes: string): HostCommand {
  const log = `${volumes}/kolla_logs/_data/mariadb/mariadb.log`;
  return { host, argv: ['grep', '-h', '-E', `${RECOVERED}|${TOOK_PART}`, log], timeoutSeconds: 20 };
}

const RECOVERED = 'Recovered position';
const TOOK_PART = 'Synchronized with group';
const NO_CLUSTER = '00000000-0000-0000-0000-000000000000';

/**
 * The position of a database that does not run. After a clean stop Galera's own file has it; after a crash the last start says it, unless the
 * database has taken part since: then what that start found is old. Pure.
 */
export function readPosition(host: string, grastate: string, starts: string): GaleraPosition {
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(\\S+)\\s*$`, 'm').exec(grastate)?.[1];
  const uuid = field('uuid');
  if (uuid === undefined || uuid === NO_CLUSTER) return { host, uuid: undefined, seqno: undefined };
  const stopped = Number(field('seqno') ?? -1);
  if (stopped >= 0) return { host, uuid, seqno: stopped };
  const last = starts.trimEnd().split('\n').at(-1) ?? '';
  const found = new RegExp(`${RECOVERED}.*?\\s([0-9a-f-]{36}):(-?\\d+)\\s*$`).exec(last);
  // After a whole copy that was interrupted, tables and file speak of different clusters: neither can be trusted.
  if (found?.[1] !== uuid || Number(found[2]) < 0) return { host, uuid, seqno: undefined };
  return { host, uuid, seqno: Number(found[2]) };
}
