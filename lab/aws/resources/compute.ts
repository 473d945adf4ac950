import { AwsError } from '../aws-error.ts';
import { isObject, text } from '../json.ts';
import type { Resource } from '../world.ts';
import { simple, withId } from './define.ts';
import type { ResourceType } from './resource-type.ts';

function nextVersion({ attributes }: Resource): string {
  return String(Number(text(attributes['LatestVersionNumber']) ?? 0) + 1);
}

export const computeTypes: readonly ResourceType[] = [
  simple('AWS::EC2::LaunchTemplate', {
    id: withId('lt'),
    check: ({ properties }) => {
      const data = properties['LaunchTemplateData'];
      const userData = isObject(data) ? text(data['UserData']) : undefined;
      if (userData !== undefined && Buffer.from(userData, 'base64').length > 16_384)
        throw new AwsError('InvalidUserData.Malformed', 'User data is limited to 16384 bytes');
    },
    attributes: (_, id) => ({ LaunchTemplateId: id, LatestVersionNumber: '1', DefaultVersionNumber: '1' }),
    // Each change of the data is a new version; the default stays the first.
    update: (resource) => ({ LatestVersionNumber: nextVersion(resource) }),
  }),
  simple('AWS::CDK::Metadata', { id: ({ realm }) => realm.world.ids.uuid() }),
];
