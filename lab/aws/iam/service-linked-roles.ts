import type { CreateGroupInput } from '../../../lib/aws-model/autoscaling-types.ts';
import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { addRole, iamStore, type Role } from './store.ts';

/** By service. autoscaling/ec2/userguide/autoscaling-service-linked-role.html, AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html */
const NAMES = {
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'spot.amazonaws.com': 'AWSServiceRoleForEC2Spot',
} as const;
type LinkedService = keyof typeof NAMES;

/** @throws AwsError as IAM says where the role is there already, or the service has none */
export function addServiceLinkedRole(realm: Realm, service: string): Role {
  if (!Object.hasOwn(NAMES, service))
    throw new AwsError('InvalidInput', `lab/aws knows no service-linked role of ${service}`);
  const name = NAMES[service as LinkedService];
  if (iamStore(realm.world, realm.account).roles.has(name))
    throw new AwsError(
      'InvalidInput',
      `Service role name ${name} has been taken in this account, please try a different suffix.`,
    );
  return addRole(realm, name, `/aws-service-role/${service}/`);
}

/** Auto Scaling makes its role with the first group of an account, and Spot's with the first that asks for Spot instances. */
export function needRolesOf(realm: Realm, { MixedInstancesPolicy: mixed }: Partial<CreateGroupInput>): void {
  const { roles } = iamStore(realm.world, realm.account);
  const spot = (mixed?.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity ?? 100) < 100;
  const services: readonly LinkedService[] = [
    'autoscaling.amazonaws.com',
    ...(spot ? ['spot.amazonaws.com' as const] : []),
  ];
  for (const service of services) if (!roles.has(NAMES[service])) addServiceLinkedRole(realm, service);
}
