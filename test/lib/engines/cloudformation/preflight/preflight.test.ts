import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AskedFleet, askedOf } from '../../../../../lib/engines/cloudformation/preflight/asked.ts';
import { judge, purchasesOf, SERVICE_ROLES } from '../../../../../lib/engines/cloudformation/preflight/judge.ts';
import { preflight } from '../../../../../lib/engines/cloudformation/preflight/preflight.ts';
import type { Action, Change } from '../../../../../lib/plan/model.ts';
import { PREFLIGHT_RULES } from '../../../../../lib/plan/preflight-rules.ts';
import { type Account, memoryLooks, ROOMY } from './account.ts';

const now = new Date('2026-11-28T11:00:30Z');
const place = { account: '111122223333', region: 'eu-west-3', zones: ['eu-west-3a', 'eu-west-3b'] };
const changeOf = (address: string, action: Action = 'create'): Change => ({
  ...{ address, type: '', action, reasons: [], attributes: [], source: null, noise: false, restarts: [], findings: [] },
});

/** A group of up to 500 instances, half of them Spot. */
function template({ size = ['50', '500'], types = ['c7g.xlarge', 'm7g.xlarge'], volume = 30, more = {} } = {}): string {
  return JSON.stringify({
    Parameters: {
      Subnets: { Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: '/net/subnets' },
    },
    Resources: {
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          ...{ MinSize: size[0], MaxSize: size[1], VPCZoneIdentifier: { Ref: 'Subnets' } },
          MixedInstancesPolicy: {
            InstancesDistribution: { OnDemandBaseCapacity: 50, OnDemandPercentageAboveBaseCapacity: 50 },
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateId: { 'Fn::GetAtt': ['Template', 'LaunchTemplateId'] } },
              Overrides: types.map((InstanceType) => ({ InstanceType })),
            },
          },
        },
      },
      Template: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            ImageId: 'resolve:ssm:/ami',
            BlockDeviceMappings: [{ Ebs: { VolumeSize: volume } }],
          },
        },
      },
      ...more,
    },
  });
}

async function found(
  account: Partial<Account>,
  text = template(),
  changes = [changeOf('Group'), changeOf('Template')],
) {
  const findings = await preflight(
    memoryLooks({ ...ROOMY, ...account }),
    { id: 'aws/prod/cluster', text },
    changes,
    place,
    now,
  );
  for (const { rule } of findings) expect(Object.keys(PREFLIGHT_RULES)).toContain(rule);
  return findings.map(({ level, rule, reason }) => `${level} ${rule}: ${reason}`);
}

