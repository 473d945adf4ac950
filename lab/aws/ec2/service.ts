import type { Calls } from '../service.ts';
import { queryService } from '../wire/query.ts';

/** What the CDK CLI asks to look zones up; instances come with the fleet's behaviour. */
const calls: Calls = {
  DescribeAvailabilityZones: {
    takes: [],
    run: (_, { realm }) => ({
      availabilityZoneInfo: ['a', 'b', 'c'].map((letter, index) => ({
        zoneName: `${realm.region}${letter}`,
        zoneId: `${realm.region.replace(/^(\w)\w*-(\w)\w*-(\d)$/, '$1$2$3')}-az${index + 1}`,
        zoneState: 'available',
        regionName: realm.region,
        zoneType: 'availability-zone',
        optInStatus: 'opt-in-not-required',
      })),
    }),
  },
};

export const ec2 = queryService(
  { service: 'ec2', version: '2016-11-15', namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/', dialect: 'ec2' },
  calls,
);
