import type { ComputeInstanceV2 } from '@cdktf/provider-openstack/lib/compute-instance-v2';
import type { LbMembersV2 } from '@cdktf/provider-openstack/lib/lb-members-v2';
import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Construct, RootConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { citationsOf, cite } from '../../../lib/stack/cite.ts';
import { attributesOf, type CitedValues, valuesOf } from '../../../lib/stack/cited-values.ts';
import { ref } from '../../../lib/stack/config-ref.ts';

const from = ref('environment', 'prod').at('cluster');
/** Only its type matters to citing: the value is no resource. */
const some = () => new Construct(new RootConstruct(), 'some') as unknown;

describe('a reference', () => {
  it('is the path that it was asked for', () => {
    expect(from.at('scaling').at('burst', 0, 'add')).toEqual({
      kind: 'environment',
      name: 'prod',
      path: ['cluster', 'scaling', 'burst', 0, 'add'],
    });
  });

  it('fails to compile where the schema has no such value', () => {
    // @ts-expect-error: misspelt
    from.at('scaling', 'backlog');
    // @ts-expect-error: a list has indexes
    from.at('instances', 'types', 'first');
    // @ts-expect-error: a number has nothing inside
    from.at('capacity', 'maximum', 'value');
  });
});

describe('citing', () => {
  it('names nested attributes as engines do', () => {
    const group = some() as CfnAutoScalingGroup;
    cite(group, from.at('capacity'), {
      MaxSize: from.at('capacity', 'maximum'),
      LifecycleHookSpecificationList: [{ HeartbeatTimeout: from.at('health', 'startupSeconds') }],
      MixedInstancesPolicy: { LaunchTemplate: { Overrides: from.at('instances', 'types') } },
    });
    expect(citationsOf(group).map(({ attribute }) => attribute)).toEqual([
      undefined,
      'MaxSize',
      'LifecycleHookSpecificationList[0].HeartbeatTimeout',
      'MixedInstancesPolicy.LaunchTemplate.Overrides',
    ]);
  });

  it('says of every item of a list what an object in its place says', () => {
    const members = cite(some() as LbMembersV2, from, { member: { protocol_port: from } });
    expect(citationsOf(members)[1]?.attribute).toBe('member.protocol_port');
  });

  it('fails to compile where the resource has no such attribute', () => {
    const [group, server] = [some() as CfnAutoScalingGroup, some() as ComputeInstanceV2];
    const plain = some() as Construct;
    // @ts-expect-error: CloudFormation says MinSize
    cite(group, from, { minSize: from });
    // @ts-expect-error: misspelt inside
    cite(group, from, { InstanceMaintenancePolicy: { MinimumHealthyPercentage: from } });
    // @ts-expect-error: Terraform says flavor_name
    cite(server, from, { flavorName: from });
    // @ts-expect-error: a construct that is no resource has no attributes
    cite(plain, from, { name: from });
  });
});

describe('values with their citations', () => {
  const cited = {
    flavorName: { value: 'small', from: from.at('instances'), attribute: 'flavor_name' },
  } satisfies CitedValues<ComputeInstanceV2>;

  it('are props and citations', () => {
    expect(valuesOf(cited)).toEqual({ flavorName: 'small' });
    expect(attributesOf(cited)).toEqual({ flavor_name: from.at('instances') });
  });

  it('leave out a prop whose value is undefined, and cite it all the same', () => {
    const value = undefined as true | undefined;
    const optional = {
      configDrive: { value, from, attribute: 'config_drive' },
    } satisfies CitedValues<ComputeInstanceV2>;
    const props: { readonly configDrive?: true } = valuesOf(optional);
    expect(props).toStrictEqual({});
    expect(attributesOf(optional)).toEqual({ config_drive: from });
  });

  it('fail to compile where the resource has no such attribute', () => {
    // @ts-expect-error: misspelt
    ({ flavorName: { value: 'small', from, attribute: 'flavour_name' } }) satisfies CitedValues<ComputeInstanceV2>;
  });
});
