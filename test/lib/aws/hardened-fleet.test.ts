import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { type ClusterChange, clusterTemplate, only } from './example.ts';

const template = clusterTemplate();

function groupOf(change: ClusterChange = {}) {
  return only(clusterTemplate(change), 'AWS::AutoScaling::AutoScalingGroup').Properties;
}

function launchData(from: Template = template) {
  return only(from, 'AWS::EC2::LaunchTemplate').Properties['LaunchTemplateData'] as Record<string, unknown>;
}

describe('an instance', () => {
  test('answers metadata to IMDSv2 only, one hop far', () => {
    expect(launchData()['MetadataOptions']).toEqual({
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      HttpPutResponseHopLimit: 1,
      HttpTokens: 'required',
      InstanceMetadataTags: 'disabled',
    });
  });

  test('has an encrypted gp3 volume', () => {
    expect(launchData()['BlockDeviceMappings']).toMatchObject([{ Ebs: { Encrypted: true, VolumeType: 'gp3' } }]);
  });

  test('has no key pair', () => expect(launchData()).not.toHaveProperty('KeyName'));

  test('has no public address', () => {
    expect(launchData()['NetworkInterfaces']).toMatchObject([{ AssociatePublicIpAddress: false }]);
  });

  test('lets nothing in', () => {
    expect(only(template, 'AWS::EC2::SecurityGroup').Properties).not.toHaveProperty('SecurityGroupIngress');
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('gets out by HTTPS only', () => {
    expect(only(template, 'AWS::EC2::SecurityGroup').Properties['SecurityGroupEgress']).toMatchObject([
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
    ]);
  });

  test('gets the image that it was planned with, by its launch template and by every override', () => {
    expect(launchData()['ImageId']).toBe('ami-0123456789abcdef0');
    const policy = groupOf()['MixedInstancesPolicy'] as { LaunchTemplate: { Overrides: { ImageId: string }[] } };
    expect(policy.LaunchTemplate.Overrides.map(({ ImageId }) => ImageId)).toEqual([
      'ami-0123456789abcdef0',
      'ami-0123456789abcdef0',
    ]);
  });
});

describe('a fleet', () => {
  test('is as large as its policies want: a deploy does not set the desired capacity', () => {
    expect(groupOf()).not.toHaveProperty('DesiredCapacity');
    expect(only(template, 'AWS::AutoScaling::AutoScalingGroup')['UpdatePolicy']).toEqual({
      AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true },
    });
  });

  test('replaces a Spot instance at risk before it is taken', () => expect(groupOf()['CapacityRebalance']).toBe(true));

  test('buys the base on demand and the share on Spot', () => {
    const instances = { types: ['c7g.large'], architecture: 'arm64', onDemandBase: 2, spotSharePercent: 70 } as const;
    expect(groupOf({ fleet: { instances } })['MixedInstancesPolicy']).toMatchObject({
      InstancesDistribution: {
        OnDemandBaseCapacity: 2,
        OnDemandPercentageAboveBaseCapacity: 30,
        SpotAllocationStrategy: 'price-capacity-optimized',
      },
    });
  });

  test('takes types in their order', () => {
    expect(groupOf()['MixedInstancesPolicy']).toMatchObject({
      LaunchTemplate: { Overrides: [{ InstanceType: 'c7g.large' }, { InstanceType: 'c6g.large' }] },
      InstancesDistribution: { OnDemandAllocationStrategy: 'prioritized' },
    });
  });

  test('takes any type with the attributes asked for, of the right architecture', () => {
    const types = { minimumVcpus: 4, maximumVcpus: 8, minimumMemoryGiB: 16 };
    expect(groupOf({ fleet: { instances: { types, architecture: 'arm64' } } })['MixedInstancesPolicy']).toMatchObject({
      LaunchTemplate: {
        Overrides: [
          {
            InstanceRequirements: {
              VCpuCount: { Min: 4, Max: 8 },
              MemoryMiB: { Min: 16_384 },
              CpuManufacturers: ['amazon-web-services'],
            },
          },
        ],
      },
      InstancesDistribution: { OnDemandAllocationStrategy: 'lowest-price' },
    });
  });

  test('gives up an instance whose worker never speaks', () => {
    expect(groupOf({ fleet: { startupSeconds: 240 } })['LifecycleHookSpecificationList']).toContainEqual({
      DefaultResult: 'ABANDON',
      HeartbeatTimeout: 240,
      LifecycleHookName: 'first-heartbeat',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    });
  });

  test('lets a worker drain before its instance ends', () => {
    expect(groupOf({ fleet: { drainHeartbeatSeconds: 90 } })['LifecycleHookSpecificationList']).toContainEqual({
      DefaultResult: 'CONTINUE',
      HeartbeatTimeout: 90,
      LifecycleHookName: 'drain',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    });
  });

  test('replaces a tenth at a time', () => {
    expect(groupOf()['InstanceMaintenancePolicy']).toEqual({ MaxHealthyPercentage: 110, MinHealthyPercentage: 90 });
  });

  test('starts after its role may do what it must, and its orders stand', () => {
    const group = only(template, 'AWS::AutoScaling::AutoScalingGroup');
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    const [orders] = Object.keys(template.findResources('AWS::SSM::Parameter'));
    expect(group['DependsOn']).toEqual(expect.arrayContaining([policy, orders]));
  });

  test('has no warm pool by default', () => template.resourceCountIs('AWS::AutoScaling::WarmPool', 0));

  test('keeps stopped instances ready where that was chosen', () => {
    clusterTemplate({ fleet: { warmPool: { minimum: 5, state: 'stopped' } } }).hasResourceProperties(
      'AWS::AutoScaling::WarmPool',
      { MinSize: 5, PoolState: 'Stopped', InstanceReusePolicy: { ReuseOnScaleIn: false } },
    );
  });

  test('replaces instances for their age where that was chosen', () => {
    expect(groupOf({ fleet: { maximumLifetimeDays: 7 } })['MaxInstanceLifetime']).toBe(604_800);
  });

  test('carries its tags to instances, volumes and interfaces', () => {
    const tagged = clusterTemplate({ tags: { owner: 'ops' } });
    tagged.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      Tags: Match.arrayWith([{ Key: 'owner', Value: 'ops', PropagateAtLaunch: true }]),
    });
    const tags = Match.arrayWith([{ Key: 'owner', Value: 'ops' }]);
    tagged.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        TagSpecifications: [
          { ResourceType: 'volume', Tags: tags },
          { ResourceType: 'network-interface', Tags: tags },
        ],
      },
    });
  });
});
