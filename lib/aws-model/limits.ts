import type { Api } from './types.ts';

/** What a call costs: one token of a request bucket, and one of a resource bucket for every instance that it names. */
export interface LimitRow {
  /** Name of the bucket. APIs of one row share it, unless `each` says that every API has a bucket of these figures to itself. */
  readonly name: string;
  readonly kind: 'request' | 'resource';
  /** `ec2:Describe*` means all APIs that begin so and have no row of their own. */
  readonly apis: readonly (Api | 'ec2:Describe*' | 'ec2:*' | 'autoscaling:*' | 'cloudwatch:*')[];
  readonly each: boolean;
  /** Only of calls without ids, filters and MaxResults. */
  readonly unfiltered?: boolean;
  readonly capacity: number;
  readonly refillPerSecond: number;
  readonly source: string;
}

const THROTTLING = 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html';
const ROOM = 'not published; chosen, see docs/aws-model.md';

/** Limits of an account in a Region. The first row of a kind that fits an API is its row. */
export const LIMITS: readonly LimitRow[] = [
  request(['ec2:RunInstances', 'ec2:StartInstances'], 5, 2),
  request(['ec2:TerminateInstances'], 100, 5),
  request(['ec2:StopInstances', 'ec2:RebootInstances', 'ec2:CreateReplaceRootVolumeTask', 'ec2:CreateFleet'], 50, 5),
  request(['ec2:CreateTags'], 100, 10),
  request(['ec2:CreateLaunchTemplateVersion'], 100, 5),
  { ...request(['ec2:Describe*'], 50, 10), name: 'describe-unfiltered', unfiltered: true },
  request(['ec2:Describe*'], 100, 20),
  request(['ec2:*'], 50, 5),
  // CreateFleet launches by the tokens of RunInstances.
  resource('ec2:RunInstances', ['ec2:RunInstances', 'ec2:CreateFleet'], 1000, 2),
  resource('ec2:StartInstances', ['ec2:StartInstances'], 1000, 2),
  resource('ec2:TerminateInstances', ['ec2:TerminateInstances'], 1000, 20),
  resource('ec2:StopInstances', ['ec2:StopInstances'], 1000, 20),
  { ...request(['autoscaling:*'], 100, 10), name: 'autoscaling', each: false, source: ROOM },
  {
    ...request(['cloudwatch:PutMetricData', 'cloudwatch:GetMetricData'], 500, 500),
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
  },
  {
    ...request(['cloudwatch:*'], 9, 9),
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
  },
];

function request(apis: LimitRow['apis'], capacity: number, refillPerSecond: number): LimitRow {
  return { name: 'request', kind: 'request', apis, each: true, capacity, refillPerSecond, source: THROTTLING };
}

function resource(name: string, apis: LimitRow['apis'], capacity: number, refillPerSecond: number): LimitRow {
  return {
    name: `${name} resources`,
    kind: 'resource',
    apis,
    each: false,
    capacity,
    refillPerSecond,
    source: THROTTLING,
  };
}

/** Most ids or items that one call takes. */
export const BATCH = {
  terminateInstances: 1000,
  attachInstances: 20,
  detachInstances: 20,
  enterStandby: 20,
  exitStandby: 20,
  setInstanceProtection: 50,
  launchInstances: 100,
  describeAutoScalingInstances: 50,
  describeAutoScalingGroups: 100,
  describeScalingActivities: 100,
  describeInstances: 1000,
  putMetricData: 1000,
  getMetricDataQueries: 500,
} as const;
