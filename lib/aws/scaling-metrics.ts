/** The queue and the group that scaling looks at. */
export interface MetricSource {
  readonly queueName: string;
  readonly groupName: string;
}

interface Query {
  readonly id: string;
  readonly label?: string;
  readonly expression?: string;
  readonly metricStat?: {
    readonly metric: {
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: { readonly name: string; readonly value: string }[];
    };
    readonly stat: string;
    readonly period: number;
  };
  readonly returnData: boolean;
}

/** SQS and Auto Scaling both publish once a minute. */
const PERIOD_SECONDS = 60;

/**
 * Each series survives silence. A queue that was idle for six hours publishes nothing, and a group may have no data yet: the
 * last value holds through a late minute (a zero there would be a false alarm), and what never had a value is zero.
 */
const steady = (id: string) => `FILL(FILL(${id}, REPEAT), 0)`;

/** Waiting jobs an instance; of an empty fleet, waiting jobs as if for one: nothing is divided by zero. */
export function backlogPerInstance(source: MetricSource): Query[] {
  return [
    waiting(source),
    instances(source, 'inService', 'GroupInServiceInstances'),
    result(
      'backlog',
      `IF(${steady('inService')} > 0, ${steady('waiting')} / ${steady('inService')}, ${steady('waiting')})`,
    ),
  ];
}

/** Instances that the backlog asks for, less those asked for already; with one job waiting, an empty fleet misses one. */
export function missingInstances(source: MetricSource, target: number): Query[] {
  return [
    waiting(source),
    instances(source, 'desired', 'GroupDesiredCapacity'),
    result('missing', `CEIL(${steady('waiting')} / ${target}) - ${steady('desired')}`),
  ];
}

/**
 * Jobs waiting or running. Where there are no instances, 1: an empty fleet need not be emptied, and the alarm goes back to OK
 * so that it fires again at the next end of work.
 */
export function idleJobs(source: MetricSource): Query[] {
  return [
    waiting(source),
    queue(source, 'running', 'ApproximateNumberOfMessagesNotVisible'),
    instances(source, 'desired', 'GroupDesiredCapacity'),
    result('jobs', `IF(${steady('desired')} > 0, ${steady('waiting')} + ${steady('running')}, 1)`),
  ];
}

function waiting(source: MetricSource): Query {
  return queue(source, 'waiting', 'ApproximateNumberOfMessagesVisible');
}

function queue({ queueName }: MetricSource, id: string, metricName: string): Query {
  return series(id, 'AWS/SQS', metricName, { name: 'QueueName', value: queueName }, 'Maximum');
}

function instances({ groupName }: MetricSource, id: string, metricName: string): Query {
  return series(id, 'AWS/AutoScaling', metricName, { name: 'AutoScalingGroupName', value: groupName }, 'Average');
}

function series(
  id: string,
  namespace: string,
  metricName: string,
  dimension: { name: string; value: string },
  stat: string,
): Query {
  return {
    id,
    metricStat: { metric: { namespace, metricName, dimensions: [dimension] }, stat, period: PERIOD_SECONDS },
    returnData: false,
  };
}

function result(id: string, expression: string): Query {
  return { id, label: id, expression, returnData: true };
}
