import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { AwsError } from '../aws-error.ts';
import { addServiceLinkedRole } from './service-linked-roles.ts';
import { iamStore, type Role } from './store.ts';

/** Roles, as far as somebody looks for one: IAM/latest/APIReference/API_GetRole.html, API_CreateServiceLinkedRole.html */
export const iam = modelledService({ name: 'iam', model: MODELS.iam, protocol: 'query' }, (name, input, context) => {
  if (name === 'CreateServiceLinkedRole') {
    const { AWSServiceName = '' } = input as { readonly AWSServiceName?: string };
    return { Role: shown(addServiceLinkedRole(context.realm, AWSServiceName)) };
  }
  const { RoleName = '' } = input as { readonly RoleName?: string };
  const role = iamStore(context.world, context.realm.account).roles.get(RoleName);
  if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
  return { Role: shown(role) };
});

function shown({ name, path, id, arn, createdAt }: Role) {
  return { RoleName: name, Path: path, RoleId: id, Arn: arn, CreateDate: createdAt };
}
