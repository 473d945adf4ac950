import autoscaling from './models/autoscaling.json' with { type: 'json' };
import cloudwatch from './models/cloudwatch.json' with { type: 'json' };
import ec2 from './models/ec2.json' with { type: 'json' };
import iam from './models/iam.json' with { type: 'json' };
import secretsmanager from './models/secretsmanager.json' with { type: 'json' };
import serviceQuotas from './models/service-quotas.json' with { type: 'json' };
import ssm from './models/ssm.json' with { type: 'json' };
import type { ApiModel } from './shapes.ts';

/** By the names of `operations.ts`. */
export const MODELS = {
  autoscaling,
  cloudwatch,
  ec2,
  iam,
  secretsmanager,
  'service-quotas': serviceQuotas,
  ssm,
} as unknown as Readonly<
  Record<'autoscaling' | 'cloudwatch' | 'ec2' | 'iam' | 'secretsmanager' | 'service-quotas' | 'ssm', ApiModel>
>;
