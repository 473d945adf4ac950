import { fleetCosts, networkCosts } from '../aws-cost.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { AwsPrices } from '../schema/aws-prices.ts';
import type { Environment } from '../schema/environment.ts';
import { jobTimeout } from '../schema/environment-queues.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** From the job to the order of an instance: SQS and the alarm take a minute each, Auto Scaling another. */
const ORDER_SECONDS = 180;
/** The alarm on missing instances takes so long: see lib/aws/alarm-table.ts. */
const SHORTFALL_SECONDS = 15 * 60;

/** An alarm rings for what is wrong: not for what the settings expect, and in time. */
export function checkEnvironmentAlarms({ environments, awsPrices }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...tooEarly(environment),
    ...tooLate(environment),
    ...startup(environment),
    ...budget(environment, awsPrices?.value),
  ]);
}

/** The age of the oldest job counts until it is deleted: its wait, and its run. */
function tooEarly({ value, origin }: Entity<Environment>): Problem[] {
  const { queues, worker, capacity, health, scaling, alarms } = value.cluster;
  const at = origin.at('cluster');
  const longest = Math.max(...Object.values(queues).map((queue) => jobTimeout(queue, worker)));
  const { backlogPerInstance: backlog, jobSeconds } = scaling;
  const starts = capacity.minimum === 0 ? ORDER_SECONDS + health.startupSeconds : 0;
  const behind = jobSeconds === undefined ? 0 : Math.ceil((backlog * jobSeconds) / worker.jobsPerInstance);
  const wait = Math.max(starts, behind);
  if (alarms.oldestJobMinutes * 60 >= longest + wait) return [];
  const needed = Math.ceil((longest + wait) / 60);
  const waits =
    behind > starts
      ? ` and waits for ${behind} s behind a backlog of ${backlog} (scaling.backlogPerInstance) of ${jobSeconds} s each`
      : starts > 0
        ? ` and waits for up to ${starts} s until the first instance of an empty fleet is there (health.startupSeconds)`
        : '';
  const why = `a job may run for ${longest} s${waits}, so that the alarm would ring for a job that is in order`;
  return [
    at
      .at('alarms', 'oldestJobMinutes')
      .problem('alarm-too-early', `got ${alarms.oldestJobMinutes}; ${why}`, `write ${needed} or more`, {
        severity: 'warning',
      }),
  ];
}

function tooLate({ value, origin }: Entity<Environment>): Problem[] {
  const { queues, alarms } = value.cluster;
  return Object.entries(queues).flatMap(([name, { retentionDays }]) => {
    if (alarms.oldestJobMinutes <= retentionDays * 1440) return [];
    const why = `SQS deletes a job of queue ${name} after ${retentionDays} days, before the alarm on the oldest job rings`;
    return [
      problemAtNearest('alarm-too-late', [
        {
          at: origin.at('cluster', 'alarms', 'oldestJobMinutes'),
          message: `got ${alarms.oldestJobMinutes}; ${why}`,
          fix: `write ${retentionDays * 1440} or less`,
        },
        {
          at: origin.at('cluster', 'queues', name, 'retentionDays'),
          message: `got ${retentionDays}; ${why}, which is after ${alarms.oldestJobMinutes} minutes`,
          fix: `write ${Math.ceil(alarms.oldestJobMinutes / 1440)} or more`,
        },
      ]),
    ];
  });
}

function startup({ value, origin }: Entity<Environment>): Problem[] {
  const { startupSeconds } = value.cluster.health;
  if (startupSeconds <= SHORTFALL_SECONDS) return [];
  const message = `got ${startupSeconds}; the alarm on missing instances rings after ${SHORTFALL_SECONDS} s, while instances may still start in time`;
  return [
    origin
      .at('cluster', 'health', 'startupSeconds')
      .problem('startup-raises-alarm', message, `write ${SHORTFALL_SECONDS} or less`, { severity: 'warning' }),
  ];
}

/** In US dollars, in which both the prices and the budget are. */
function budget({ value, origin }: Entity<Environment>, book: AwsPrices | undefined): Problem[] {
  if (book === undefined) return [];
  const items = [...networkCosts(value, book), ...fleetCosts(value, book)];
  // What has no price is not counted: it costs at least so much.
  const least = Math.ceil(items.reduce((sum, { monthly }) => sum + (monthly?.least ?? 0), 0) / book.perUsd);
  const { monthlyUsd } = value.cluster.budget;
  if (least <= monthlyUsd) return [];
  const why = `endpoints, gateways and the ${value.cluster.capacity.minimum} instances of the minimum alone cost ${least} USD or more a month`;
  return [
    problemAtNearest(
      'budget-below-minimum',
      [
        {
          at: origin.at('cluster', 'budget', 'monthlyUsd'),
          message: `got ${monthlyUsd}; ${why}`,
          fix: `write ${least} or more`,
        },
        {
          at: origin.at('cluster', 'capacity', 'minimum'),
          message: `got ${value.cluster.capacity.minimum}; the budget is ${monthlyUsd} USD a month, and ${why}`,
          fix: 'lower it, or raise cluster.budget.monthlyUsd',
        },
      ],
      { severity: 'warning' },
    ),
  ];
}
