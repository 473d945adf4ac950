import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setOffering } from '../../../lab/aws/ec2/instance-types.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { setQuota } from '../../../lab/aws/quotas/store.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const ZONES = ['a', 'b', 'c'].map((letter) => `${REGION}${letter}`);
const CLUSTER = 'aws/staging/cluster';
const STAGING = 'config/environments/staging.yaml';
const TYPES = ['c7g.xlarge', 'c6g.xlarge', 'm7g.xlarge', 'm6g.xlarge'];
/** That of the parameter which the configuration names. */
const IMAGE = 'ami-0a1b2c3d4e5f60001';
const GOOD = { ImageId: IMAGE, Architecture: 'arm64' } as const;

/** What AWS would refuse of a cluster, told before anything is made: of an account that has the network, and little else. */
describe('before a cluster is made', () => {
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  const realm = () => endpoint.state.realm(ACCOUNT, REGION);
  const subnets = () =>
    realm()
      .ofType('AWS::EC2::Subnet')
      .map(({ physicalId }) => physicalId);
  const plan = async () => {
    const { findings } = JSON.parse(await operator.ok('plan', CLUSTER, '--live', '--json')) as PlanJson;
    const own = findings.filter(({ rule }) => rule.startsWith('aws-') && rule !== 'aws-service-linked-role');
    return own.map(({ level, rule, reason }) => `${level} ${rule}: ${reason}`);
  };
  /** The deployment is refused by the rule, and touches nothing. */
  const isRefused = async (rule: string) => {
    const before = realm().resources.size;
    const { code, log } = await operator.tandem('deploy', CLUSTER, '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining(`AWS would refuse the plan: ${rule} on ${CLUSTER}`)]);
    expect(realm().resources.size).toBe(before);
  };

  beforeAll(async () => {
    endpoint = await startAwsEndpoint({ stepMilliseconds: 10 });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
    await operator.ok('deploy', 'aws/staging/network', '--yes');
    operator.edit(STAGING, (text) => text.replace('minimum: 0', 'minimum: 4'));
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
  });

  const offer = (zones: readonly string[], offered: boolean) => {
    for (const zone of zones) for (const type of TYPES) setOffering(realm(), zone, type, offered);
  };
  const launched = (subnet: string) => {
    const Filters = [
      { Name: 'subnet-id', Values: [subnet] },
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
    ];
    const { Reservations } = modelOf(realm()).ec2.describeInstances({ Filters });
    return Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId));
  };
  afterEach(async () => {
    setQuota(realm(), 'spot', 4000);
    offer(ZONES, true);
    const { ec2, world } = modelOf(realm());
    world.setImage(GOOD);
    endpoint.faults.clear();
    for (const subnet of subnets())
      if (launched(subnet).length > 0) ec2.terminateInstances({ InstanceIds: launched(subnet) });
    await endpoint.state.clock.advance(120_000);
  });

  it('names the service-linked roles that are missing, and goes on', async () => {
    const { findings } = JSON.parse(await operator.ok('plan', CLUSTER, '--live', '--json')) as PlanJson;
    const own = findings.filter(({ rule }) => rule.startsWith('aws-'));
    expect(own.map(({ level, rule, reason }) => [level, rule, / role (\w+)/.exec(reason)?.[1]])).toEqual([
      ['warn', 'aws-service-linked-role', 'AWSServiceRoleForAutoScaling'],
      ['warn', 'aws-service-linked-role', 'AWSServiceRoleForEC2Spot'],
    ]);
  });

  it('tells a Spot quota below the maximum, and refuses one below the minimum', async () => {
    setQuota(realm(), 'spot', 20);
    expect(await plan()).toEqual([expect.stringMatching(/^warn aws-spot-quota: at its maximum of 6 .* is 20 for all/)]);
    setQuota(realm(), 'spot', 7);
    expect(await plan()).toEqual([expect.stringMatching(/^deny aws-spot-quota: at its minimum of 4 /)]);
    await isRefused('aws-spot-quota');
  });

  it('tells a zone without any of the types, and refuses where there is none', async () => {
    offer(ZONES.slice(0, 1), false);
    // The launch is tried where the type is offered, and not refused.
    expect(await plan()).toEqual([expect.stringMatching(/^warn aws-type-not-offered: eu-west-3a offers none of /)]);
    offer(ZONES, false);
    expect(await plan()).toEqual([
      expect.stringMatching(/^deny aws-type-not-offered: none of eu-west-3a, eu-west-3b, eu-west-3c offers any of/),
    ]);
    await isRefused('aws-type-not-offered');
  });

  it('tells subnets with fewer addresses than the maximum, and refuses fewer than the minimum', async () => {
    const { ec2 } = modelOf(realm());
    const left = (count: number) => {
      for (const { SubnetId, AvailableIpAddressCount: free } of ec2.describeSubnets({ SubnetIds: subnets() }).Subnets)
        if (free > count) {
          const one = { InstanceType: 'm6g.medium', ImageId: IMAGE, SubnetId };
          ec2.runInstances({ ...one, MinCount: free - count, MaxCount: free - count });
        }
    };
    left(1);
    expect(await plan()).toEqual([expect.stringMatching(/^deny aws-subnet-addresses: its minimum of 4 .* 3 are free/)]);
    await isRefused('aws-subnet-addresses');
    ec2.terminateInstances({ InstanceIds: launched(subnets()[0]!).slice(0, 2) });
    await endpoint.state.clock.advance(120_000);
    expect(await plan()).toEqual([expect.stringMatching(/^warn aws-subnet-addresses: its maximum of 6 .* 5 are free/)]);
  });

  it.each([
    ['not available', { State: 'disabled' }, /is disabled, and only an available one is launched/],
    ['of another architecture', { Architecture: 'x86_64' }, /is for x86_64, which .* cannot run/],
    ['larger than the root volume', { RootVolumeGiB: 500 }, /needs a root volume of 500 GiB/],
  ] as const)('refuses an image that is %s', async (_, change, reason) => {
    modelOf(realm()).world.setImage({ ...GOOD, ...change });
    const [found, ...more] = await plan();
    expect(found).toMatch(/^deny aws-image-refused: /);
    expect(found).toMatch(reason);
    // The dry run says it as well.
    expect(more.every((each) => each.startsWith('deny aws-launch-refused: '))).toBe(true);
    await isRefused('aws-image-refused');
  });

  it('refuses a launch that EC2 refuses when it is tried, in its words', async () => {
    const message = 'You are not subscribed to this service.';
    endpoint.faults.failCall({ call: 'ec2:RunInstances', code: 'UnsupportedOperation', message, times: 2 });
    expect(await plan()).toEqual([expect.stringContaining(`an instance: UnsupportedOperation: ${message}`)]);
    await isRefused('aws-launch-refused');
  });

  it('says what it may not ask, and goes on', async () => {
    const denied = { code: 'AccessDeniedException', message: 'not allowed', status: 400, times: 2 };
    endpoint.faults.failCall({ call: 'servicequotas:GetServiceQuota', ...denied });
    expect(await plan()).toEqual([expect.stringMatching(/^warn aws-preflight-incomplete: not checked: the quota/)]);
  });

  it('is made once nothing stands in the way, and then the roles are there', async () => {
    await operator.ok('deploy', CLUSTER, '--yes');
    operator.edit(STAGING, (text) => text.replace('maximum: 6', 'maximum: 7'));
    const { findings } = JSON.parse(await operator.ok('plan', CLUSTER, '--live', '--json')) as PlanJson;
    expect(findings.filter(({ rule }) => rule.startsWith('aws-'))).toEqual([]);
  });
});

interface PlanJson {
  readonly findings: readonly { readonly level: string; readonly rule: string; readonly reason: string }[];
}
