import { z } from 'zod';
import { because, between } from '../diagnostic.ts';
import { count, instanceType } from './common.ts';

const requirements = z.strictObject({
  minimumVcpus: count(1, 448).describe('Fewest vCPUs of an instance.'),
  maximumVcpus: count(1, 448).describe('Most vCPUs of an instance.'),
  minimumMemoryGiB: count(1, 24_576).describe('Least memory of an instance in GiB.'),
});

export const instancesSchema = z
  .strictObject({
    types: z
      .array(instanceType)
      .max(40)
      .default([])
      .describe('Instance types, all of one architecture, preferred ones first. Either these or `requirements`.'),
    requirements: requirements
      .optional()
      .describe(
        'Any current type with these attributes, instead of a list of types. Default: none. CAUTION: several instance sizes share one backlog per instance.',
      ),
    architecture: z.enum(['arm64', 'x86_64']).describe('Architecture of the types and the image.'),
    imageParameter: z
      .string()
      .regex(/^\/[\w./-]{1,1010}(?::\d{1,10})?$/, {
        error: because(
          'it is not the name of an SSM parameter',
          'write one like /acme/images/worker or /acme/images/worker:3',
        ),
      })
      .describe(
        'Public or own SSM parameter that holds the id of the machine image, read when a deployment is planned: the live plan shows another image. `:version` pins it.',
      ),
    image: z
      .string()
      .regex(/^ami-[0-9a-f]{8,17}$/, {
        error: because('it is not the id of a machine image', 'write one like ami-0123456789abcdef0'),
      })
      .optional()
      .describe(
        'Id of the machine image, instead of what `imageParameter` holds: an older one, or the one that was tried elsewhere. Default: none.',
      ),
    rootVolumeGiB: count(8, 16_384).default(30).describe('Encrypted gp3 root volume in GiB.'),
    metadataHopLimit: count(1, 2)
      .default(1)
      .describe(
        'Network hops that an answer of the metadata service may take: 1 keeps it from containers. CAUTION: with 2, every container has the credentials of the instance.',
      ),
    maximumLifetimeDays: count(1, 365)
      .optional()
      .describe('Days after which an instance is replaced, drained first. Default: never for its age.'),
  })
  .superRefine(({ types, requirements: wanted }, context) => {
    const why = 'instances are chosen either by types or by requirements';
    if (wanted === undefined && types.length === 0)
      context.addIssue(between([['types'], because(why, 'write types or requirements')]));
    if (wanted !== undefined && types.length > 0)
      context.addIssue(
        between(
          [['types'], because(why, 'remove it, or remove requirements')],
          [['requirements'], because(why, 'write types: [] beside it, or remove it')],
        ),
      );
    if (wanted !== undefined && wanted.minimumVcpus > wanted.maximumVcpus) {
      const { minimumVcpus: least, maximumVcpus: most } = wanted;
      context.addIssue(
        between(
          [['requirements', 'minimumVcpus'], because(`the maximum is ${most}`, `write ${most} or less`)],
          [['requirements', 'maximumVcpus'], because(`the minimum is ${least}`, `write ${least} or more`)],
        ),
      );
    }
  });

const warmPool = z.strictObject({
  minimum: count(0, 5000).describe('Fewest instances kept ready beside the fleet.'),
  preparedCapacity: count(0, 5000)
    .optional()
    .describe(
      'Most instances of fleet and pool together; the pool has what the fleet leaves of them, or its minimum. Default: the maximum of the fleet, so that the pool has all that do not run.',
    ),
  state: z
    .enum(['stopped', 'running'])
    .default('stopped')
    .describe('Whether they are stopped, and cost only their volumes, or are running.'),
});

export const capacitySchema = z.strictObject({
  minimum: count(0, 5000).describe(
    'Minimum size of the fleet. CAUTION: raising it above the running number launches instances at once.',
  ),
  maximum: count(1, 5000).describe(
    'Maximum size of the fleet. CAUTION: lowering it below the running number terminates instances at once.',
  ),
  spotSharePercent: count(0, 100).default(0).describe('Share of Spot instances above the on-demand base, in percent.'),
  onDemandBase: count(0, 5000).default(0).describe('Instances that are always on demand.'),
  warmPool: warmPool.optional().describe('Warm pool; an instance starts from it in about 30 s. Default: none.'),
});
