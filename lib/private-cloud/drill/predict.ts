import type { Cloud } from '../../config/schema/cloud.ts';
import type { TimerValues } from '../../config/timers.ts';
import type { Failure } from '../failure/failures.ts';
import { type Places, predictGaps } from '../failure/gaps.ts';
import { compile, type FailureModel, goneBy, REDUCED, statesUnder } from '../failure/model.ts';
import { SHIPPED_TIMERS } from '../topology/timers.ts';
import { topologyOf } from '../topology/topology.ts';
import { brokerOf, type DrillName, isQueued, leaderOf, type Probe, probesOf, serviceOf } from './drills.ts';

/** Where the roles were when the drill began. */
export interface Stage {
  /** Of the VIP. */
  readonly holder: string;
  /** Its database takes the writes. */
  readonly writer: string;
  /** Its member leads OVN's northbound database. */
  readonly ovnLeader: string;
  /** Hosts that are taken away. */
  readonly gone: readonly string[];
}

/** What the drill will do to one of the client's requests. */
export interface Prediction {
  readonly probe: Probe;
  /** `down`: nothing succeeds until power returns. `gap`: it fails, and recovers by itself. `steady`: clients see no outage. */
  readonly outcome: 'down' | 'gap' | 'steady';
  /** As a rule, and at the worst moment; 0 where it is steady. */
  readonly gapSeconds: number;
  readonly atMostSeconds: number;
}

/** All of a drill's predictions for the stage on which it is played. Pure. */
export function predict(
  cloud: Cloud,
  drill: DrillName,
  stage: Stage,
  timers: TimerValues = SHIPPED_TIMERS,
): readonly Prediction[] {
  const topology = topologyOf('drill', cloud);
  const model = compile(cloud, topology);
  const failure: Failure = stage.gone.map((name) => ({ kind: 'host', name }));
  const hosts = topology.hosts.map(({ name }) => name);
  return probesOf(hosts).map((probe) => {
    if (drill === 'host-returns') return { probe, outcome: 'steady', gapSeconds: 0, atMostSeconds: 0 };
    return drill === 'writer-killed' && !isStored(probe)
      ? { probe, outcome: 'steady', gapSeconds: 0, atMostSeconds: 0 }
      : outcome(model, failure, probe, stage, drill, timers);
  });
}

/**
 * The longest gap that the loss of any one host makes, by request, in seconds: at the worst moment, wherever roles stand. Whoever takes hosts
 * away one at a time makes none that is longer. None of a request that the loss of a host stops: of one controller, it is all. Pure.
 */
export function worstGaps(cloud: Cloud): Readonly<Record<Probe, number>> {
  const hosts = topologyOf('drill', cloud).hosts.map(({ name }) => name);
  const all = hosts.flatMap((host) => {
    const stage = { holder: host, writer: host, ovnLeader: host, gone: [host] };
    return predict(cloud, 'holder-off', stage);
  });
  return Object.fromEntries(
    probesOf(hosts).flatMap((probe) => {
      const own = all.filter((each) => each.probe === probe);
      const isStopped = own.some(({ outcome }) => outcome === 'down');
      return isStopped ? [] : [[probe, Math.max(...own.map(({ atMostSeconds }) => atMostSeconds))]];
    }),
  );
}

/** A subnet pool is a row of Neutron's own database. */
const UNTOUCHED: Readonly<Record<Probe, readonly string[]>> = { network: ['rabbitmq', 'ovn-nb-db'] };

/** A killed process takes nothing else of its host away: only what is stored in the database has an outage. */
function isStored(probe: Probe): boolean {
  return !isQueued(probe) && probe !== 'ovn';
}

function outcome(
  model: FailureModel,
  failure: Failure,
  probe: Probe,
  stage: Stage,
  drill: DrillName,
  timers: TimerValues,
): Prediction {
  const gone = goneBy(model, failure);
  const service = serviceOf(probe);
  const at = model.services.findIndex(({ name }) => name === service);
  if (at < 0) throw new RangeError(`the cloud has no ${service}`);
  if ((statesUnder(model, gone)[at] ?? 0) > REDUCED) return { probe, outcome: 'down', gapSeconds: 0, atMostSeconds: 0 };
  const hosts = model.topology.hosts.map(({ name }) => name);
  const leader = leaderOf(probe, hosts);
  const isSpared =
    leader !== undefined && !stage.gone.includes(leader) && !stage.gone.includes(brokerOf(hosts, leader));
  if (isSpared) return { probe, outcome: 'steady', gapSeconds: 0, atMostSeconds: 0 };
  const others = hosts.filter((name) => !stage.gone.includes(name));
  const [spared = ''] = others;
  const killed = drill === 'writer-killed';
  const places: Places = {
    vip: killed ? spared : stage.holder,
    mariadb: stage.writer,
    // Of a killed process no queue and no member of OVN's is gone. Behind the drill's servers is no queue: what takes them is not there.
    rabbitmq: killed ? spared : (leader ?? spared),
    'ovn-nb-db': killed ? spared : stage.ovnLeader,
  };
  const gap = predictGaps(model, gone, {
    places,
    timers,
    untouched: UNTOUCHED[probe] ?? [],
  }).find((each) => each.service === service);
  if (gap === undefined) return { probe, outcome: 'steady', gapSeconds: 0, atMostSeconds: 0 };
  return { probe, outcome: 'gap', gapSeconds: gap.seconds, atMostSeconds: gap.atMost };
}
