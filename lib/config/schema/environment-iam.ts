import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { text } from './common.ts';

/** A service, and one of its actions or several by a pattern; never all services. */
const action = z.string().regex(/^[a-z][a-z0-9-]{1,62}:[A-Za-z][A-Za-z0-9]{0,100}\*?$|^[a-z][a-z0-9-]{1,62}:\*$/, {
  error: because('it is not an action of IAM', 'write one like s3:GetObject, or s3:Get*'),
});

/** An ARN, or several by a pattern. */
const resource = z
  .string()
  .regex(/^(?:\*|arn:aws(?:-cn|-us-gov)?:[a-z0-9-]{1,63}:[a-z0-9-]{0,32}:(?:\d{12}|aws)?:[\w+=,.@:/*?-]{1,1000})$/, {
    error: because('it is not an ARN', 'write one like arn:aws:s3:::bucket/prefix/*'),
  });

const statement = z.strictObject({
  effect: z.enum(['allow', 'deny']).default('allow').describe('Whether it allows or denies.'),
  actions: z.array(action).min(1).max(100).describe('Actions, such as `s3:GetObject`.'),
  resources: z.array(resource).min(1).max(100).describe('ARNs of the resources.'),
  conditions: z
    .record(
      z.string().regex(/^(?:ForAnyValue:|ForAllValues:)?[A-Z][A-Za-z]{1,60}$/, {
        error: because('it is not an operator of a condition', 'write one like StringEquals'),
      }),
      z.record(
        z.string().regex(/^[\w.:/-]{1,200}$/, {
          error: because('it is not the key of a condition', 'write one like aws:ResourceTag/team'),
        }),
        z.union([text(500), z.array(text(500)).min(1).max(50)]),
      ),
    )
    .optional()
    .describe('Conditions: operator, key, value, as IAM writes them. Default: none.'),
});

export const iamSchema = z.strictObject({
  statements: z
    .array(statement)
    .max(50)
    .default([])
    .describe('What the jobs of an instance may do besides. Default: nothing.'),
  managedPolicies: z
    .array(
      z.string().regex(/^arn:aws(?:-cn|-us-gov)?:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,512}$/, {
        error: because(
          'it is not the ARN of a managed policy',
          'write one like arn:aws:iam::111122223333:policy/models',
        ),
      }),
    )
    .max(10)
    .default([])
    .describe('ARNs of managed policies that the role of the instances has as well; IAM takes ten. Default: none.'),
});

export type IamExtension = z.output<typeof iamSchema>;
