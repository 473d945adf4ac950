import { DeleteStackCommand, DescribeStackResourcesCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { body, create, events, queue, type Rig, rig, settled } from './rig.ts';

/** SPEC.md, "Stack operations". */
describe('stack operations', () => {
  let lab: Rig;
  beforeEach(async () => (lab = await rig()));
  afterEach(() => lab.endpoint.close());

  const update = async (name: string, template: object) => {
    await lab.cfn.send(new UpdateStackCommand({ StackName: name, TemplateBody: body(template) }));
    return settled(lab.cfn, name);
  };
  const physicalIds = async (name: string): Promise<Record<string, string>> => {
    const { StackResources = [] } = await lab.cfn.send(new DescribeStackResourcesCommand({ StackName: name }));
    return Object.fromEntries(
      StackResources.map((each) => [each.LogicalResourceId ?? '', each.PhysicalResourceId ?? '']),
    );
  };

  it('creates what others need first', async () => {
    const jobs = queue({
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
    });
    const stack = await create(lab.cfn, 'order', { Resources: { Jobs: jobs, Dead: queue() } });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const log = await events(lab.cfn, 'order');
    expect(log.indexOf('Dead CREATE_COMPLETE')).toBeLessThan(log.indexOf('Jobs CREATE_IN_PROGRESS'));
    expect(log.at(0)).toBe('order CREATE_IN_PROGRESS');
    expect(log.at(-1)).toBe('order CREATE_COMPLETE');
  });

  it('rolls a failed creation back, and leaves nothing', async () => {
    lab.endpoint.faults.failResource({ action: 'create', logicalId: 'B', message: 'no capacity' });
    const stack = await create(lab.cfn, 'back', { Resources: { A: queue(), B: { ...queue(), DependsOn: 'A' } } });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await events(lab.cfn, 'back')).toEqual([
      'back CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      'B CREATE_FAILED',
      'back ROLLBACK_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'back ROLLBACK_COMPLETE',
    ]);
    expect(lab.endpoint.state.realm('111122223333', 'eu-west-3').resources.size).toBe(0);
  });

  it('fails to update a stack whose creation was rolled back', async () => {
    lab.endpoint.faults.failResource({ action: 'create', message: 'no' });
    await create(lab.cfn, 'dead', { Resources: { A: queue() } });
    await expect(update('dead', { Resources: { A: queue({ DelaySeconds: 1 }) } })).rejects.toThrow(
      /is in ROLLBACK_COMPLETE state and can not be updated/,
    );
  });

  it('updates in place where the schema allows it', async () => {
    await create(lab.cfn, 'place', { Resources: { A: queue({ DelaySeconds: 1 }) } });
    const before = await physicalIds('place');
    expect((await update('place', { Resources: { A: queue({ DelaySeconds: 2 }) } })).StackStatus).toBe(
      'UPDATE_COMPLETE',
    );
    expect(await physicalIds('place')).toEqual(before);
  });

  it('replaces by making the new one first and removing the old one at the end', async () => {
    await create(lab.cfn, 'swap', { Resources: { A: queue({ QueueName: 'one' }) } });
    await update('swap', { Resources: { A: queue({ QueueName: 'two' }) } });
    expect((await physicalIds('swap'))['A']).toMatch(/\/two$/);
    const log = (await events(lab.cfn, 'swap')).slice(5);
    expect(log).toEqual([
      'swap UPDATE_IN_PROGRESS',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'swap UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'swap UPDATE_COMPLETE',
    ]);
  });

  it('keeps a replaced resource that is to be retained', async () => {
    const kept = (name: string) => ({ ...queue({ QueueName: name }), UpdateReplacePolicy: 'Retain' });
    await create(lab.cfn, 'keep', { Resources: { A: kept('one') } });
    await update('keep', { Resources: { A: kept('two') } });
    expect(await events(lab.cfn, 'keep')).toContain('A DELETE_SKIPPED');
    expect(lab.endpoint.state.realm('111122223333', 'eu-west-3').ofType('AWS::SQS::Queue')).toHaveLength(2);
  });

  it('fails to replace what has a name of its own that stays', async () => {
    const group = (description: string) => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'p', Description: description, PolicyDocument: allow },
    });
    const allow = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
    await create(lab.cfn, 'named', { Resources: { P: group('one') } });
    await lab.cfn.send(
      new UpdateStackCommand({
        StackName: 'named',
        TemplateBody: body({ Resources: { P: group('two') } }),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    expect((await settled(lab.cfn, 'named')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('rolls a failed update back to the values before', async () => {
    await create(lab.cfn, 'undo', { Resources: { A: queue({ DelaySeconds: 1 }), B: queue() } });
    lab.endpoint.faults.failResource({ action: 'update', logicalId: 'B', message: 'denied' });
    const next = {
      A: queue({ DelaySeconds: 9 }),
      B: { ...queue({ DelaySeconds: 9 }), DependsOn: ['A', 'C'] },
      C: queue(),
    };
    expect((await update('undo', { Resources: next })).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const queues = lab.endpoint.state.realm('111122223333', 'eu-west-3').ofType('AWS::SQS::Queue');
    expect(queues.map(({ properties }) => properties)).toEqual(expect.arrayContaining([{ DelaySeconds: 1 }, {}]));
    expect(queues).toHaveLength(2);
    const log = await events(lab.cfn, 'undo');
    expect(log.slice(log.indexOf('undo UPDATE_ROLLBACK_IN_PROGRESS'))).toContain(
      'undo UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    );
    expect(log).toContain('C DELETE_COMPLETE');
  });

  it('removes what the new template leaves out', async () => {
    await create(lab.cfn, 'less', { Resources: { A: queue(), B: queue() } });
    await update('less', { Resources: { A: queue() } });
    expect(Object.keys(await physicalIds('less'))).toEqual(['A']);
  });

  it('fails an update without changes', async () => {
    await create(lab.cfn, 'same', { Resources: { A: queue() } });
    await expect(update('same', { Resources: { A: queue() } })).rejects.toThrow('No updates are to be performed.');
  });

  it('deletes in reverse order, and finds the stack by id afterwards', async () => {
    const jobs = { ...queue(), DependsOn: 'Dead' };
    const { StackId = '' } = await create(lab.cfn, 'gone', { Resources: { Jobs: jobs, Dead: queue() } });
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'gone' }));
    expect((await settled(lab.cfn, StackId)).StackStatus).toBe('DELETE_COMPLETE');
    const log = await events(lab.cfn, StackId);
    expect(log.indexOf('Jobs DELETE_COMPLETE')).toBeLessThan(log.indexOf('Dead DELETE_IN_PROGRESS'));
    await expect(settled(lab.cfn, 'gone')).rejects.toThrow('Stack with id gone does not exist');
  });

  it('fails to delete what is not empty, and can be told to leave it', async () => {
    const { StackId = '' } = await create(lab.cfn, 'full', { Resources: { B: { Type: 'AWS::S3::Bucket' } } });
    const bucket = (await physicalIds('full'))['B'] ?? '';
    const { buckets, putObject } = await import('../../../lab/aws/s3/store.ts');
    putObject(lab.endpoint.state, buckets(lab.endpoint.state).get(bucket)!, { key: 'k', body: Buffer.from('x') });
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'full' }));
    expect((await settled(lab.cfn, StackId)).StackStatus).toBe('DELETE_FAILED');
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'full', RetainResources: ['B'] }));
    expect((await settled(lab.cfn, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });
});
