import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { awsAccount, awsRegion, count, name, named, plainName, text } from './common.ts';
import { iamSchema } from './environment-iam.ts';
import { capacitySchema, instancesSchema } from './environment-instances.ts';
import { networkSchema } from './environment-network.ts';
import { queuesSchema } from './environment-queues.ts';
import { alarmsSchema, healthSchema, scalingSchema } from './environment-scaling.ts';
import { workerSchema } from './environment-worker.ts';

const aws = z.strictObject({
  account: awsAccount.describe('AWS account. Any other is refused.'),
  region: awsRegion.describe('AWS Region.'),
  role: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, {
      error: because('it is not the name of an IAM role', 'write one like tandem-deploy, without its ARN'),
    })
    .describe('IAM role that deploys.'),
  zones: z
    .array(z.string().regex(/^[a-f]$/, { error: because('a zone is given by its letter', 'write one like a') }))
    .min(1)
    .max(6)
    .describe('Letters of the availability zones in use, in any order. Each letter has a range of the VPC of its own.'),
  terminationProtection: z.boolean().default(true).describe('Whether CloudFormation refuses to delete the stacks.'),
});

/** Characters that every service of AWS takes in a tag. */
const tagValue = text(100).regex(/^[\p{L}\p{N}\p{Zs}_.:/=+@-]*$/u, {
  error: because('AWS takes letters, digits, spaces and _ . : / = + - @ in a tag', 'write it without other characters'),
});

const cluster = z.strictObject({
  network: networkSchema.describe('VPC of the cluster.'),
  instances: instancesSchema.describe('Instance types, image and volumes.'),
  capacity: capacitySchema.describe('Number of instances, and purchase options.'),
  queues: queuesSchema
    .prefault({ jobs: {} })
    .describe('Job queues by name, each with a dead-letter queue of its own. Default: one queue, `jobs`.'),
  results: z
    .strictObject({
      expireDays: count(1, 3650)
        .default(90)
        .describe('Days after which results are deleted. CAUTION: lowering it deletes results within a day.'),
      undoDays: count(1, 365).default(7).describe('Days that a deleted result or document can still be restored.'),
    })
    .prefault({})
    .describe('Bucket of documents and results.'),
  worker: workerSchema.describe('What each instance does.'),
  iam: iamSchema.prefault({}).describe('What the role of the instances may do besides what a worker needs.'),
  scaling: scalingSchema.describe('Scaling by backlog per instance.'),
  health: healthSchema.prefault({}).describe('Health checks, draining, and how many instances are replaced at once.'),
  alarms: alarmsSchema.prefault({}).describe('Thresholds of alarms, and whom they notify.'),
  retainData: z
    .boolean()
    .default(true)
    .describe(
      'Whether documents, results, jobs and their KMS key are retained when the stack is deleted. CAUTION: false deletes the queues and all jobs with it.',
    ),
  budget: z
    .strictObject({
      monthlyUsd: count(1, 100_000_000).describe(
        'Monthly budget in US dollars, the currency that AWS bills in; exceeding it raises an alarm and stops nothing.',
      ),
    })
    .describe('Budget.'),
});

const after = z.strictObject({
  environment: name().describe('The environment that must have it before.'),
  pauseMinutes: count(0, 10_080)
    .default(0)
    .describe('Least time between the last change there and the first one here, in minutes.'),
  check: z
    .array(text(500))
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Command that has to end with exit code 0 before the first change here: a program and its arguments, run in the folder of the project for at most half an hour, without credentials. Default: none.',
    ),
});

/** `config/environments/<name>.yaml`, its `extends` already merged. */
export const environmentSchema = z.strictObject({
  description: text().optional().describe('One line.'),
  aws: aws.describe('Where it is deployed.'),
  cluster: cluster.describe('Analysis cluster.'),
  after: after
    .optional()
    .describe(
      'Which environment must have a commit before this one gets it. What is deployed already may be repaired. Default: none.',
    ),
  tags: named(tagValue, plainName(32)).default({}).describe('Additional tags of every resource.'),
});

export type Environment = z.output<typeof environmentSchema>;
