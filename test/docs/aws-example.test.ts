import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { AnalysisStack } from '../../docs/examples/aws/analysis-stack.ts';
import { outputFolder } from '../stacks/folders.ts';

describe('the example of the AWS constructs', () => {
  let template: Template;
  beforeAll(() => {
    const app = new App({ outdir: outputFolder(), builtinCloudFormationValidation: false, analyticsReporting: false });
    const env = { account: '111122223333', region: 'eu-west-3' };
    template = Template.fromStack(new AnalysisStack(app, 'Analysis', { env }));
  });

  test('is one stack with a network and a fleet inside it', () => {
    const [vpc] = Object.keys(template.findResources('AWS::EC2::VPC'));
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Instances of tiles-workers: nothing in, HTTPS out',
      VpcId: { Ref: vpc },
    });
  });

  test('needs nothing looked up and nothing handed in but what the CDK itself asks for', () => {
    expect(Object.keys(template.toJSON()['Parameters'] as object)).toEqual(['BootstrapVersion']);
  });
});
