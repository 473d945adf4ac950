import { StackId } from '../../stack/id.ts';
import { isWhole } from './data.ts';
import type { ShippedPolicy } from './shipped-policy.ts';

export const replacesFleet: ShippedPolicy = {
  id: 'replaces-fleet',
  about: 'Plans that replace more than `policies.fleetPercent` of a fleet at once.',
  level: 'deny',
  reason: 'A fleet that is replaced at once does no work meanwhile.',
  check: (plan, { project, settings }) =>
    plan.impact.flatMap(({ fleet, replaced, batchPercent, text }) => {
      // What goes as a whole is for `deletes-protected` to judge.
      const own = plan.stacks.find(({ id }) => id === StackId.cluster(fleet));
      if (own !== undefined && isWhole(own, project)) return [];
      if (!project.environments.has(fleet) || replaced === 0 || (batchPercent ?? 0) <= settings.fleetPercent) return [];
      const reason = `${batchPercent ?? 100} % of the fleet at once; at most ${settings.fleetPercent} % may be: ${text}`;
      return [{ stack: StackId.cluster(fleet), reason }];
    }),
};
