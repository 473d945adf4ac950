import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, test } from 'vitest';
import { awsLooks } from '../../../../../lib/engines/cloudformation/preflight/aws-looks.ts';
import type { AccountLooks } from '../../../../../lib/engines/cloudformation/preflight/looks.ts';
import { type Account, memoryLooks, ROOMY } from './account.ts';
import { serveAccount } from './recorded-account.ts';

const region = 'eu-west-3';

/** The SDK's clients on an account that answers in AWS's shapes. */
async function served(account: Account) {
  const server = await serveAccount(account);
  const { url } = server;
  process.env['AWS_ENDPOINT_URL'] = url;
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'none' });
  const cloudFormation = new CloudFormationClient({ endpoint: url, region, credentials });
  const own = { account: '111122223333', region, partition: 'aws', arn: '', credentials, cloudFormation };
  const looks = awsLooks(own);
  return {
    looks,
    async close() {
      looks.close();
      cloudFormation.destroy();
      delete process.env['AWS_ENDPOINT_URL'];
      await server.close();
    },
  };
}

const inMemory = async (account: Account) => ({ looks: memoryLooks(account), close: async () => undefined });

describe.each([
  ['the SDK', served],
  ['memory', inMemory],
] as const)('looks into an account: %s', (_, open) => {
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => close?.());
  const at = async (change: Partial<Account> = {}): Promise<AccountLooks> => {
    const opened = await open({ ...ROOMY, ...change });
    close = () => opened.close();
    return opened.looks;
  };

  test('types that EC2 knows, over all pages', async () => {
    const types = await (await at()).instanceTypes(['c7g.xlarge', 'm7g.xlarge', 'z9.none']);
    expect([...types].sort()).toEqual([
      ['c7g.xlarge', { vcpus: 4, architectures: ['arm64'] }],
      ['m7g.xlarge', { vcpus: 4, architectures: ['arm64'] }],
    ]);
  });
  test('what zones offer, over all pages', async () => {
    const offerings = await (await at()).offerings(['c7g.xlarge', 'c7i.xlarge']);
    expect([...(offerings.get('eu-west-3a') ?? [])].sort()).toEqual(['c7g.xlarge', 'c7i.xlarge']);
    expect([...(offerings.get('eu-west-3b') ?? [])]).toEqual(['c7g.xlarge']);
  });
  test('a quota of the account, else the default', async () => {
    const looks = await at();
    expect([await looks.quota('ec2', 'L-1216C47A'), await looks.quota('ec2', 'L-OTHER')]).toEqual([4000, 5]);
  });
  test('roles', async () => {
    const looks = await at();
    expect([await looks.hasRole('AWSServiceRoleForEC2Spot'), await looks.hasRole('Nobody')]).toEqual([true, false]);
  });
  test('addresses of subnets', async () => {
    expect(await (await at()).subnets(['subnet-b'])).toEqual([{ id: 'subnet-b', zone: 'eu-west-3b', free: 507 }]);
  });
  test('parameters, without those that are not there', async () => {
    expect([...(await (await at()).parameters(['/ami', '/none']))]).toEqual([['/ami', 'ami-1']]);
  });
  test('images', async () => {
    const looks = await at();
    expect(await looks.image('ami-1')).toEqual({ architecture: 'arm64', state: 'available', rootGiB: 8 });
    expect(await looks.image('ami-2')).toBeUndefined();
  });
  test.each([
    ['allowed', undefined],
    ['unauthorised', undefined],
    [{ code: 'UnsupportedOperation', message: 'no' }, 'UnsupportedOperation: no'],
    [{ code: 'VcpuLimitExceeded', message: 'more vCPU capacity than' }, 'VcpuLimitExceeded: more vCPU capacity than'],
  ] as const)('a launch that is %j', async (launch, refusal) => {
    const looks = await at({ launch });
    const tried = { imageId: 'ami-1', type: 'c7g.xlarge', subnetId: 'subnet-a', rootGiB: 30 };
    expect(await looks.refusalOf(tried)).toBe(refusal);
  });
  test('names of buckets, whoever has them', async () => {
    const looks = await at({ buckets: { mine: 'own', theirs: 'foreign' } });
    const taken = ['mine', 'theirs', 'free'].map((name) => looks.isBucketTaken(name));
    expect(await Promise.all(taken)).toEqual([true, true, false]);
  });
  test('the last deletion of queues of a stack, not of a stack that had none', async () => {
    const deleted = { s: ['2026-11-28T10:00:00.000Z', '2026-11-28T11:00:00.000Z', undefined], planned: [undefined] };
    const looks = await at({ deleted });
    expect((await looks.queuesDeletedAt('s'))?.toISOString()).toBe('2026-11-28T11:00:00.000Z');
    expect(await looks.queuesDeletedAt('planned')).toBeUndefined();
    expect(await looks.queuesDeletedAt('t')).toBeUndefined();
  });
});
