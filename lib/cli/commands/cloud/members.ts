import type { MembersResult } from '../../../actions/cloud/members.ts';
import { cloudFlag, toggle } from '../../flags.ts';

/** What the verbs share by which hosts come and go. */

export const membersFlags = {
  cloud: cloudFlag,
  run: toggle('Run the steps; without it they are only shown'),
};

export const newHostArgument = {
  brief: 'Host, as the configuration or the deployed inventory names it',
  placeholder: 'host',
};

export const membersJson = {
  format: 'tandem.cloud-members/1',
  schema: async () => (await import('../../../actions/cloud/schemas/members.ts')).membersSchema,
};

export const membersOutput = {
  json: membersJson,
  render: async (result: MembersResult) => (await import('../../render/cloud-members.ts')).renderMembers(result),
};
