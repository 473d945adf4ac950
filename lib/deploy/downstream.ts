import type { Project } from '../config/project.ts';
import { difference, exchange } from '../engines/plugins.ts';
import type { Base, BaseStack } from '../plan/base.ts';
import { withDownstream } from '../plan/downstream.ts';
import { ACTIONS, type BareChange, type Change, type StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import { citeSources } from './cite-sources.ts';
import type { DeployPorts, Target } from './ports.ts';

/** A target with its plan against the live clouds. */
export interface Planned {
  readonly target: Target;
  readonly shown: StackPlan;
}

/**
 * Live plans with what they cannot know yet: a stack that reads what others of the plan change is planned by its cloud with the values of
 * now. What the new ones may do is worked out from its artefact, and `after` says for whom it waits. Asks no cloud.
 */
export async function announceDownstream(
  { records }: Pick<DeployPorts, 'records'>,
  project: Project,
  planned: readonly Planned[],
): Promise<StackPlan[]> {
  const plans = planned.map(({ shown }) => shown);
  const stacks = planned.flatMap(({ target }) => (target.destroy ? [] : [target.stack]));
  const gone = planned.flatMap(({ target }) => (target.destroy ? [asBase(target)] : []));
  const known: [StackId, BaseStack][] = [];
  for (const { target, shown } of planned) {
    // One that does not exist is planned when it can be.
    if (shown.status === 'waiting') continue;
    const record = await records.read(target.stack.id).catch(() => undefined);
    known.push([target.stack.id, { ...asBase(target), text: record?.artefact ?? target.stack.text }]);
  }
  const base: Base = { kind: 'live', ref: '', stacks: new Map(known) };
  const own = new Map(plans.map((plan) => [plan.id, plan]));
  return await withDownstream(plans, { stacks, gone, base, exchange }, async (stack, renewed) => {
    const plan = own.get(stack.id);
    if (plan === undefined) throw new Error(`no plan of ${stack.id}`);
    const bare = await difference(stack.engine, stack.text, stack.text, renewed);
    if (bare.length === 0) return plan;
    return citeSources(project, stack, { ...plan, status: 'changed', changes: withRenewed(plan.changes, bare) });
  });
}

function asBase({ stack }: Target): BaseStack {
  const { id, engine, text, digest, files, target } = stack;
  return { id, engine, text, digest, commit: '', files, target };
}

/** The worse of two actions stands; what is made anew cannot be replaced besides. */
function withRenewed(changes: readonly Change[], renewed: readonly BareChange[]): Change[] {
  const left = new Map(renewed.map((change) => [change.address, { ...change, source: null }]));
  const told = changes.map((own): Change => {
    const other = left.get(own.address);
    if (other === undefined) return own;
    left.delete(own.address);
    const isWorse = own.action !== 'create' && ACTIONS.indexOf(other.action) < ACTIONS.indexOf(own.action);
    const paths = new Set(own.attributes.map(({ path }) => path));
    return {
      ...own,
      action: isWorse ? other.action : own.action,
      reasons: [...new Set([...own.reasons, ...other.reasons])],
      attributes: [...own.attributes, ...other.attributes.filter(({ path }) => !paths.has(path))],
      noise: own.noise && other.noise,
    };
  });
  return [...told, ...left.values()];
}
