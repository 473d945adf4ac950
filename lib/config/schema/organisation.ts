import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { autostopSchema } from './autostop.ts';
import {
  ageRecipient,
  awsAccount,
  awsRegion,
  count,
  email,
  name,
  path,
  plainName,
  secretReference,
  text,
  url,
} from './common.ts';
import { policiesSchema } from './policies.ts';
import { reviewSchema } from './review.ts';

const state = z.strictObject({
  backend: z
    .enum(['local', 's3', 'pg'])
    .default('local')
    .describe(
      'Where Terraform state, records, journals and locks are kept. `local`: in `.tandem/`; `s3`: a bucket, with its native lock; `pg`: PostgreSQL.',
    ),
  s3: z
    .strictObject({
      bucket: z
        .string()
        .regex(/^(?=.{3,63}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, {
          error: because(
            'S3 accepts 3 to 63 lowercase letters, digits, dots and hyphens',
            'write one like acme-tandem-state',
          ),
        })
        .describe('Name of the bucket; versioned and encrypted.'),
      region: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
          error: because('a Region has lowercase letters, digits and hyphens', 'write one like eu-west-3'),
        })
        .describe('AWS Region of the bucket, or what an S3-compatible service calls its own.'),
      prefix: z
        .string()
        .regex(/^(?=.{1,256}$)[\w.-]+(?:\/[\w.-]+)*$/, {
          error: because('a prefix has letters, digits, dots, hyphens and underscores', 'write one like teams/tandem'),
        })
        .default('tandem')
        .describe('Prefix of every key.'),
      endpoint: url.optional().describe('URL of an S3-compatible endpoint. Default: AWS.'),
      expectedBucketOwner: awsAccount
        .optional()
        .describe(
          'AWS account that the bucket must belong to: every request of Tandem names it, first when the state is opened, before Terraform is started. Terraform itself has no such condition. Default: whoever owns the name.',
        ),
    })
    .optional()
    .describe('Needed where `backend` is `s3`.'),
  pg: z
    .strictObject({
      connection: secretReference.describe('Reference to the connection string; `tandem secret put` stores it.'),
      schema: name().default('tandem').describe('PostgreSQL schema.'),
    })
    .optional()
    .describe('Needed where `backend` is `pg`.'),
  recipients: z
    .array(ageRecipient)
    .default([])
    .describe(
      'Age public keys of those who deploy. With any, states, records and journals are kept encrypted to all of them, in every back end; the identity comes from where the key of the secret store is. `tandem state rotate` encrypts what is there anew after a change. Default: not encrypted by Tandem.',
    ),
});

const secrets = z.strictObject({
  store: z
    .enum(['file', 'aws-secrets-manager', 'barbican'])
    .default('file')
    .describe(
      'Store that `secret:` references are resolved from. `file`: one file, encrypted with age, in git; `aws-secrets-manager` and `barbican`: a service, each with a section of its own.',
    ),
  path: path.default('secrets.age').describe('Encrypted file of the store `file`, relative to the project.'),
  recipients: z
    .array(ageRecipient)
    .default([])
    .describe(
      'Public keys of those who open the store `file`; `tandem secret key` prints one, `tandem secret rotate` applies the list. Default: the key of who stored the first secret.',
    ),
  aws: z
    .strictObject({
      account: awsAccount.describe('AWS account. Any other is refused.'),
      region: awsRegion.describe('AWS Region.'),
    })
    .optional()
    .describe('Needed where `store` is `aws-secrets-manager`.'),
  barbican: z
    .strictObject({ cloud: plainName().describe('Cloud whose Barbican keeps them, in the project of its endpoint.') })
    .optional()
    .describe('Needed where `store` is `barbican`.'),
});

const terraform = z.strictObject({
  binary: z
    .string()
    .regex(/^\w[\w.+-]{0,63}$/, {
      error: because(
        'it is the name of a program on the path of whoever deploys',
        'write terraform or tofu; a path goes into TANDEM_TERRAFORM in the environment',
      ),
    })
    .default('auto')
    .describe(
      'Program that deploys OpenStack stacks: `auto` (terraform, else tofu), or a name. TANDEM_TERRAFORM in the environment comes first, and may be a path.',
    ),
});

const leasePolicy = z.strictObject({
  defaultDays: count(1, 365).default(7).describe('Default length of a lease in days.'),
  maximumDays: count(1, 365)
    .default(30)
    .describe('Longest lease in days, from its start or its last extension. Protected leases are exempt.'),
  maximumTotalDays: count(1, 3650)
    .default(180)
    .describe('Longest life of a dev environment in days, extensions included.'),
  extensions: z
    .strictObject({
      approvers: z
        .array(email)
        .default([])
        .describe(
          'Who answers extensions beyond `maximumDays` and `maximumTotalDays`, as their commits have them: never the owner, nor whoever asked. Default: nobody, so that they are refused.',
        ),
      maximumDays: count(1, 3650)
        .default(90)
        .describe('Furthest end that may be asked for, in days from the day on which it is asked.'),
    })
    .prefault({})
    .describe('Extensions of leases beyond the limits; within them, they are granted at once.'),
  warnBeforeMinutes: z
    .array(count(1, 20160))
    .default([2880, 120, 30])
    .describe('Minutes before the end at which `env reap` warns.'),
  autostop: autostopSchema
    .optional()
    .describe(
      'When leases are stopped before they end, where they say nothing of their own. Protected ones never are. Default: never.',
    ),
  roomOfStopped: z
    .enum(['free', 'kept'])
    .default('free')
    .describe(
      'Whether others may take the room on hosts that frozen leases need to start again. `free`: they may, and whoever leases or thaws is told; `kept`: a lease that would take it does not fit.',
    ),
  updates: z
    .strictObject({
      approval: z
        .enum(['owner', 'none'])
        .default('none')
        .describe(
          '`owner`: what blueprint and lease say by now reaches a lease only by its owner, or once they approved that very update in their lease, whichever command brings it along; `none`: by whoever may deploy.',
        ),
    })
    .prefault({})
    .describe('Updates of leases to a changed blueprint.'),
});

/** `config/tandem.yaml`: what holds for everything. */
export const organisationSchema = z.strictObject({
  organisation: z
    .strictObject({
      name: plainName(12).describe('Short name; part of every resource name and tag.'),
      contact: email.describe('Contact address; the owner tag of shared resources, and notified by alarms.'),
      description: text().optional().describe('One line.'),
    })
    .describe('The organisation that the project belongs to.'),
  defaultCloud: plainName().describe('Cloud that a lease uses where it names none.'),
  currency: z.enum(['EUR', 'USD', 'GBP', 'CHF']).default('EUR').describe('Currency of costs and budgets.'),
  state: state.prefault({}).describe('State, records, journals and locks.'),
  secrets: secrets.prefault({}).describe('The secret store.'),
  terraform: terraform.prefault({}).describe('Terraform or OpenTofu.'),
  leases: leasePolicy.prefault({}).describe('Policy for leases of dev environments.'),
  policies: policiesSchema.prefault({}).describe('Rules over plans: which deny, which warn, and their limits.'),
  review: reviewSchema.prefault({}).describe('How plans are shown in reviews.'),
});

export type Organisation = z.output<typeof organisationSchema>;
