import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import { jobTimeout, type QueueSettings } from '../schema/environment-queues.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** SQS takes a job back so long after it gave it out, however often the worker asks for more; in seconds. */
const LONGEST_RECEIPT = 12 * 3600;
/** EC2 Auto Scaling ends a lifecycle hook after so many heartbeats, or after 48 h, whichever is less. */
const MOST_HEARTBEATS = 100;
const LONGEST_HOOK = 48 * 3600;
/** What the schema accepts. */
const LEAST_VISIBILITY = 30;
const DEFAULT_VISIBILITY = 300;

/** Times and shares of a cluster that contradict each other, or what AWS allows. */
export function checkEnvironmentTimes({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...Object.keys(environment.value.cluster.queues).flatMap((name) => {
      const queue = queueOf(environment, name);
      return [...retention(queue), ...visibility(queue), ...draining(queue, environment)];
    }),
    ...replacement(environment),
  ]);
}

/** A queue with all that its times are compared with. */
interface Queue {
  /** `cluster.queues.jobs`. */
  readonly name: string;
  readonly settings: QueueSettings;
  readonly at: Origin;
  /** Where the time-out of its jobs is written, and the path by which others name it. */
  readonly timeout: { readonly seconds: number; readonly at: Origin; readonly name: string };
  readonly drainHeartbeatSeconds: number;
}

function queueOf({ value, origin }: Entity<Environment>, name: string): Queue {
  const { queues, worker, health } = value.cluster;
  const settings = queues[name];
  if (settings === undefined) throw new TypeError(`no queue ${name}`);
  const at = origin.at('cluster', 'queues', name);
  const isOwn = settings.timeoutSeconds !== undefined;
  return {
    name: `cluster.queues.${name}`,
    settings,
    at,
    timeout: {
      seconds: jobTimeout(settings, worker),
      at: isOwn ? at.at('timeoutSeconds') : origin.at('cluster', 'worker', 'timeoutSeconds'),
      name: isOwn ? `queues.${name}.timeoutSeconds` : 'worker.timeoutSeconds',
    },
    drainHeartbeatSeconds: health.drainHeartbeatSeconds,
  };
}

function retention({ settings, at, timeout }: Queue): Problem[] {
  const { retentionDays, maximumReceives } = settings;
  const needed = Math.ceil((timeout.seconds * maximumReceives) / 86_400);
  if (needed <= retentionDays) return [];
  const long = `${maximumReceives} deliveries of a job of ${timeout.seconds} s take longer than ${retentionDays} days (retentionDays), and the job would expire before it reaches the dead-letter queue`;
  const room = retentionDays * 86_400;
  const lower = `lower maximumReceives or ${timeout.name}`;
  const isEnough = (limit: number) => (limit >= 1 ? `write ${limit} or less` : lower);
  return [
    problemAtNearest(
      'retention-too-short',
      [
        {
          at: at.at('retentionDays'),
          message: `got ${retentionDays}; ${maximumReceives} deliveries of a job of ${timeout.seconds} s take longer than that many days, and the job would expire before it reaches the dead-letter queue`,
          fix: needed <= 14 ? `write ${needed} or more` : lower,
        },
        {
          at: at.at('maximumReceives'),
          message: `got ${maximumReceives}; ${long}`,
          fix: isEnough(Math.floor(room / timeout.seconds)),
        },
        {
          at: timeout.at,
          message: `got ${timeout.seconds}; ${long}`,
          fix: isEnough(Math.floor(room / maximumReceives)),
        },
      ],
      { severity: 'warning' },
    ),
  ];
}

function visibility(queue: Queue): Problem[] {
  const { settings, timeout } = queue;
  const seconds = settings.visibilityTimeoutSeconds;
  const at = queue.at.at('visibilityTimeoutSeconds');
  if (seconds + timeout.seconds > LONGEST_RECEIPT) {
    const why = `SQS gives a job out again ${LONGEST_RECEIPT} s after it was received, so that a job of ${timeout.seconds} s cannot extend its visibility by ${seconds} s until its end`;
    const left = LONGEST_RECEIPT - timeout.seconds;
    const shorter = LONGEST_RECEIPT - DEFAULT_VISIBILITY;
    return [
      problemAtNearest('job-outlives-receipt', [
        {
          at,
          message: `got ${seconds}; ${why}`,
          fix:
            left >= LEAST_VISIBILITY
              ? `write ${left} or less`
              : `write ${DEFAULT_VISIBILITY} and lower cluster.${timeout.name} to ${shorter}, or split the job`,
        },
        {
          at: timeout.at,
          message: `got ${timeout.seconds}; ${why}`,
          fix:
            seconds < LONGEST_RECEIPT
              ? `write ${longestTimeout(queue)} or less`
              : `write ${shorter} and lower ${queue.name}.visibilityTimeoutSeconds to ${DEFAULT_VISIBILITY}, or split the job`,
        },
      ]),
    ];
  }
  const longest = Math.max(timeout.seconds, LEAST_VISIBILITY);
  if (seconds <= longest) return [];
  const why = `no job runs longer than ${timeout.seconds} s (${timeout.name}), so that the job of a lost worker is retried later than it could be`;
  return [
    problemAtNearest(
      'visibility-too-long',
      [
        { at, message: `got ${seconds}; ${why}`, fix: `write ${longest} or less` },
        {
          at: timeout.at,
          message: `got ${timeout.seconds}; visibilityTimeoutSeconds is ${seconds}, so that the job of a lost worker is retried later than it could be`,
          fix: `lower ${queue.name}.visibilityTimeoutSeconds to ${longest}, or write ${seconds}`,
        },
      ],
      { severity: 'warning' },
    ),
  ];
}

/** Time-out that both SQS and a draining instance leave a job. */
function longestTimeout({ settings, drainHeartbeatSeconds }: Queue): number {
  const receipt = LONGEST_RECEIPT - settings.visibilityTimeoutSeconds;
  const drain = longestDrain(drainHeartbeatSeconds);
  return receipt < 1 ? drain : Math.min(receipt, drain);
}

function longestDrain(drainHeartbeatSeconds: number): number {
  return Math.min(MOST_HEARTBEATS * drainHeartbeatSeconds, LONGEST_HOOK);
}

function draining(queue: Queue, { value, origin }: Entity<Environment>): Problem[] {
  const { timeout, drainHeartbeatSeconds } = queue;
  const longest = longestDrain(drainHeartbeatSeconds);
  if (timeout.seconds <= longest) return [];
  const why = `EC2 Auto Scaling ends an instance after ${MOST_HEARTBEATS} heartbeats, ${longest} s, whatever it does; a job may take ${timeout.seconds} s`;
  // One that is enough for all queues: the least for this one may not be.
  const { queues, worker } = value.cluster;
  const longestJob = Math.max(...Object.values(queues).map((each) => jobTimeout(each, worker)));
  const needed = Math.ceil(longestJob / MOST_HEARTBEATS);
  return [
    problemAtNearest('drain-too-short', [
      {
        at: origin.at('cluster', 'health', 'drainHeartbeatSeconds'),
        message: `got ${drainHeartbeatSeconds}; ${why}`,
        fix: `write ${needed} or more`,
      },
      {
        at: timeout.at,
        message: `got ${timeout.seconds}; with health.drainHeartbeatSeconds of ${drainHeartbeatSeconds}, EC2 Auto Scaling ends a draining instance after ${MOST_HEARTBEATS} heartbeats, ${longest} s, and its job with it`,
        fix: `write ${longestTimeout(queue)} or less, or raise cluster.health.drainHeartbeatSeconds to ${needed}`,
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
