import type { TimerValues } from '../../config/timers.ts';
import { hasBit } from './bits.ts';
import { type FailureModel, type Gone, REDUCED, type State, statesUnder } from './model.ts';
import {
  atMostOf,
  CLIENTS,
  cachePath,
  databasePath,
  GATEWAY_PATH,
  type Lost,
  listenerPath,
  longestOf,
  MONITOR_PATH,
  memberCheckPath,
  NORTHD_PATH,
  neutronPath,
  ovnPath,
  type Path,
  queuePath,
  RECONNECTION,
  retryTerm,
  secondsOf,
  type Term,
  VOLUME_PATH,
  vipPath,
  writerCheckPath,
} from './paths.ts';

/** How long clients get no answer from a service that survives. */
export interface Gap {
  readonly service: string;
  readonly seconds: number;
  readonly atMost: number;
  readonly terms: readonly Term[];
}

/** Which host leads, by service: the holder of `vip`, the writer of `mariadb`, the queue's leader of `rabbitmq`, of `ovn-nb-db`. */
export type Places = Readonly<Partial<Record<'vip' | 'mariadb' | 'rabbitmq' | 'ovn-nb-db', string>>>;

export interface GapOptions {
  /** @default - the cloud's own */
  readonly timers?: TimerValues;
  /**
   * `worst`: every leader is among what is gone, where it can be; `best`: none is, where another is left; or who leads.
   * @default 'worst'
   */
  readonly places?: Places | 'worst' | 'best';
  /** Needs that what is asked of a service does not touch. @default - it touches them all */
  readonly untouched?: readonly string[];
}

/** What is gone of the things that lead, with leaders where `places` puts them. */
function lostUnder(model: FailureModel, gone: Gone, places: NonNullable<GapOptions['places']>): Lost {
  const part = (name: keyof Places): 'none' | 'member' | 'leader' => {
    const at = model.services.findIndex((service) => service.name === name);
    const members = model.services[at]?.members ?? [];
    const isGone = (host: string | undefined): boolean =>
      host !== undefined && hasBit(gone.hosts, model.hostAt.get(host) ?? -1);
    const lost = members.filter(({ name: host }) => isGone(host)).length;
    if (lost === 0) return 'none';
    const leads = typeof places === 'string' ? places === 'worst' || lost === members.length : isGone(places[name]);
    return leads ? 'leader' : 'member';
  };
  return { vip: part('vip') === 'leader', database: part('mariadb'), queue: part('rabbitmq'), ovn: part('ovn-nb-db') };
}

/**
 * Predicted gaps of all services that survive a failure and yet have an outage, longest first. Sums of detection, promotion and the
 * client's own retries; the constants among them are from a drill on one machine (docs/decisions/0020-outages-are-sums-of-settings.md).
 */
export function predictGaps(model: FailureModel, gone: Gone, options: GapOptions = {}): Gap[] {
  const { timers = model.timers, places = 'worst', untouched = [] } = options;
  const states = statesUnder(model, gone);
  const lost = lostUnder(model, gone, places);
  const behind = backTimes(timers, lost, new Set(reducedNames(model, states)));
  return model.services
    .flatMap((service, at): Gap[] => {
      if ((states[at] ?? 0) > REDUCED) return [];
      const needs = service.needs.filter((name) => !untouched.includes(name));
      const terms = behind(service.name, needs, service.behindVip, states[at] === REDUCED).filter(
        ({ atMost }) => atMost > 0,
      );
      if (terms.length === 0) return [];
      return [{ service: service.name, seconds: round(secondsOf(terms)), atMost: round(atMostOf(terms)), terms }];
    })
    .sort((a, b) => b.seconds - a.seconds);
}

function reducedNames(model: FailureModel, states: readonly State[]): string[] {
  return model.services.filter((_, at) => states[at] === REDUCED).map(({ name }) => name);
}

type BackTimes = (name: string, needs: readonly string[], behindVip: boolean, isReduced: boolean) => Path;

function backTimes(timers: TimerValues, lost: Lost, reduced: ReadonlySet<string>): BackTimes {
  const vip = lost.vip ? vipPath(timers) : [];
  const [vipBack, vipAtMost] = [secondsOf(vip), atMostOf(vip)];
  const queue = queuePath(timers, lost.queue);
  const ovn = ovnPath(timers, lost.ovn);
  const check = lost.database === 'leader' ? writerCheckPath(timers) : [];
  const database = longestOf([vip, lost.database === 'none' ? [] : databasePath(timers), check]);
  const cache = reduced.has('memcached') ? cachePath(timers) : [];

  const sql = (): Path => {
    if (database.length === 0) return [];
    // The connection of whoever writes dies with the holder of the address; without it, the proxy ends it when it gives the writer up.
    const first = lost.vip ? CLIENTS.read : Math.min(CLIENTS.read, secondsOf(check));
    const attempts = { reachable: vipBack, first, connect: CLIENTS.connect, read: CLIENTS.read };
    return [...database, retryTerm(database, attempts, vipAtMost)];
  };
  const http = (needs: readonly string[], isReduced: boolean, onlyReads: boolean): Path => {
    const own = isReduced ? memberCheckPath(timers) : [];
    const stored = storedPath(needs, onlyReads ? longestOf([vip, check]) : database);
    // Whoever writes to OVN's database is connected to its leader: any other member is not missed.
    const written = needs.includes('ovn-nb-db') && lost.ovn === 'leader' ? [ovn, neutronPath(timers)] : [];
    const back = longestOf([own, stored, cache, ...queuedPaths(needs), ...written]);
    if (back.length === 0) return [];
    const first = lost.vip ? CLIENTS.request : 0;
    const attempts = { reachable: vipBack, first, connect: CLIENTS.request, read: CLIENTS.request };
    return [...back, retryTerm(back, attempts, vipAtMost)];
  };

  return (name, needs, behindVip, isReduced) => {
    switch (name) {
      case 'vip':
      case 'public-api':
        return vip;
      case 'mariadb':
        return sql();
      case 'rabbitmq':
        return queue;
      case 'memcached':
        return cache;
      case 'ovn-nb-db':
      case 'ovn-sb-db':
        return ovn;
      case 'ovn-northd':
        return isReduced ? NORTHD_PATH : ovn;
      case 'ovn-gateway':
        return isReduced ? GATEWAY_PATH : [];
      case 'ceph-mon':
        return isReduced ? MONITOR_PATH : [];
      case 'volumes':
        return isReduced ? VOLUME_PATH : [];
      case 'root-disks':
        return reduced.has('volumes') ? VOLUME_PATH : [];
      case 'port-binding':
        return ovn;
      case 'east-west':
      case 'prometheus':
        return [];
      default:
        return behindVip ? http(needs, isReduced, name === 'keystone') : workerPath(needs);
    }
  };

  /** Galera blocks writes and goes on answering reads, and a token is a read: who asks for one waits for a way to a member alone. */
  function storedPath(needs: readonly string[], path: Path): Path {
    return needs.includes('mariadb') && path.length > 0 ? [...path, RECONNECTION] : [];
  }

  function queuedPaths(needs: readonly string[]): Path[] {
    return needs.includes('rabbitmq') && lost.queue !== 'none' ? [queue, listenerPath(timers)] : [];
  }

  function workerPath(needs: readonly string[]): Path {
    return longestOf([storedPath(needs, database), ...queuedPaths(needs)]);
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
