import {
  DeleteStackCommand,
  type DescribeChangeSetOutput,
  DescribeEventsCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, changeSet, create, events, importSet, queue, REGION, type Rig, rig, settled } from './rig.ts';

/** SPEC.md, "Change sets". */
describe('change sets', () => {
  let lab: Rig;
  beforeEach(async () => (lab = await rig()));
  afterEach(() => lab.endpoint.close());

  const changes = (of: DescribeChangeSetOutput) =>
    (of.Changes ?? []).map(({ ResourceChange: change }) =>
      [change?.Action, change?.LogicalResourceId, change?.Replacement].filter(Boolean).join(' '),
    );
  const vpc = (cidr: string, tags: object[] = []) => ({
    Type: 'AWS::EC2::VPC',
    Properties: { CidrBlock: cidr, Tags: tags },
  });
  const subnet = (cidr: string) => ({
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Net' }, CidrBlock: cidr },
  });

  it('creates a stack under review, and executes', async () => {
    const set = await changeSet(lab.cfn, 'new', { Resources: { A: queue() } }, 'CREATE');
    expect(changes(set)).toEqual(['Add A']);
    await lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId }));
    expect((await settled(lab.cfn, 'new')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('says Replacement False for what changes in place', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue({ DelaySeconds: 1 }) } });
    const set = await changeSet(lab.cfn, 's', { Resources: { A: queue({ DelaySeconds: 2 }) } });
    expect(changes(set)).toEqual(['Modify A False']);
    expect(set.Changes?.[0]?.ResourceChange?.Details?.[0]).toMatchObject({
      Target: {
        Attribute: 'Properties',
        Name: 'DelaySeconds',
        RequiresRecreation: 'Never',
        BeforeValue: '1',
        AfterValue: '2',
      },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    });
  });

  it('says True for a create-only property, and Conditional for what refers to it', async () => {
    await create(lab.cfn, 's', { Resources: { Net: vpc('10.0.0.0/16'), Sub: subnet('10.0.0.0/24') } });
    const set = await changeSet(lab.cfn, 's', { Resources: { Net: vpc('10.1.0.0/16'), Sub: subnet('10.0.0.0/24') } });
    expect(changes(set)).toEqual(['Modify Net True', 'Modify Sub Conditional']);
    expect(set.Changes?.[0]?.ResourceChange?.PolicyAction).toBe('ReplaceAndDelete');
    expect(set.Changes?.[1]?.ResourceChange?.Details?.[0]).toMatchObject({
      Evaluation: 'Dynamic',
      ChangeSource: 'ResourceReference',
      CausingEntity: 'Net',
    });
  });

  it('puts a change of tags in the scope of tags', async () => {
    await create(lab.cfn, 's', { Resources: { Net: vpc('10.0.0.0/16') } });
    const set = await changeSet(lab.cfn, 's', { Resources: { Net: vpc('10.0.0.0/16', [{ Key: 'a', Value: 'b' }]) } });
    expect(set.Changes?.[0]?.ResourceChange?.Scope).toEqual(['Tags']);
  });

  it('names the parameter behind a change', async () => {
    const withDelay = (value: string) => ({
      Parameters: { Delay: { Type: 'Number', Default: value } },
      Resources: { A: queue({ DelaySeconds: { Ref: 'Delay' } }) },
    });
    await create(lab.cfn, 's', withDelay('1'));
    const set = await changeSet(lab.cfn, 's', withDelay('2'));
    expect(set.Changes?.[0]?.ResourceChange?.Details?.[0]).toMatchObject({
      ChangeSource: 'ParameterReference',
      CausingEntity: 'Delay',
    });
  });

  it('fails without changes', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue() } });
    const set = await changeSet(lab.cfn, 's', { Resources: { A: queue() } });
    expect(set).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
    expect(set.StatusReason).toMatch(/^The submitted information didn't contain changes\./);
  });

  it('fails to execute one that failed', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue() } });
    const set = await changeSet(lab.cfn, 's', { Resources: { A: queue() } });
    const execute = lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId }));
    await expect(execute).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('fails on properties that the schema does not know, before anything is touched', async () => {
    const set = await changeSet(
      lab.cfn,
      'bad',
      { Resources: { A: queue({ Delay: 1, DelaySeconds: 'soon' }) } },
      'CREATE',
    );
    expect(set.StatusReason).toContain('AWS::EarlyValidation::PropertyValidation');
    const { OperationEvents = [] } = await lab.cfn.send(new DescribeEventsCommand({ ChangeSetName: set.ChangeSetId }));
    expect(OperationEvents.map(({ ValidationStatusReason }) => ValidationStatusReason)).toEqual([
      'extraneous key [Delay] is not permitted',
      'expected type: Integer, found: String',
    ]);
  });

  it('removes the others once one is executed', async () => {
    await create(lab.cfn, 's', { Resources: { A: queue() } });
    const one = await changeSet(lab.cfn, 's', { Resources: { A: queue({ DelaySeconds: 1 }) } });
    const two = await changeSet(lab.cfn, 's', { Resources: { A: queue({ DelaySeconds: 2 }) } });
    await lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: one.ChangeSetId }));
    await settled(lab.cfn, 's');
    const execute = lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: two.ChangeSetId }));
    await expect(execute).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  it('imports what a deleted stack left, as it is', async () => {
    const A = { ...queue({ QueueName: 'kept' }), DeletionPolicy: 'Retain' };
    const stack = await create(lab.cfn, 's', { Resources: { A } });
    await lab.cfn.send(new DeleteStackCommand({ StackName: 's' }));
    await settled(lab.cfn, stack.StackId ?? '');
    const [left] = lab.endpoint.state.realm(ACCOUNT, REGION).ofType('AWS::SQS::Queue');
    const take = (QueueUrl: string, Resources: object = { A }, more: object = {}) =>
      importSet(lab.cfn, 't', { Resources, ...more }, [
        { ResourceType: 'AWS::SQS::Queue', LogicalResourceId: 'A', ResourceIdentifier: { QueueUrl } },
      ]);
    const url = left?.physicalId ?? '';
    expect(await take(url, { A, B: queue() })).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'Resources [B] is missing from ResourceToImport list',
    });
    expect((await take(url, { A: queue({ QueueName: 'kept' }) })).StatusReason).toContain('DeletionPolicy');
    expect((await take(url, { A }, { Outputs: { U: { Value: '1' } } })).StatusReason).toContain('[Outputs]');
    const wrong = await take('https://nothing');
    await lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: wrong.ChangeSetId }));
    expect((await settled(lab.cfn, 't')).StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
    await lab.cfn.send(new DeleteStackCommand({ StackName: 't' }));
    await settled(lab.cfn, wrong.StackId ?? '');
    const set = await take(url);
    expect(changes(set)).toEqual(['Import A']);
    await lab.cfn.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId }));
    expect((await settled(lab.cfn, 't')).StackStatus).toBe('IMPORT_COMPLETE');
    expect(await events(lab.cfn, 't')).toContain('A IMPORT_COMPLETE');
    expect((await changeSet(lab.cfn, 't', { Resources: { A, B: queue() } })).Changes).toHaveLength(1);
  });

  it('does not delete what something that is left refers to', async () => {
    const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::GetAtt': ['Name', 'QueueName'] } } };
    await create(lab.cfn, 's', { Resources: { Bucket, Name: queue({ QueueName: 'acme-name' }) } });
    const { endpoint, cfn } = lab;
    endpoint.faults.failResource({ action: 'delete', type: 'AWS::S3::Bucket', message: 'not empty' });
    await cfn.send(new DeleteStackCommand({ StackName: 's' }));
    expect((await settled(cfn, 's')).StackStatus).toBe('DELETE_FAILED');
    expect(endpoint.state.realm(ACCOUNT, REGION).ofType('AWS::SQS::Queue')).toHaveLength(1);
  });
});
