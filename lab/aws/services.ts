import { autoscaling } from './autoscaling/service.ts';
import { cloudFormation } from './cloudformation/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { iam } from './iam/service.ts';
import { monitoring } from './monitoring/service.ts';
import { serviceQuotas } from './quotas/service.ts';
import { s3 } from './s3/service.ts';
import { secretsManager } from './secretsmanager/service.ts';
import type { Service } from './service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';

/** Everything that answers; the first speaks where a request does not tell its service. */
export const SERVICES: readonly Service[] = [
  ...[sts, cloudFormation, s3, sqs, ssm, dynamodb],
  ...[autoscaling, ec2, iam, monitoring, serviceQuotas, secretsManager],
];
