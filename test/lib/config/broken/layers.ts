import type { BrokenRow } from './edit.ts';

const BASE = 'config/environments/base.yaml';
const PROD = 'config/environments/prod.yaml';
const STAGING = 'config/environments/staging.yaml';

/** Values that do not go together: the problem stands at the line that an override wrote, not at the base that it clashes with. */
export const layers: readonly BrokenRow[] = [
  {
    name: 'a maximum below the minimum of the base',
    edits: [
      {
        file: BASE,
        replace: '  worker:',
        by: '  capacity: { minimum: 20 }\n  worker:',
      },
      { file: STAGING, replace: '    minimum: 0\n', by: '' },
    ],
    problems: [`${STAGING}:11:14 cluster.capacity.maximum: got 4; the minimum is 20; write 20 or more`],
  },
  {
    name: 'an architecture that the types and the image of the base do not have',
    edits: [{ file: STAGING, replace: 'cluster:\n', by: 'cluster:\n  instances: { architecture: x86_64 }\n' }],
    problems: [
      `${STAGING}:7:30 cluster.instances.architecture: got "x86_64"; c7g.xlarge, m7g.xlarge and /images/al2023-arm64 are arm64; write arm64, or types and an image of x86_64`,
    ],
  },
  {
    name: 'types of another architecture than that of the base',
    edits: [{ file: STAGING, replace: 'cluster:\n', by: 'cluster:\n  instances: { types: [c7i.large] }\n' }],
    problems: [
      `${STAGING}:7:24 cluster.instances.types[0]: got "c7i.large", which is x86_64; the cluster's image is arm64; write a type of arm64, such as c7g.xlarge`,
    ],
  },
  {
    name: 'requirements beside the types of the base',
    edits: [
      {
        file: STAGING,
        replace: 'cluster:\n',
        by: 'cluster:\n  instances: { requirements: { minimumVcpus: 2, maximumVcpus: 8, minimumMemoryGiB: 4 } }\n',
      },
    ],
    problems: [
      `${STAGING}:7:30 cluster.instances.requirements: got a map; instances are chosen either by types or by requirements; write types: [] beside it, or remove it`,
    ],
  },
  {
    name: 'no egress with the endpoints of a base that had it',
    edits: [
      { file: BASE, replace: '  worker:', by: '  network: { egress: nat, endpoints: [s3] }\n  worker:' },
      {
        file: STAGING,
        replace: '    endpoints: [s3, dynamodb, sqs, ssm, ssmmessages, logs, autoscaling, monitoring]',
        by: '    egress: none',
      },
    ],
    problems: [
      `${STAGING}:9:13 cluster.network.egress: got "none"; without egress, a worker reaches only endpoints, and it needs these: dynamodb, sqs, ssm, ssmmessages, logs, autoscaling, monitoring; write nat, or endpoints that have them`,
    ],
  },
  {
    name: 'a fleet that the subnets of the base do not hold',
    edits: [
      { file: BASE, replace: '  worker:', by: '  network: { subnetPrefixLength: 26 }\n  worker:' },
      { file: STAGING, replace: 'maximum: 4', by: 'maximum: 400' },
    ],
    problems: [
      `${STAGING}:12:14 cluster.capacity.maximum: got 400; subnets of /26 in 3 zones hold 118 addresses after losing one, and replacing all at once takes 800; write 59 or less, or cluster.network.subnetPrefixLength: 23`,
    ],
  },
  {
    name: 'one zone for a fleet that needs more',
    edits: [
      {
        file: BASE,
        replace: '  worker:',
        by: '  capacity: { minimum: 0, maximum: 300 }\n  network: { subnetPrefixLength: 23 }\n  worker:',
      },
      { file: STAGING, replace: '    minimum: 0\n    maximum: 4', by: '    onDemandBase: 0' },
      { file: STAGING, replace: 'account: "222233334444"', by: 'account: "222233334444"\n  zones: [a]' },
    ],
    problems: [
      `${STAGING}:5:10 aws.zones: got 1 zone; subnets of /23 hold 507 addresses in it, and replacing 300 instances at once takes 600; write more zones, or cluster.network.subnetPrefixLength: 22`,
    ],
  },
  {
    name: 'a job of twelve hours',
    edits: [{ file: PROD, replace: 'cluster:\n', by: 'cluster:\n  worker: { timeoutSeconds: 43200 }\n' }],
    problems: [
      `${PROD}:6:1 cluster.alarms.oldestJobMinutes warning: got 90; a job may run for 43200 s, so that the alarm would ring for a job that is in order; write 720 or more`,
      `${PROD}:7:29 cluster.worker.timeoutSeconds: got 43200; with health.drainHeartbeatSeconds of 300, EC2 Auto Scaling ends a draining instance after 100 heartbeats, 30000 s, and its job with it; write 30000 or less, or raise cluster.health.drainHeartbeatSeconds to 432`,
      `${PROD}:7:29 cluster.worker.timeoutSeconds: got 43200; SQS gives a job out again 43200 s after it was received, so that a job of 43200 s cannot extend its visibility by 300 s until its end; write 30000 or less`,
    ],
  },
  {
    name: 'heartbeats that end before the job of the base',
    edits: [
      {
        file: PROD,
        replace: 'cluster:\n',
        by: 'cluster:\n  health: { drainHeartbeatSeconds: 30 }\n  worker: { timeoutSeconds: 3600 }\n',
      },
    ],
    problems: [
      `${PROD}:7:36 cluster.health.drainHeartbeatSeconds: got 30; EC2 Auto Scaling ends an instance after 100 heartbeats, 3000 s, whatever it does; a job may take 3600 s; write 36 or more`,
    ],
  },
  {
    name: 'a visibility time-out as long as SQS keeps a receipt',
    edits: [
      {
        file: PROD,
        replace: 'cluster:\n',
        by: 'cluster:\n  health: { drainHeartbeatSeconds: 600 }\n  queues: { jobs: { visibilityTimeoutSeconds: 43200 } }\n  worker: { timeoutSeconds: 43200 }\n',
      },
    ],
    problems: [
      `${PROD}:6:1 cluster.alarms.oldestJobMinutes warning: got 90; a job may run for 43200 s, so that the alarm would ring for a job that is in order; write 720 or more`,
      `${PROD}:8:47 cluster.queues.jobs.visibilityTimeoutSeconds: got 43200; SQS gives a job out again 43200 s after it was received, so that a job of 43200 s cannot extend its visibility by 43200 s until its end; write 300 and lower cluster.worker.timeoutSeconds to 42900, or split the job`,
    ],
  },
  {
    name: 'a warm pool that takes all that do not run',
    edits: [{ file: PROD, replace: 'maximum: 500', by: 'maximum: 500\n    warmPool: { minimum: 20 }' }],
    problems: [
      `${PROD}:14:5 cluster.capacity.warmPool: got a pool of 20 or more; without preparedCapacity, EC2 Auto Scaling prepares up to the maximum of the fleet, 490 instances beside the 10 of its minimum; write preparedCapacity: 30, or 500 to keep as many`,
    ],
  },
  {
    name: 'a warm pool above its own limit',
    edits: [
      { file: PROD, replace: 'maximum: 500', by: 'maximum: 500\n    warmPool: { minimum: 20, preparedCapacity: 10 }' },
    ],
    problems: [
      `${PROD}:14:15 cluster.capacity.warmPool warning: got a warm pool; 70 % of the instances are Spot, and AWS documents no warm pool that holds Spot instances, and may refuse it; remove it, or write spotSharePercent: 0`,
      `${PROD}:14:26 cluster.capacity.warmPool.minimum: got 20; preparedCapacity is 10; write 10 or less`,
    ],
  },
  {
    name: 'schedules outside the capacity',
    edits: [
      {
        file: STAGING,
        replace: 'cluster:\n',
        by: `cluster:
  scaling:
    schedules:
      day: { recurrence: "0 6 * * *", minimum: 10 }
      evening: { recurrence: "0 18 * * *", minimum: 3, maximum: 2 }
      night: { recurrence: "0 22 * * *", maximum: 9 }
`,
      },
    ],
    problems: [
      `${STAGING}:9:48 cluster.scaling.schedules.day.minimum: got 10; the maximum of the fleet is 4; write 4 or less`,
      `${STAGING}:10:53 cluster.scaling.schedules.evening.minimum: got 3; the maximum of the schedule is 2; write 2 or less`,
      `${STAGING}:11:51 cluster.scaling.schedules.night.maximum: got 9; the maximum of the fleet, which its network is made for, is 4; write 4 or less`,
    ],
  },
  {
    name: 'a replacement that may be anything',
    edits: [
      {
        file: STAGING,
        replace: 'cluster:\n',
        by: 'cluster:\n  health: { minimumHealthyPercent: 0, maximumHealthyPercent: 200 }\n',
      },
    ],
    problems: [
      `${STAGING}:7:62 cluster.health.maximumHealthyPercent: got 200; the minimum is 0, and EC2 Auto Scaling takes at most 100 between the two; write 100 or less`,
    ],
  },
  {
    name: 'an environment after one that does not exist',
    edits: [{ file: PROD, replace: 'extends: base\n', by: 'extends: base\nafter: { environment: stagin }\n' }],
    problems: [`${PROD}:2:23 after.environment: got "stagin"; there is no such environment; write staging`],
  },
  {
    name: 'an environment after what it only extends',
    edits: [{ file: PROD, replace: 'extends: base\n', by: 'extends: base\nafter: { environment: base }\n' }],
    problems: [`${PROD}:2:23 after.environment: got "base"; there is no such environment; write staging`],
  },
  {
    name: 'two environments, each after the other',
    edits: [
      { file: PROD, replace: 'extends: base\n', by: 'extends: base\nafter: { environment: staging }\n' },
      { file: STAGING, replace: 'extends: base\n', by: 'extends: base\nafter: { environment: prod }\n' },
    ],
    problems: [
      `${PROD}:2:23 after.environment: got "staging", which comes after prod itself; neither could ever be deployed; remove \`after\` from one of them`,
      `${STAGING}:2:23 after.environment: got "prod", which comes after staging itself; neither could ever be deployed; remove \`after\` from one of them`,
    ],
  },
  {
    name: 'an environment after itself',
    edits: [{ file: PROD, replace: 'extends: base\n', by: 'extends: base\nafter: { environment: prod }\n' }],
    problems: [
      `${PROD}:2:23 after.environment: got "prod", which comes after prod itself; neither could ever be deployed; remove \`after\` from one of them`,
    ],
  },
];
