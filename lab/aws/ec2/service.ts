import { dryRun } from '../../../lib/aws-model/faults.ts';
import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { callModel } from '../model/call.ts';
import { inModel, refusalOf } from '../model/model.ts';
import { noticesOf } from '../model/notices.ts';
import { VPN } from '../vpn/calls.ts';
import type { Realm } from '../world.ts';
import { instanceTypes, offerings } from './instance-types.ts';
import { describeNetworkInterfaces } from './network-interfaces.ts';
import { SECURITY_GROUPS } from './security-groups.ts';

/** EC2, as far as a fleet needs it: the realm's model answers. */
export const ec2 = modelledService({ name: 'ec2', model: MODELS.ec2, protocol: 'ec2' }, (name, input, { realm }) => {
  // Of a launch the model says what is wrong with it.
  if (input['DryRun'] === true && name !== 'RunInstances') throw refusalOf(dryRun());
  switch (name) {
    case 'DescribeAvailabilityZones':
      return zones(realm);
    case 'DescribeSpotInstanceRequests':
      return interrupted(realm);
    case 'DescribeInstanceTypes':
      return inModel(() => instanceTypes(realm, input));
    case 'DescribeInstanceTypeOfferings':
      return inModel(() => offerings(realm, zoneNames(realm), input));
    case 'DescribeNetworkInterfaces':
      return describeNetworkInterfaces(realm, input);
    default:
      return (VPN[name] ?? SECURITY_GROUPS[name])?.(realm, input) ?? callModel(realm, 'ec2', name, input);
  }
});

const NOTICE_MS = 120_000;

/** Only those that Spot is about to take: AWSEC2/latest/UserGuide/spot-request-status.html */
function interrupted(realm: Realm) {
  return {
    SpotInstanceRequests: [...noticesOf(realm).interruptions].map(([InstanceId, at]) => ({
      ...{ InstanceId, State: 'active', Type: 'one-time' },
      Status: { Code: 'marked-for-termination', UpdateTime: at - NOTICE_MS },
    })),
  };
}

const zoneNames = ({ region }: Realm): string[] => ['a', 'b', 'c'].map((letter) => `${region}${letter}`);

/** Asked by the CDK's command line, to look zones up. */
function zones(realm: Realm) {
  const { region } = realm;
  return {
    AvailabilityZones: zoneNames(realm).map((ZoneName, index) => ({
      ZoneName,
      ZoneId: `${region.replace(/^(\w)\w*-(\w)\w*-(\d)$/, '$1$2$3')}-az${index + 1}`,
      State: 'available',
      RegionName: region,
      ZoneType: 'availability-zone',
      OptInStatus: 'opt-in-not-required',
    })),
  };
}
