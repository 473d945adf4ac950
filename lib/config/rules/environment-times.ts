import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** SQS takes a job back so long after it gave it out, however often the worker asks for more; in seconds. */
const LONGEST_RECEIPT = 12 * 3600;
/** EC2 Auto Scaling ends a lifecycle hook after so many heartbeats. */
const MOST_HEARTBEATS = 100;
/** What the schema accepts. */
const LEAST_VISIBILITY = 30;
const DEFAULT_VISIBILITY = 300;

/** Times and shares of a cluster that contradict each other, or what AWS allows. */
export function checkEnvironmentTimes({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...retention(environment),
    ...visibility(environment),
    ...draining(environment),
    ...replacement(environment),
  ]);
}

function retention({ value, origin }: Entity<Environment>): Problem[] {
  const { queue, worker } = value.cluster;
  const needed = Math.ceil((worker.timeoutSeconds * queue.maximumReceives) / 86_400);
  if (needed <= queue.retentionDays) return [];
  const at = origin.at('cluster');
  const long = `${queue.maximumReceives} deliveries of a job of ${worker.timeoutSeconds} s take longer than ${queue.retentionDays} days (queue.retentionDays), and the job would expire before it reaches the dead-letter queue`;
  const room = queue.retentionDays * 86_400;
  const isEnough = (limit: number) =>
    limit >= 1 ? `write ${limit} or less` : 'lower queue.maximumReceives or worker.timeoutSeconds';
  return [
    problemAtNearest(
      'retention-too-short',
      [
        {
          at: at.at('queue', 'retentionDays'),
          message: `got ${queue.retentionDays}; ${queue.maximumReceives} deliveries of a job of ${worker.timeoutSeconds} s take longer than that many days, and the job would expire before it reaches the dead-letter queue`,
          fix: needed <= 14 ? `write ${needed} or more` : 'lower queue.maximumReceives or worker.timeoutSeconds',
        },
        {
          at: at.at('queue', 'maximumReceives'),
          message: `got ${queue.maximumReceives}; ${long}`,
          fix: isEnough(Math.floor(room / worker.timeoutSeconds)),
        },
        {
          at: at.at('worker', 'timeoutSeconds'),
          message: `got ${worker.timeoutSeconds}; ${long}`,
          fix: isEnough(Math.floor(room / queue.maximumReceives)),
        },
      ],
      { severity: 'warning' },
    ),
  ];
}

function visibility({ value, origin }: Entity<Environment>): Problem[] {
  const { visibilityTimeoutSeconds: seconds } = value.cluster.queue;
  const { timeoutSeconds } = value.cluster.worker;
  const at = origin.at('cluster', 'queue', 'visibilityTimeoutSeconds');
  const timeout = origin.at('cluster', 'worker', 'timeoutSeconds');
  if (seconds + timeoutSeconds > LONGEST_RECEIPT) {
    const why = `SQS gives a job out again ${LONGEST_RECEIPT} s after it was received, so that a job of ${timeoutSeconds} s cannot extend its visibility by ${seconds} s until its end`;
    const left = LONGEST_RECEIPT - timeoutSeconds;
    const shorter = LONGEST_RECEIPT - DEFAULT_VISIBILITY;
    return [
      problemAtNearest('job-outlives-receipt', [
        {
          at,
          message: `got ${seconds}; ${why}`,
          fix:
            left >= LEAST_VISIBILITY
              ? `write ${left} or less`
              : `write ${DEFAULT_VISIBILITY} and lower cluster.worker.timeoutSeconds to ${shorter}, or split the job`,
        },
        {
          at: timeout,
          message: `got ${timeoutSeconds}; ${why}`,
          fix:
            seconds < LONGEST_RECEIPT
              ? `write ${longestTimeout(value)} or less`
              : `write ${shorter} and lower cluster.queue.visibilityTimeoutSeconds to ${DEFAULT_VISIBILITY}, or split the job`,
        },
      ]),
    ];
  }
  const longest = Math.max(timeoutSeconds, LEAST_VISIBILITY);
  if (seconds <= longest) return [];
  const why = `no job runs longer than ${timeoutSeconds} s (worker.timeoutSeconds), so that the job of a lost worker is retried later than it could be`;
  return [
    problemAtNearest(
      'visibility-too-long',
      [
        { at, message: `got ${seconds}; ${why}`, fix: `write ${longest} or less` },
        {
          at: timeout,
          message: `got ${timeoutSeconds}; queue.visibilityTimeoutSeconds is ${seconds}, so that the job of a lost worker is retried later than it could be`,
          fix: `lower cluster.queue.visibilityTimeoutSeconds to ${longest}, or write ${seconds}`,
        },
      ],
      { severity: 'warning' },
    ),
  ];
}

/** Time-out that both SQS and a draining instance leave a job. */
function longestTimeout({ cluster: { queue, health } }: Environment): number {
  const receipt = LONGEST_RECEIPT - queue.visibilityTimeoutSeconds;
  const drain = MOST_HEARTBEATS * health.drainHeartbeatSeconds;
  return receipt < 1 ? drain : Math.min(receipt, drain);
}

function draining({ value, origin }: Entity<Environment>): Problem[] {
  const { drainHeartbeatSeconds } = value.cluster.health;
  const { timeoutSeconds } = value.cluster.worker;
  const longest = MOST_HEARTBEATS * drainHeartbeatSeconds;
  if (timeoutSeconds <= longest) return [];
  const why = `EC2 Auto Scaling ends an instance after ${MOST_HEARTBEATS} heartbeats, ${longest} s, whatever it does; a job may take ${timeoutSeconds} s`;
  const needed = Math.ceil(timeoutSeconds / MOST_HEARTBEATS);
  return [
    problemAtNearest('drain-too-short', [
      {
        at: origin.at('cluster', 'health', 'drainHeartbeatSeconds'),
        message: `got ${drainHeartbeatSeconds}; ${why}`,
        fix: `write ${needed} or more`,
      },
      {
        at: origin.at('cluster', 'worker', 'timeoutSeconds'),
        message: `got ${timeoutSeconds}; with health.drainHeartbeatSeconds of ${drainHeartbeatSeconds}, EC2 Auto Scaling ends a draining instance after ${MOST_HEARTBEATS} heartbeats, ${longest} s, and its job with it`,
        fix: `write ${longestTimeout(value)} or less, or raise cluster.health.drainHeartbeatSeconds to ${needed}`,
      },
    ]),
  ];
}

function replacement({ value, origin }: Entity<Environment>): Problem[] {
  const { minimumHealthyPercent: least, maximumHealthyPercent: most } = value.cluster.health;
  if (most - least <= 100) return [];
  const at = origin.at('cluster', 'health');
  const why = 'EC2 Auto Scaling takes at most 100 between the two';
  return [
    problemAtNearest('health-too-wide', [
      {
        at: at.at('maximumHealthyPercent'),
        message: `got ${most}; the minimum is ${least}, and ${why}`,
        fix: `write ${least + 100} or less`,
      },
      {
        at: at.at('minimumHealthyPercent'),
        message: `got ${least}; the maximum is ${most}, and ${why}`,
        fix: `write ${most - 100} or more`,
      },
    ]),
  ];
}
