import type { PolicyFinding } from '../../../stacks/define-policy.ts';
import type { Project } from '../../config/project.ts';
import type { Plan } from '../../plan/model.ts';
import { partsOf, StackId } from '../../stack/id.ts';
import { costsOf, priceDays } from '../cost/cost.ts';
import { changesOf } from './changes.ts';
import type { PolicyContext, ShippedPolicy } from './shipped-policy.ts';

export const overBudget: ShippedPolicy = {
  id: 'over-budget',
  about:
    'Plans that raise what is paid beyond `cluster.budget` of the environment, its fleet at the maximum all month; beyond `policies.leaseMonthly` or `policies.organisationMonthly`.',
  level: 'warn',
  reason: 'A plan that costs more than was agreed on is agreed on first.',
  check: (plan, context) => {
    // A plan that saves something is no reason to complain about what it leaves.
    const dearer = (plan.cost?.stacks ?? []).filter(({ before, after }) => after > before).map(({ stack }) => stack);
    return [
      ...unique(dearer.flatMap((id) => partsOf(id).environment ?? [])).flatMap((name) => environment(name, context)),
      ...dearer.flatMap((id) => lease(id, context)),
      ...(dearer.some((id) => partsOf(id).lease !== undefined) ? organisation(context) : []),
    ];
  },
};

/** With the fleet at its maximum all month. */
function environment(name: string, { project }: PolicyContext): PolicyFinding[] {
  const budget = project.environments.get(name)?.value.cluster.budget.monthlyUsd;
  const rate = project.awsPrices?.value.perUsd;
  if (budget === undefined || rate === undefined) return [];
  const usd = (most(project, StackId.network(name)) + most(project, StackId.cluster(name))) / rate;
  return usd <= budget
    ? []
    : [
        {
          stack: StackId.cluster(name),
          reason: `${name} at its maximum costs ${Math.round(usd)} USD a month; its budget is ${budget} USD`,
        },
      ];
}

function lease(id: StackId, { project, settings }: PolicyContext): PolicyFinding[] {
  const limit = settings.leaseMonthly;
  if (limit === undefined || partsOf(id).lease === undefined) return [];
  const amount = most(project, id);
  const { currency } = project.organisation.value;
  return amount <= limit
    ? []
    : [{ stack: id, reason: `it costs ${Math.round(amount)} ${currency} a month; a lease may cost ${limit}` }];
}

function organisation({ project, settings }: PolicyContext): PolicyFinding[] {
  const limit = settings.organisationMonthly;
  if (limit === undefined) return [];
  const { defaultCloud } = project.organisation.value;
  const total = [...project.leases.values()].reduce(
    (sum, { name, value }) => sum + most(project, StackId.lease(value.cloud ?? defaultCloud, name)),
    0,
  );
  const { currency } = project.organisation.value;
  return total <= limit
    ? []
    : [{ reason: `all leases together cost ${Math.round(total)} ${currency} a month; they may cost ${limit}` }];
}

function most(project: Project, id: StackId): number {
  return costsOf(id, project, project).reduce((sum, { monthly }) => sum + (monthly?.most ?? 0), 0);
}

export const stalePrices: ShippedPolicy = {
  id: 'stale-prices',
  about: 'Price lists that are older than `policies.priceMonths`, where they price what changes.',
  level: 'warn',
  reason: 'Costs by prices of long ago are guesses.',
  check: (plan: Plan, { project, settings, now }) => {
    if (plan.cost === null) return [];
    const limit = new Date(now);
    limit.setUTCMonth(limit.getUTCMonth() - settings.priceMonths);
    const ids = unique(changesOf(plan).map(({ stack }) => stack.id));
    return priceDays(project, ids)
      .filter((day) => Date.parse(day) < limit.getTime())
      .map((day) => ({ reason: `prices are of ${day}, older than ${settings.priceMonths} months` }));
  },
};

function unique<T>(all: readonly T[]): T[] {
  return [...new Set(all)];
}
