import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schemaOf } from '../../../../lab/aws/cloudformation/schema.ts';
import { removeOutOfBand } from '../../../../lab/aws/control.ts';
import { IDENTIFIERS } from '../../../../lib/engines/cloudformation/retained/kept.ts';
import { openRig, type Rig, storeStack } from './lifecycle-rig.ts';

describe('what a destroyed stack kept', () => {
  let rig: Rig;
  const stack = storeStack('Retain');
  const actions = async (options: { readonly readOnly?: boolean } = {}, of = stack) => {
    const frozen = await rig.plan(of, options);
    await rig.engine.discard(frozen);
    return frozen.plan.changes.map(({ action, address }) => `${action} ${address}`);
  };
  beforeEach(async () => {
    rig = await openRig();
    await rig.deploy(stack);
    await rig.s3.send(new PutObjectCommand({ Bucket: rig.ids('AWS::S3::Bucket')[0], Key: 'a', Body: 'abc' }));
  });
  afterEach(() => rig.close());

  test('is said before it is destroyed, with what it costs and how it comes back', async () => {
    const { plan, holdings } = await rig.plan(stack, { destroy: true });
    const bucket = plan.changes.find(({ address }) => address === 'Bucket');
    expect([bucket?.action, ...(bucket?.reasons ?? [])]).toEqual([
      'forget',
      'it stays in the account, and is removed from the stack',
      'it holds 1 object, 3 B',
      'kept, it costs about 1.5 EUR a month',
      '`tandem deploy custom/store` imports it again',
    ]);
    expect(holdings).toMatchObject([{ address: 'Bucket', isKept: true }]);
  });

  test('is imported by the next deployment, which the plan says beforehand', async () => {
    const before = [rig.ids('AWS::S3::Bucket'), rig.ids('AWS::KMS::Key')];
    await rig.destroy(stack);
    const wanted = ['import Bucket', 'import Jobs', 'import Key', 'create Rest'];
    expect(await actions({ readOnly: true })).toEqual(wanted);
    expect(await actions()).toEqual(wanted);
    const frozen = await rig.plan(stack);
    expect(frozen.plan.changes[0]?.reasons.join()).toMatch(/was kept when the stack was destroyed on \d{4}-\d\d-\d\d/);
    const events = await rig.apply(frozen);
    expect(events).toContainEqual(expect.objectContaining({ address: 'Jobs', action: 'import', phase: 'done' }));
    expect(events).toContainEqual(expect.objectContaining({ address: 'Rest', action: 'create', phase: 'done' }));
    expect([rig.ids('AWS::S3::Bucket'), rig.ids('AWS::KMS::Key')]).toEqual(before);
    expect((await rig.plan(stack)).plan.status).toBe('unchanged');
    expect(
      (await rig.engine.outputs(stack, { signal: new AbortController().signal, parallelism: 1 }))['Url'],
    ).toBeDefined();
    await expect(note()).rejects.toThrow();
  });

  test('becomes what the configuration says by now', async () => {
    await rig.destroy(stack);
    const Properties = { QueueName: 'acme-jobs', KmsMasterKeyId: { Ref: 'Key' }, VisibilityTimeout: 77 };
    const Jobs = { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties };
    const other = storeStack('Retain', { Jobs });
    await rig.deploy(other);
    expect((await rig.plan(other)).plan.status).toBe('unchanged');
  });

  test('comes back as often as it is destroyed, and goes where it is kept no longer', async () => {
    const before = rig.ids('AWS::S3::Bucket');
    await rig.destroy(stack);
    await rig.deploy(stack);
    await rig.destroy(stack);
    const loose = storeStack('Delete');
    await rig.deploy(loose);
    expect(rig.ids('AWS::S3::Bucket')).toEqual(before);
    await rig.destroy(loose, { empty: true });
    expect(rig.ids('AWS::S3::Bucket')).toEqual([]);
    expect(await actions()).toEqual(['create Bucket', 'create Jobs', 'create Key', 'create Rest']);
  });

  test('fails where it was deleted meanwhile, changes nothing, and says what helps', async () => {
    await rig.destroy(stack);
    removeOutOfBand(rig.endpoint.state, rig.ids('AWS::KMS::Key')[0] ?? '');
    await expect(rig.deploy(stack)).rejects.toMatchObject({
      code: 'stack-failed',
      message: expect.stringMatching(/^importing custom\/store failed: Key: Resource of type 'AWS::KMS::Key'/),
      next: expect.stringContaining('aws ssm delete-parameter --name /tandem/kept/custom-store'),
    });
    // The stack without resources that it left does not stand in the way.
    expect(await actions()).toContain('import Bucket');
  });

  test('is found again after a failed import', async () => {
    await rig.destroy(stack);
    rig.endpoint.faults.failCall({
      call: 'cloudformation:ExecuteChangeSet',
      code: 'AccessDenied',
      message: 'no',
      times: 1,
    });
    await rig.deploy(stack).catch(() => undefined);
    await rig.deploy(stack);
    expect((await rig.plan(stack)).plan.status).toBe('unchanged');
  });

  const note = () =>
    new SSMClient({ region: 'eu-west-3', credentials: rig.connection.credentials }).send(
      new GetParameterCommand({ Name: '/tandem/kept/custom-store' }),
    );
});

test.each(Object.entries(IDENTIFIERS))('%s is identified by %s, as its schema says', (type, name) => {
  const schema = schemaOf(type);
  if (schema !== undefined) expect(schema.identifier).toEqual([name]);
  else expect(name).toMatch(/^[A-Z]/);
});
