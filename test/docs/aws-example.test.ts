import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { AnalysisStack } from '../../docs/examples/aws/analysis-stack.ts';
import { outputFolder } from '../stacks/folders.ts';

const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

describe('the example of the AWS constructs', () => {
  let template: Template;
  let app: App;
  beforeAll(() => {
    app = new App({ outdir: outputFolder(), builtinCloudFormationValidation: false, analyticsReporting: false });
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

  test('needs nothing looked up at synthesis, and nothing handed in: CloudFormation itself reads each parameter', () => {
    const parameters = template.toJSON()['Parameters'] as Record<string, { Type: string; Default?: string }>;
    expect(Object.values(parameters).map(({ Type, Default }) => `${Type} ${Default ?? 'handed in'}`)).toEqual([
      // So a change set shows another image before instances have it; the template alone would not.
      `AWS::SSM::Parameter::Value<AWS::EC2::Image::Id> ${IMAGE}`,
      'AWS::SSM::Parameter::Value<String> /cdk-bootstrap/hnb659fds/version',
    ]);
    expect(app.synth().manifest.missing ?? []).toEqual([]);
  });
});
