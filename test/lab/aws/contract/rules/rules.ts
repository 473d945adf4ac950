import type { Rule } from '../rule.ts';
import { catalogueRules } from './catalogue.ts';
import { groupRules } from './groups.ts';
import { instanceRules } from './instances.ts';
import { lifecycleRules } from './lifecycle.ts';
import { limitRules } from './limits.ts';
import { commandRules, queueRules } from './queues.ts';
import { refreshRules } from './refresh.ts';
import { metricRules, scalingRules } from './scaling.ts';
import { templateRules } from './templates.ts';

/** All that is compared, by topic. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Instances: instanceRules,
  'Launch templates and root volumes': templateRules,
  'Images, types, roles': catalogueRules,
  'Limits and quotas': limitRules,
  'Auto Scaling groups': groupRules,
  'Hooks, standby, detachment, warm pools': lifecycleRules,
  'Instance refresh': refreshRules,
  'Scaling policies and schedules': scalingRules,
  'CloudWatch metrics and alarms': metricRules,
  Queues: queueRules,
  'Run Command': commandRules,
};
