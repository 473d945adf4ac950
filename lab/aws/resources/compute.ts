import type { LaunchTemplateData } from '../../../lib/aws-model/ec2-types.ts';
import { MODELS } from '../api/models.ts';
import { fromTemplate } from '../api/template-values.ts';
import { AwsError } from '../aws-error.ts';
import { isObject, text } from '../json.ts';
import { inModel, modelOf } from '../model/model.ts';
import { simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

function dataOf({ properties }: Making): LaunchTemplateData {
  const data = fromTemplate(MODELS.ec2, 'RequestLaunchTemplateData', properties['LaunchTemplateData']);
  return data ?? {};
}

export const computeTypes: readonly ResourceType[] = [
  simple('AWS::EC2::LaunchTemplate', {
    check: ({ properties }) => {
      const data = properties['LaunchTemplateData'];
      const userData = isObject(data) ? text(data['UserData']) : undefined;
      if (userData !== undefined && Buffer.from(userData, 'base64').length > 16_384)
        throw new AwsError('InvalidUserData.Malformed', 'User data is limited to 16384 bytes');
    },
    id: (making) => {
      const LaunchTemplateName = withName('LaunchTemplateName', 128)(making);
      const { ec2 } = modelOf(making.realm);
      const made = inModel(() => ec2.createLaunchTemplate({ LaunchTemplateName, LaunchTemplateData: dataOf(making) }));
      return made.LaunchTemplate.LaunchTemplateId;
    },
    attributes: (_, id) => ({ LaunchTemplateId: id, LatestVersionNumber: '1', DefaultVersionNumber: '1' }),
    // Each change of the data is a new version; the default stays the first.
    update: ({ physicalId }, making) => {
      const { ec2 } = modelOf(making.realm);
      const { LaunchTemplateVersion } = inModel(() =>
        ec2.createLaunchTemplateVersion({ LaunchTemplateId: physicalId, LaunchTemplateData: dataOf(making) }),
      );
      return { LatestVersionNumber: String(LaunchTemplateVersion.VersionNumber) };
    },
    remove: ({ physicalId }, realm) => {
      inModel(() => modelOf(realm).ec2.deleteLaunchTemplate({ LaunchTemplateId: physicalId }));
    },
  }),
  simple('AWS::CDK::Metadata', { id: ({ realm }) => realm.world.ids.uuid() }),
];
