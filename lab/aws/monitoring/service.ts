import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { callModel } from '../model/call.ts';

/** CloudWatch's metrics and alarms: the realm's model answers. */
export const monitoring = modelledService(
  { name: 'monitoring', prefix: 'cloudwatch', model: MODELS.cloudwatch, protocol: 'json' },
  (name, input, { realm }) => callModel(realm, 'cloudwatch', name, input),
);
