import type { Problem } from '../diagnostic.ts';
import { leastMemoryMiB } from '../instance-memory.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** Messages of a standard queue that are received and not yet deleted (AWS: Amazon SQS, "Standard queue quotas"). */
const MOST_IN_FLIGHT = 120_000;
/** A worker receives the next job while one runs. */
const RECEIVED_PER_SLOT = 2;

/** What a worker does at once, and when it stops, beside its queues, its instances and the results. */
export function checkEnvironmentWorker({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...inFlight(environment),
    ...memory(environment),
    ...breaker(environment),
    ...receives(environment),
    ...results(environment),
  ]);
}

function inFlight({ value, origin }: Entity<Environment>): Problem[] {
  const { capacity, worker } = value.cluster;
  const received = capacity.maximum * worker.jobsPerInstance * RECEIVED_PER_SLOT;
  if (received <= MOST_IN_FLIGHT) return [];
  const why = `${capacity.maximum} instances with ${worker.jobsPerInstance} jobs each, and the next one of each received, hold ${received} messages; SQS gives out ${MOST_IN_FLIGHT} of a queue at once`;
  const most = (other: number) => Math.floor(MOST_IN_FLIGHT / RECEIVED_PER_SLOT / other);
  return [
    problemAtNearest('too-many-in-flight', [
      {
        at: origin.at('cluster', 'worker', 'jobsPerInstance'),
        message: `got ${worker.jobsPerInstance}; ${why}`,
        fix: `write ${most(capacity.maximum)} or less`,
      },
      {
        at: origin.at('cluster', 'capacity', 'maximum'),
        message: `got ${capacity.maximum}; ${why}`,
        fix: `write ${most(worker.jobsPerInstance)} or less`,
      },
    ]),
  ];
}

function memory({ value, origin }: Entity<Environment>): Problem[] {
  const { worker, instances } = value.cluster;
  const { jobsPerInstance: slots, memoryMiBPerJob: each } = worker;
  const smallest = leastMemoryMiB(instances);
  if (each === undefined || smallest === undefined || slots * each <= smallest.memoryMiB) return [];
  const { memoryMiB: room, name } = smallest;
  const why = `${slots} of ${each} MiB take ${slots * each} MiB, and ${name} has ${room}`;
  return [
    problemAtNearest('jobs-exceed-memory', [
      {
        at: origin.at('cluster', 'worker', 'memoryMiBPerJob'),
        message: `got ${each}; ${why}`,
        fix: `write ${Math.floor(room / slots)} or less`,
      },
      {
        at: origin.at('cluster', 'worker', 'jobsPerInstance'),
        message: `got ${slots}; ${why}`,
        fix: room >= each ? `write ${Math.floor(room / each)} or less` : 'lower cluster.worker.memoryMiBPerJob',
      },
      {
        at: origin.at('cluster', 'instances'),
        message: `got instances of ${room} MiB; ${why}`,
        fix: 'write larger types',
      },
    ]),
  ];
}

/** One failed job says nothing about an instance. */
function breaker({ value, origin }: Entity<Environment>): Problem[] {
  const { window, failureShare } = value.cluster.worker.breaker;
  if (window * failureShare > 1) return [];
  const at = origin.at('cluster', 'worker', 'breaker');
  const why = `${failureShare} of ${window} jobs is not more than one, so that an instance would be replaced for one failed job`;
  const share = Math.min(1, Math.ceil((200 / window) * 10) / 1000);
  return [
    problemAtNearest('breaker-too-eager', [
      { at: at.at('failureShare'), message: `got ${failureShare}; ${why}`, fix: `write ${share} or more` },
      {
        at: at.at('window'),
        message: `got ${window}; ${why}`,
        fix: `write ${Math.min(1000, Math.floor(1 / failureShare) + 1)} or more`,
      },
    ]),
  ];
}

/** An instance that fails each job at once fails some before it stops; they need a delivery to another one. */
function receives({ value, origin }: Entity<Environment>): Problem[] {
  const { queues, worker } = value.cluster;
  return Object.entries(queues).flatMap(([name, { maximumReceives }]) =>
    maximumReceives > 1
      ? []
      : [
          origin
            .at('cluster', 'queues', name, 'maximumReceives')
            .problem(
              'no-second-delivery',
              `got ${maximumReceives}; a faulty instance fails ${worker.breaker.consecutiveFailures} jobs before it stops (worker.breaker.consecutiveFailures), and each of them would be a dead letter at once`,
              'write 2 or more',
              { severity: 'warning' },
            ),
        ],
  );
}

/** A job that is delivered again and finds its result is not run again. */
function results({ value, origin }: Entity<Environment>): Problem[] {
  const { queues, results } = value.cluster;
  return Object.entries(queues).flatMap(([name, { retentionDays }]) => {
    if (results.expireDays >= retentionDays) return [];
    const why = `a job that is delivered again after ${results.expireDays} days finds no result, and runs a second time`;
    return [
      problemAtNearest(
        'results-expire-first',
        [
          {
            at: origin.at('cluster', 'results', 'expireDays'),
            message: `got ${results.expireDays}; queue ${name} keeps jobs for ${retentionDays} days, and ${why}`,
            fix: `write ${retentionDays} or more`,
          },
          {
            at: origin.at('cluster', 'queues', name, 'retentionDays'),
            message: `got ${retentionDays}; results expire after ${results.expireDays} days, and ${why}`,
            fix: `write ${results.expireDays} or less`,
          },
        ],
        { severity: 'warning' },
      ),
    ];
  });
}
