import type { BrokenRow } from './edit.ts';

const BASE = 'config/environments/base.yaml';
const PROD = 'config/environments/prod.yaml';
const STAGING = 'config/environments/staging.yaml';

/** One line of a cluster in prod, at line 7. */
const inProd = (line: string) => [{ file: PROD, replace: 'cluster:\n', by: `cluster:\n  ${line}\n` }];

/** Settings of a cluster that contradict each other, and rights and endpoints that nobody should have. */
export const clusters: readonly BrokenRow[] = [
  {
    name: 'more received jobs than SQS gives out',
    edits: inProd('worker: { jobsPerInstance: 64 }').concat([
      { file: PROD, replace: 'maximum: 500', by: 'maximum: 4000' },
      { file: PROD, replace: '10.3.0.0/21', by: '10.5.0.0/16' },
      { file: PROD, replace: 'subnetPrefixLength: 23', by: 'subnetPrefixLength: 20' },
    ]),
    problems: [
      `${PROD}:7:30 cluster.worker.jobsPerInstance: got 64; 4000 instances with 64 jobs each, and the next one of each received, hold 512000 messages; SQS gives out 120000 of a queue at once; write 15 or less`,
    ],
  },
  {
    name: 'jobs that together take more memory than the smallest instance has',
    edits: inProd('worker: { jobsPerInstance: 4, memoryMiBPerJob: 4096 }'),
    problems: [
      `${PROD}:7:50 cluster.worker.memoryMiBPerJob: got 4096; 4 of 4096 MiB take 16384 MiB, and c7g.xlarge has 8192; write 2048 or less`,
    ],
  },
  {
    name: 'instances by requirements that are too small for their jobs',
    edits: inProd('worker: { memoryMiBPerJob: 9000 }').concat([
      {
        file: BASE,
        replace: 'types: [c7g.xlarge, m7g.xlarge]',
        by: 'requirements: { minimumVcpus: 2, maximumVcpus: 8, minimumMemoryGiB: 8 }',
      },
    ]),
    problems: [
      `${PROD}:7:30 cluster.worker.memoryMiBPerJob: got 9000; 1 of 9000 MiB take 9000 MiB, and an instance by its requirements has 8192; write 8192 or less`,
    ],
  },
  {
    name: 'an instance that one failed job stops',
    edits: inProd('worker: { breaker: { window: 10, failureShare: 0.1 } }'),
    problems: [
      `${PROD}:7:50 cluster.worker.breaker.failureShare: got 0.1; 0.1 of 10 jobs is not more than one, so that an instance would be replaced for one failed job; write 0.2 or more`,
    ],
  },
  {
    name: 'a queue without a second delivery',
    edits: inProd('queues: { jobs: { maximumReceives: 1 } }'),
    problems: [
      `${PROD}:7:38 cluster.queues.jobs.maximumReceives warning: got 1; a faulty instance fails 5 jobs before it stops (worker.breaker.consecutiveFailures), and each of them would be a dead letter at once; write 2 or more`,
    ],
  },
  {
    name: 'results that expire before their jobs',
    edits: inProd('results: { expireDays: 3 }'),
    problems: [
      `${PROD}:7:26 cluster.results.expireDays warning: got 3; queue jobs keeps jobs for 14 days, and a job that is delivered again after 3 days finds no result, and runs a second time; write 14 or more`,
    ],
  },
  {
    name: 'an alarm before a job has had its time',
    edits: inProd('alarms: { oldestJobMinutes: 20 }'),
    problems: [
      `${PROD}:7:31 cluster.alarms.oldestJobMinutes warning: got 20; a job may run for 1800 s, so that the alarm would ring for a job that is in order; write 30 or more`,
    ],
  },
  {
    name: 'an alarm before the first instance is there',
    edits: [{ file: STAGING, replace: 'cluster:\n', by: 'cluster:\n  alarms: { oldestJobMinutes: 40 }\n' }],
    problems: [
      `${STAGING}:7:31 cluster.alarms.oldestJobMinutes warning: got 40; a job may run for 1800 s and waits for up to 780 s until the first instance of an empty fleet is there (health.startupSeconds), so that the alarm would ring for a job that is in order; write 43 or more`,
    ],
  },
  {
    name: 'an alarm before the backlog that scaling aims at is done',
    edits: inProd('scaling: { jobSeconds: 600 }'),
    problems: [
      `${PROD}:6:1 cluster.alarms.oldestJobMinutes warning: got 90; a job may run for 1800 s and waits for 6000 s behind a backlog of 10 (scaling.backlogPerInstance) of 600 s each, so that the alarm would ring for a job that is in order; write 130 or more`,
    ],
  },
  {
    name: 'an alarm after the job is gone',
    edits: inProd('queues: { jobs: { retentionDays: 7 } }').concat(inProd('alarms: { oldestJobMinutes: 20000 }')),
    problems: [
      `${PROD}:7:31 cluster.alarms.oldestJobMinutes: got 20000; SQS deletes a job of queue jobs after 7 days, before the alarm on the oldest job rings; write 10080 or less`,
    ],
  },
  {
    name: 'a start that takes longer than its alarm',
    edits: inProd('health: { startupSeconds: 1800 }'),
    problems: [
      `${PROD}:7:29 cluster.health.startupSeconds warning: got 1800; the alarm on missing instances rings after 900 s, while instances may still start in time; write 900 or less`,
    ],
  },
  {
    name: 'a time without jobs that is no number of minutes',
    edits: inProd('scaling: { idleSeconds: 90 }'),
    problems: [
      `${PROD}:7:27 cluster.scaling.idleSeconds: got 90; CloudWatch looks once a minute, so that it is a number of whole minutes; write 120`,
    ],
  },
  {
    name: 'a budget that the smallest fleet exceeds',
    edits: [
      {
        file: 'config/prices/aws.yaml',
        content:
          'asOf: 2026-11-01\nregions:\n  eu-west-3: { instanceHour: { c7g.xlarge: 0.16 }, volumeGiB: 0.09, endpointHour: 0.011 }\n',
      },
      { file: PROD, replace: 'monthlyUsd: 1000', by: 'monthlyUsd: 500' },
    ],
    problems: [
      `${PROD}:17:17 cluster.budget.monthlyUsd warning: got 500; endpoints, gateways and the 10 instances of the minimum alone cost 1340 USD or more a month; write 1340 or more`,
      `${STAGING}:14:17 cluster.budget.monthlyUsd warning: got 100; endpoints, gateways and the 0 instances of the minimum alone cost 145 USD or more a month; write 145 or more`,
    ],
  },
  {
    name: 'a queue of its own time-out that outlives a draining instance',
    edits: inProd('queues: { long: { timeoutSeconds: 36000 } }'),
    problems: [
      `${PROD}:6:1 cluster.alarms.oldestJobMinutes warning: got 90; a job may run for 36000 s, so that the alarm would ring for a job that is in order; write 600 or more`,
      `${PROD}:7:37 cluster.queues.long.timeoutSeconds: got 36000; with health.drainHeartbeatSeconds of 300, EC2 Auto Scaling ends a draining instance after 100 heartbeats, 30000 s, and its job with it; write 30000 or less, or raise cluster.health.drainHeartbeatSeconds to 360`,
    ],
  },
  {
    name: 'five queues',
    edits: inProd('queues: { jobs: {}, a: {}, b: {}, c: {}, d: {} }'),
    problems: [
      `${PROD}:7:11 cluster.queues: got a map; the alarm that empties an idle fleet watches two series a queue and one of the fleet, and CloudWatch takes ten; write 4 queues or fewer`,
    ],
  },
  {
    name: 'no queue',
    edits: [{ file: BASE, replace: '  worker:', by: '  queues: {}\n  worker:' }],
    problems: [
      `${BASE}:11:11 cluster.queues: got a map; a cluster without a queue has no work; write one queue, like jobs: {}`,
    ],
  },
  {
    name: 'the queue of an earlier version',
    edits: inProd('queue: { visibilityTimeoutSeconds: 300 }'),
    problems: [`${PROD}:7:3 cluster.queue: got "queue"; there is no such key here; write queues`],
  },
  {
    name: 'a program beside the command of the base',
    edits: inProd(
      `worker: { program: { archive: { path: programs/words, version: "1", sha256: "${'0'.repeat(64)}" }, command: [bin/words] } }`,
    ),
    problems: [
      `${PROD}:7:22 cluster.worker.program: got a map; a job is done either by a command or by a program; write command: [] beside it, or remove it`,
    ],
  },
  {
    name: 'a program of no kind',
    edits: inProd('worker: { command: [], program: { command: [bin/words] } }'),
    problems: [
      `${PROD}:7:35 cluster.worker.program: got a map; a program is either an archive or a container; write archive: { path, version }, or container: { image }`,
    ],
  },
  {
    name: 'a container by a tag',
    edits: inProd(
      'worker: { command: [], program: { container: { image: 111122223333.dkr.ecr.eu-west-3.amazonaws.com/words:latest }, command: [words] } }',
    ),
    problems: [
      `${PROD}:7:57 cluster.worker.program.container.image: got "111122223333.dkr.ecr.eu-west-3.amazonaws.com/words:latest"; it is not an image of Amazon ECR by its digest, which alone never changes, and which \`aws ecr describe-images\` tells; write one like 111122223333.dkr.ecr.eu-west-3.amazonaws.com/analysis@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
    ],
  },
  {
    name: 'a container of another Region, and no endpoints for it',
    edits: inProd(
      `worker: { command: [], program: { container: { image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/words@sha256:${'0'.repeat(64)}" }, command: [words] } }`,
    ),
    problems: [
      `${PROD}:7:57 cluster.worker.program.container.image: got an image in eu-west-1; without egress, an instance in eu-west-3 reaches the registry of its own Region alone; replicate it to eu-west-3, and write the image there`,
      `${PROD}:11:16 cluster.network.endpoints: got 8 endpoints; without egress, a worker reaches only endpoints, and it needs these: ecr.api, ecr.dkr; add ecr.api, ecr.dkr`,
    ],
  },
  {
    name: 'a program outside the project',
    edits: inProd(
      `worker: { command: [], program: { archive: { path: ../words, version: "1", sha256: "${'0'.repeat(64)}" }, command: [words] } }`,
    ),
    problems: [
      `${PROD}:7:54 cluster.worker.program.archive.path: got "../words"; it is outside the project, and not where such files may be; put it into the project, or have the deployer name its folder in TANDEM_ALLOWED_PATHS`,
    ],
  },
  {
    name: 'a program that is the whole project',
    edits: inProd(
      `worker: { command: [], program: { archive: { path: ., version: "1", sha256: "${'0'.repeat(64)}" }, command: [words] } }`,
    ),
    problems: [
      `${PROD}:7:54 cluster.worker.program.archive.path: got "."; it is the project itself or a hidden folder, and all that is in it, state and secrets, would be published to the instances; a program has a folder of its own; write one like programs/words`,
    ],
  },
  {
    name: 'a program that is the state',
    edits: inProd(
      `worker: { command: [], program: { archive: { path: .tandem/state, version: "1", sha256: "${'0'.repeat(64)}" }, command: [words] } }`,
    ),
    problems: [
      `${PROD}:7:54 cluster.worker.program.archive.path: got ".tandem/state"; it is the project itself or a hidden folder, and all that is in it, state and secrets, would be published to the instances; a program has a folder of its own; write one like programs/words`,
    ],
  },
  {
    name: 'a program of no name',
    edits: inProd(
      `worker: { command: [], program: { archive: { path: programs/words, version: "1", sha256: "${'0'.repeat(64)}" }, command: [""] } }`,
    ),
    problems: [
      `${PROD}:7:172 cluster.worker.program.command[0]: got ""; it is the program, and empty; write one like bin/words`,
    ],
  },
  {
    name: 'a program that leaves its archive',
    edits: inProd(
      `worker: { command: [], program: { archive: { path: programs/words, version: "1", sha256: "${'0'.repeat(64)}" }, command: [../../bin/sh] } }`,
    ),
    problems: [
      `${PROD}:7:172 cluster.worker.program.command[0]: got "../../bin/sh"; it leaves the archive; what the machine image has is named by its absolute path; write one like bin/words`,
    ],
  },
  {
    name: 'a warm pool larger than its fleet',
    edits: [
      { file: PROD, replace: 'maximum: 500', by: 'maximum: 500\n    warmPool: { minimum: 20, preparedCapacity: 600 }' },
      { file: PROD, replace: 'spotSharePercent: 70', by: 'spotSharePercent: 0' },
    ],
    problems: [
      `${PROD}:14:48 cluster.capacity.warmPool.preparedCapacity: got 600; the maximum of the fleet is 500, and what is prepared beyond it is paid for and never in service; write 500 or less`,
    ],
  },
  {
    name: 'an endpoint that nothing calls',
    edits: [{ file: PROD, replace: 'monitoring]', by: 'monitoring, ec2messages]' }],
    problems: [
      `${PROD}:10:85 cluster.network.endpoints[8] warning: got "ec2messages", which no instance of the cluster calls; in 3 zones it is paid by the hour; remove it, or allow what calls it in cluster.iam`,
    ],
  },
  {
    name: 'rights over identities by wildcards',
    edits: inProd(
      'iam: { statements: [{ actions: [iam:*, "sts:Assume*"], resources: ["*"] }, { actions: ["organizations:Describe*"], resources: ["arn:aws:organizations::111122223333:account/*"] }] }',
    ),
    problems: [
      `${PROD}:7:22 cluster.iam.statements warning: got actions of iam, organizations; without egress, an instance reaches only endpoints, and there is none for iam, organizations; remove them, or write cluster.network.egress: nat`,
      `${PROD}:7:35 cluster.iam.statements[0].actions[0]: got "iam:*"; by a wildcard of iam, a job could give itself any right; write each action that the jobs call`,
      `${PROD}:7:42 cluster.iam.statements[0].actions[1]: got "sts:Assume*"; by a wildcard of sts, a job could give itself any right; write each action that the jobs call`,
      `${PROD}:7:70 cluster.iam.statements[0].resources[0]: got "*" for iam:*; by a wildcard, a job could become anybody; write the ARN of each role`,
      `${PROD}:7:90 cluster.iam.statements[1].actions[0]: got "organizations:Describe*"; by a wildcard of organizations, a job could give itself any right; write each action that the jobs call`,
      `${PROD}:7:130 cluster.iam.statements[1].resources[0]: got "arn:aws:organizations::111122223333:account/*" for organizations:Describe*; by a wildcard, a job could become anybody; write the ARN of each role`,
      `${PROD}:11:16 cluster.network.endpoints: got 8 endpoints; without egress, a worker reaches only endpoints, and it needs these: sts; add sts`,
    ],
  },
  {
    name: 'every role, by its action',
    edits: inProd(
      'iam: { statements: [{ actions: [iam:PassRole], resources: ["arn:aws:iam::111122223333:role/*"] }] }',
    ),
    problems: [
      `${PROD}:7:22 cluster.iam.statements warning: got actions of iam; without egress, an instance reaches only endpoints, and there is none for iam; remove them, or write cluster.network.egress: nat`,
      `${PROD}:7:62 cluster.iam.statements[0].resources[0]: got "arn:aws:iam::111122223333:role/*" for iam:PassRole; by a wildcard, a job could become anybody; write the ARN of each role`,
    ],
  },
  {
    name: 'everything of a service',
    edits: inProd('iam: { statements: [{ actions: ["s3:*"], resources: ["*"] }] }'),
    problems: [
      `${PROD}:7:35 cluster.iam.statements[0].actions[0]: got "s3:*" on resources that end all in "*": every action on everything of s3; write each action that the jobs call`,
    ],
  },
  {
    name: 'all services',
    edits: inProd('iam: { statements: [{ actions: ["*"], resources: ["*"] }] }'),
    problems: [
      `${PROD}:7:35 cluster.iam.statements[0].actions[0]: got "*"; it is not an action of IAM; write one like s3:GetObject, or s3:Get*`,
    ],
  },
  {
    name: 'a policy of administrators',
    edits: inProd('iam: { managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] }'),
    problems: [
      `${PROD}:7:28 cluster.iam.managedPolicies[0]: got "arn:aws:iam::aws:policy/AdministratorAccess", with which a job could do nearly everything in the account; write statements with what the jobs call`,
    ],
  },
  {
    name: 'a policy of another account',
    edits: inProd('iam: { managedPolicies: ["arn:aws:iam::222233334444:policy/models"] }'),
    problems: [
      `${PROD}:7:28 cluster.iam.managedPolicies[0]: got a policy of account 222233334444; a role takes those of its own account, 111122223333, and of AWS; write arn:aws:iam::111122223333:policy/models, and create it there`,
    ],
  },
  {
    name: 'a policy twice',
    edits: inProd(
      'iam: { managedPolicies: ["arn:aws:iam::111122223333:policy/models", "arn:aws:iam::111122223333:policy/models"] }',
    ),
    problems: [
      `${PROD}:7:71 cluster.iam.managedPolicies[1]: got "arn:aws:iam::111122223333:policy/models" a second time; a role has a policy once; remove it`,
    ],
  },
  {
    name: 'a service that has no endpoint',
    edits: inProd(
      'iam: { statements: [{ actions: [bedrock:InvokeModel], resources: ["arn:aws:bedrock:eu-west-3::foundation-model/x"] }] }',
    ),
    problems: [
      `${PROD}:7:22 cluster.iam.statements warning: got actions of bedrock; without egress, an instance reaches only endpoints, and there is none for bedrock; remove them, or write cluster.network.egress: nat`,
    ],
  },
  {
    name: 'a warm pool of Spot instances',
    edits: [
      { file: PROD, replace: 'maximum: 500', by: 'maximum: 500\n    warmPool: { minimum: 20, preparedCapacity: 30 }' },
    ],
    problems: [
      `${PROD}:14:15 cluster.capacity.warmPool warning: got a warm pool; 70 % of the instances are Spot, and AWS documents no warm pool that holds Spot instances, and may refuse it; remove it, or write spotSharePercent: 0`,
    ],
  },
  {
    name: 'an image that is none',
    edits: inProd('instances: { image: debian-12 }'),
    problems: [
      `${PROD}:7:23 cluster.instances.image: got "debian-12"; it is not the id of a machine image; write one like ami-0123456789abcdef0`,
    ],
  },
];