describe('what AWS would refuse', () => {
  test('nothing, in an account with room', async () => expect(await found({})).toEqual([]));

  test('vCPUs: warned of at the maximum, refused at the minimum', async () => {
    const [warned, ...others] = await found({ quotas: { 'L-1216C47A': 256, 'L-34B43A08': 4000 } });
    expect(others).toEqual([]);
    // 50 + half of 450, of 4 vCPUs each.
    expect(warned).toMatch(
      /^warn aws-vcpu-quota: at its maximum of 500 instances the fleet takes up to 1100 vCPUs on demand/,
    );
    expect(warned).toContain('--quota-code L-1216C47A --desired-value 1100');
    const [denied] = await found({ quotas: { 'L-1216C47A': 199, 'L-34B43A08': 4000 } });
    expect(denied).toMatch(/^deny aws-vcpu-quota: at its minimum of 50 instances the fleet takes up to 200 vCPUs/);
    const [spot] = await found({ quotas: { 'L-1216C47A': 4000 } });
    expect(spot).toMatch(/^warn aws-spot-quota: .* 900 vCPUs Spot/);
  });

  test('service-linked roles that are missing, Spot where it is bought', async () => {
    expect((await found({ roles: [] })).map((each) => each.slice(0, 28))).toEqual([
      'warn aws-service-linked-role',
      'warn aws-service-linked-role',
    ]);
  });

  test('a role that several fleets need is told once', () => {
    const nowhere = { values: [], parameter: undefined };
    const [fleet] = askedOf(template(), [changeOf('Group')]).fleets as [AskedFleet];
    const fleets = ['One', 'Two'].map((address) => ({
      ...fleet,
      address,
      types: [],
      subnets: nowhere,
      image: nowhere,
    }));
    const roles = new Map([[SERVICE_ROLES.autoscaling, false]]);
    const of = { stack: 'aws/prod/link', ...place } as const;
    const findings = judge({ fleets, buckets: [], queues: [] }, { roles, unknown: [] }, of);
    expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toEqual(['aws-service-linked-role One']);
  });

  test('types that a zone does not offer, that no zone offers, that do not exist', async () => {
    const offers = (a: string[], b: string[]) => ({ offerings: { 'eu-west-3a': a, 'eu-west-3b': b } });
    expect(await found(offers(['c7g.xlarge', 'm7g.xlarge'], ['m7g.xlarge']))).toEqual([
      'warn aws-type-not-offered: eu-west-3b does not offer c7g.xlarge; the other types are used there',
    ]);
    expect(await found(offers(['c7g.xlarge', 'm7g.xlarge'], []))).toEqual([
      'warn aws-type-not-offered: eu-west-3b offers none of c7g.xlarge, m7g.xlarge: no instance starts there',
    ]);
    expect(await found(offers([], []))).toEqual([
      'deny aws-type-not-offered: none of eu-west-3a, eu-west-3b offers any of c7g.xlarge, m7g.xlarge',
    ]);
    expect(await found({}, template({ types: ['c7g.xlarge', 'c7x.huge'] }))).toEqual([
      'deny aws-type-not-offered: eu-west-3 has no instance type c7x.huge',
    ]);
  });

  test('addresses that a new fleet would not find; one that runs has its own', async () => {
    const few = {
      subnets: [
        { id: 'subnet-a', zone: 'eu-west-3a', free: 40 },
        { id: 'subnet-b', zone: 'eu-west-3b', free: 9 },
      ],
    };
    expect(await found(few)).toEqual([
      'deny aws-subnet-addresses: its minimum of 50 instances need an address each, and 49 are free: subnet-a in eu-west-3a has 40, subnet-b in eu-west-3b has 9',
    ]);
    expect(await found(few, template({ size: ['0', '500'] }))).toMatchObject([
      expect.stringMatching(/^warn aws-subnet-addresses/),
    ]);
    expect(await found(few, template(), [changeOf('Group', 'update')])).toEqual([]);
  });

  test('an image for another architecture, that is gone, or larger than the volume', async () => {
    const image = { architecture: 'x86_64', state: 'available', rootGiB: 8 };
    expect(await found({ images: { 'ami-1': image } })).toMatchObject([
      expect.stringContaining('is for x86_64, which c7g.xlarge, m7g.xlarge cannot run'),
    ]);
    expect(await found({ images: {} })).toEqual([
      'deny aws-image-refused: there is no image ami-1 that the account may use',
    ]);
    expect(await found({}, template({ volume: 4 }))).toMatchObject([
      expect.stringContaining('needs a root volume of 8 GiB'),
    ]);
    expect(await found({ images: { 'ami-1': { ...image, state: 'deregistered' } } })).toMatchObject([
      expect.stringContaining('is deregistered'),
    ]);
  });

  test('a launch that EC2 refuses, in its words', async () => {
    const launch = { code: 'UnsupportedOperation', message: 'not in this configuration' };
    expect(await found({ launch })).toEqual([
      'deny aws-launch-refused: EC2 would refuse to launch an instance: UnsupportedOperation: not in this configuration',
    ]);
  });

  test('names of buckets and queues, only where they are made', async () => {
    const more = {
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'taken' } },
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'acme-jobs' } },
    };
    const account = {
      buckets: { taken: 'foreign' },
      deleted: { 'aws-prod-cluster': ['2026-11-28T11:00:00Z'] },
    } as const;
    expect(await found(account, template({ more }), [changeOf('Data'), changeOf('Jobs')])).toEqual([
      'deny aws-bucket-name-taken: the name taken is taken: names of buckets are one space for all of AWS',
      expect.stringMatching(/^warn aws-queue-name-held: queue acme-jobs .* again in 30 s/),
    ]);
    expect(await found(account, template({ more }), [changeOf('Data', 'update'), changeOf('Jobs', 'import')])).toEqual(
      [],
    );
  });

  test('says what it could not ask, and refuses nothing for it', async () => {
    const looks = {
      ...memoryLooks(ROOMY),
      quota: () => Promise.reject(Object.assign(new Error('not allowed'), { name: 'AccessDeniedException' })),
    };
    const stack = { id: 'aws/prod/cluster', text: template() } as const;
    const findings = await preflight(looks, stack, [changeOf('Group')], place, now);
    expect(findings).toMatchObject([{ rule: 'aws-preflight-incomplete', level: 'warn' }]);
    expect(findings[0]?.reason).toContain('the Spot quota (AccessDeniedException: not allowed)');
  });

  test('asks nothing where no instance and no name is concerned', async () => {
    const asked: string[] = [];
    const looks = new Proxy(memoryLooks(ROOMY), { get: (_, name) => () => void asked.push(String(name)) });
    const stack = { id: 'aws/prod/cluster', text: template() } as const;
    expect(await preflight(looks, stack, [changeOf('Alarm', 'update')], place, now)).toEqual([]);
    expect(asked).toEqual([]);
  });
});

test('the shipped clusters are read as they are configured', () => {
  const text = readFileSync(new URL('../../../../golden/prod/aws-prod-cluster.json', import.meta.url), 'utf8');
  const { Resources } = JSON.parse(text) as { Resources: Record<string, { Type: string }> };
  const { fleets, queues, buckets } = askedOf(
    text,
    Object.keys(Resources).map((each) => changeOf(each)),
  );
  expect(fleets).toMatchObject([
    { isNew: true, minimum: 50, maximum: 500, onDemandBase: 50, onDemandPercent: 30, rootGiB: 30 },
  ]);
  expect(fleets[0]?.types).toContain('c7g.xlarge');
  expect(fleets[0]?.subnets.parameter).toMatch(/^\/tandem\/acme-prod\/network/);
  expect(queues.length).toBeGreaterThan(1);
  expect(buckets).toEqual([]);
});

test('a fleet is bought whole, and never more on demand than it has', () => {
  const size = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 100 }), (count, onDemandBase, onDemandPercent) => {
      const { onDemand, spot } = purchasesOf({ onDemandBase, onDemandPercent }, count);
      expect(onDemand + spot).toBe(count);
      expect(onDemand).toBeGreaterThanOrEqual(Math.min(count, onDemandBase));
      expect(spot).toBeGreaterThanOrEqual(0);
    }),
  );
});
