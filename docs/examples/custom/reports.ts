/**
 * A stack of your own with aws-cdk-lib: a bucket for reports beside each environment's cluster would be one of these. Copy this file
 * to stacks/custom/, and `tandem plan`, `tandem synth` and `cdk synth` have `custom/reports`.
 */
import { Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { cite, defineStack, ref } from 'tandem';

export const stack = defineStack({
  name: 'reports',
  engine: 'cdk',
  // All that the stack depends on: it is made again when one of these changes, and only then.
  inputs: (project) => {
    const { account, region } = project.environments.get('staging')?.value.aws ?? {};
    return { account, region, organisation: project.organisation.value.organisation.name };
  },
  build: (app, id, { account, region, organisation }) => {
    const made = new Stack(app, id, {
      env: { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) },
      tags: { organisation, stack: 'custom/reports' },
    });
    const bucket = new Bucket(made, 'Reports', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
    });
    // `why` and the plan lead from the bucket to this line of the configuration.
    cite(bucket, ref('environment', 'staging').at('aws'));
    return made;
  },
});
