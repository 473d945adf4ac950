import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { callModel } from '../model/call.ts';
import { noticesOf } from '../model/notices.ts';
import type { Realm } from '../world.ts';

/** EC2, as far as a fleet needs it: the realm's model answers. */
export const ec2 = modelledService({ name: 'ec2', model: MODELS.ec2, protocol: 'ec2' }, (name, input, { realm }) =>
  name === 'DescribeAvailabilityZones'
    ? zones(realm)
    : name === 'DescribeSpotInstanceRequests'
      ? interrupted(realm)
      : callModel(realm, 'ec2', name, input),
);

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

/** Asked by the CDK's command line, to look zones up. */
function zones({ region }: Realm) {
  return {
    AvailabilityZones: ['a', 'b', 'c'].map((letter, index) => ({
      ZoneName: `${region}${letter}`,
      ZoneId: `${region.replace(/^(\w)\w*-(\w)\w*-(\d)$/, '$1$2$3')}-az${index + 1}`,
      State: 'available',
      RegionName: region,
      ZoneType: 'availability-zone',
      OptInStatus: 'opt-in-not-required',
    })),
  };
}
