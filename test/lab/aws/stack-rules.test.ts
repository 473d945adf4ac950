import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeOutOfBand, removeOutOfBand } from '../../../lab/aws/control.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { ACCOUNT, body, create, queue, REGION, type Rig, rig, settled } from './rig.ts';

describe('stacks', () => {
  let lab: Rig;
  beforeEach(async () => (lab = await rig()));
  afterEach(() => lab.endpoint.close());
  const realm = () => lab.endpoint.state.realm(ACCOUNT, REGION);
  const exporting = (delay: number) => ({
    Resources: { A: queue({ QueueName: `q${delay}` }) },
    Outputs: { Url: { Value: { Ref: 'A' }, Export: { Name: 'url' } } },
  });
  const importing = {
    Resources: { B: queue({ QueueName: { 'Fn::Select': [4, { 'Fn::Split': ['/', { 'Fn::ImportValue': 'url' }] }] } }) },
  };

  it('hand values on by exports, and fail to change or delete one in use', async () => {
    await create(lab.cfn, 'giver', exporting(1));
    realm().remove('AWS::SQS::Queue', `${lab.endpoint.url}/${ACCOUNT}/q1`);
    const { queues } = await import('../../../lab/aws/sqs/store.ts');
    queues(realm()).delete('q1');
    expect((await create(lab.cfn, 'taker', importing)).StackStatus).toBe('CREATE_COMPLETE');
    await lab.cfn.send(new UpdateStackCommand({ StackName: 'giver', TemplateBody: body(exporting(2)) }));
    const updated = await settled(lab.cfn, 'giver');
    expect(updated.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'giver' }));
    const deleted = await settled(lab.cfn, 'giver');
    expect(deleted.StackStatusReason).toContain('Cannot delete export url as it is in use by taker.');
  });

  it('fail on an export of another stack’s name', async () => {
    await create(lab.cfn, 'one', exporting(1));
    expect((await create(lab.cfn, 'two', exporting(2))).StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('fail to be deleted under termination protection', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue() } });
    await lab.cfn.send(new UpdateTerminationProtectionCommand({ StackName: 's', EnableTerminationProtection: true }));
    await expect(lab.cfn.send(new DeleteStackCommand({ StackName: 's' }))).rejects.toThrow(
      /TerminationProtection is enabled/,
    );
  });

  it('fail without the capability that IAM needs', async () => {
    const statement = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'r', AssumeRolePolicyDocument: { Statement: [statement] } },
    };
    const make = (Capabilities: 'CAPABILITY_IAM'[]) =>
      lab.cfn.send(
        new CreateStackCommand({ StackName: 's', TemplateBody: body({ Resources: { R: role } }), Capabilities }),
      );
    await expect(make([])).rejects.toMatchObject({ name: 'InsufficientCapabilitiesException' });
    await expect(make(['CAPABILITY_IAM'])).rejects.toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
  });

  it('resolve parameters from SSM, and judge the others', async () => {
    putParameter(realm(), '/name', 'from-ssm', 'String');
    const template = {
      Parameters: {
        Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' },
        Size: { Type: 'Number', MinValue: 1, MaxValue: 3 },
      },
      Resources: { A: queue({ QueueName: { Ref: 'Name' }, DelaySeconds: { Ref: 'Size' } }) },
    };
    const make = (size?: string) =>
      lab.cfn.send(
        new CreateStackCommand({
          StackName: 's',
          TemplateBody: body(template),
          Parameters: size === undefined ? [] : [{ ParameterKey: 'Size', ParameterValue: size }],
        }),
      );
    await expect(make()).rejects.toThrow('Parameters: [Size] must have values');
    await expect(make('7')).rejects.toThrow(/Parameter Size failed to satisfy constraint/);
    await make('2');
    await settled(lab.cfn, 's');
    expect(realm().ofType('AWS::SQS::Queue')[0]?.properties).toEqual({ QueueName: 'from-ssm', DelaySeconds: '2' });
  });

  it('fail where a body is too large to be sent directly', async () => {
    const TemplateBody = `${body({ Resources: { A: queue() } })}${' '.repeat(51_200)}`;
    await expect(lab.cfn.send(new CreateStackCommand({ StackName: 's', TemplateBody }))).rejects.toThrow(/51200/);
  });

  it('fail at a resource that refers to nothing', async () => {
    const subnet = {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: 'vpc-00000000000000000', CidrBlock: '10.0.0.0/24' },
    };
    expect((await create(lab.cfn, 's', { Resources: { S: subnet } })).StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('fail to remove what another stack still needs', async () => {
    await create(lab.cfn, 'net', {
      Resources: { V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } },
      Outputs: { V: { Value: { Ref: 'V' } } },
    });
    const vpc = realm().ofType('AWS::EC2::VPC')[0]!.physicalId;
    await create(lab.cfn, 'sub', {
      Resources: { S: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: vpc, CidrBlock: '10.0.0.0/24' } } },
    });
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'net' }));
    expect((await settled(lab.cfn, 'net')).StackStatus).toBe('DELETE_FAILED');
  });

  it('tell drift: in sync, modified, deleted', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue({ DelaySeconds: 1 }), B: queue() } });
    const detect = async () => {
      const { StackDriftDetectionId } = await lab.cfn.send(new DetectStackDriftCommand({ StackName: 's' }));
      for (;;) {
        const status = await lab.cfn.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        if (status.DetectionStatus !== 'DETECTION_IN_PROGRESS') return status.StackDriftStatus;
      }
    };
    expect(await detect()).toBe('IN_SYNC');
    const [a, b] = realm()
      .ofType('AWS::SQS::Queue')
      .sort((left) => (left.properties['DelaySeconds'] === 1 ? -1 : 1));
    changeOutOfBand(lab.endpoint.state, a!.physicalId, { DelaySeconds: 7 });
    removeOutOfBand(lab.endpoint.state, b!.physicalId);
    expect(await detect()).toBe('DRIFTED');
    const { StackResourceDrifts = [] } = await lab.cfn.send(new DescribeStackResourceDriftsCommand({ StackName: 's' }));
    expect(
      StackResourceDrifts.map((drift) => [drift.LogicalResourceId, drift.StackResourceDriftStatus]).sort(),
    ).toEqual([
      ['A', 'MODIFIED'],
      ['B', 'DELETED'],
    ]);
    expect(StackResourceDrifts.find(({ LogicalResourceId }) => LogicalResourceId === 'A')?.PropertyDifferences).toEqual(
      [{ PropertyPath: '/DelaySeconds', ExpectedValue: '1', ActualValue: '7', DifferenceType: 'NOT_EQUAL' }],
    );
  });

  it('are not seen from other accounts', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue() } });
    const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
    const { clientConfig } = await import('./rig.ts');
    const other = new CloudFormationClient(clientConfig(lab.endpoint.url, '222233334444'));
    expect((await other.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });
});
