import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface FleetRoleProps {
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
}

/**
 * What every instance of a fleet may do, whatever it works on: be managed by Systems Manager, complete the lifecycle hooks of its
 * group, and say that an instance of it is unhealthy. Written out instead of AWS's managed policy, which allows reading every parameter of the account.
 */
export class FleetRole extends Construct {
  readonly role: Role;
  readonly profile: CfnInstanceProfile;

  constructor(scope: Construct, id: string, { groupName }: FleetRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      description: `Instances of ${groupName}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    this.profile = new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] });
    for (const statement of [...managed(Stack.of(this)), group(Stack.of(this), groupName)])
      this.role.addToPolicy(statement);
  }
}

/** What the agent of Systems Manager on an instance needs. */
export function managed(stack: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'SystemsManagerRegistration',
      actions: ['ssm:UpdateInstanceInformation'],
      resources: [stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
    }),
    new PolicyStatement({
      sid: 'SystemsManagerChannels',
      actions: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      // These calls have no resource: the service authorization reference lists none for ssmmessages.
      resources: ['*'],
    }),
  ];
}

function group(stack: Stack, groupName: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'OwnGroup',
    actions: [
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:RecordLifecycleActionHeartbeat',
      'autoscaling:SetInstanceHealth',
      'autoscaling:SetInstanceProtection',
    ],
    // The wildcard stands for the group's UUID, which nobody knows beforehand; names are unique within account and Region.
    resources: [
      stack.formatArn({
        service: 'autoscaling',
        resource: 'autoScalingGroup',
        resourceName: `*:autoScalingGroupName/${groupName}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  });
}
