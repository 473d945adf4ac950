import pLimit from 'p-limit';
import { CAUTION } from '../../../plan/difference/stateful.ts';
import type { Change, StackPlan } from '../../../plan/model.ts';
import type { SynthesizedStack } from '../../../stack/synthesized.ts';
import type { FrozenStackPlan, PlanOptions } from '../../engine.ts';
import type { Holding } from '../../holdings.ts';
import { terminationProtected } from '../errors.ts';
import type { Handle } from '../handle.ts';
import { liveTemplate, settledStack } from '../live-stack.ts';
import { headOf, type PlanProps, type StackSettings } from '../plan-stack.ts';
import { isImportable } from '../retained/kept.ts';
import { type LiveResource, liveResources } from '../stack-state.ts';
import { removals } from '../whole-stack.ts';
import { type Contents, openStores, type Stores } from './stores.ts';

/** Stores that are looked into at once. */
const AT_ONCE = 8;

/**
 * Plans the removal of a stack: what goes with it and what stays, with the data in it.
 * @throws TandemError `termination-protected`
 */
export async function planDestroy(
  props: PlanProps,
  stack: SynthesizedStack,
  options: PlanOptions,
): Promise<FrozenStackPlan> {
  const connection = await props.connect(stack.id);
  const client = connection.cloudFormation;
  const { stack: found, condition } = await settledStack(client, stack.id, options);
  const settings = props.settings(stack);
  if (found?.EnableTerminationProtection === true) throw terminationProtected(stack.id, settings.file);
  const stackId = found?.StackId;
  const hasResources = condition === 'ready' || condition === 'broken' || condition === 'rollback-failed';
  const handle: Handle = { connection, stackId, changeSet: undefined, recreate: false, protection: undefined };
  const hasEffect = stackId !== undefined && condition !== 'absent';
  if (stackId === undefined || !hasResources) {
    const plan: StackPlan = { ...headOf(stack), status: 'unchanged', changes: [] };
    return { stack, plan, destroy: true, hasEffect, handle };
  }
  const [all, live] = await Promise.all([
    liveTemplate(client, stackId).then((template) => removals(template ?? stack.text)),
    liveResources(client, stackId),
  ]);
  const resources = new Map(live.map((each) => [each.address, each]));
  const bare = all.filter(({ address }) => resources.has(address));
  const stores = openStores(connection);
  try {
    const contents = await contentsOf(stores, bare, resources);
    const changes = bare.map((change) => withContents(change, contents.get(change.address), stack, settings));
    const plan: StackPlan = { ...headOf(stack), status: changes.length > 0 ? 'changed' : 'unchanged', changes };
    const holdings = changes.flatMap(({ address, action }): Holding[] => {
      const held = contents.get(address);
      return held === undefined ? [] : [{ address, ...held, isKept: action === 'forget' }];
    });
    const of = (action: 'delete' | 'forget') =>
      changes.flatMap((change) => (change.action === action ? (resources.get(change.address) ?? []) : []));
    return {
      ...{ stack, plan, destroy: true, hasEffect, holdings },
      handle: { ...handle, doomed: of('delete'), kept: of('forget') } satisfies Handle,
    };
  } finally {
    stores.close();
  }
}

async function contentsOf(
  stores: Stores,
  changes: readonly Change[],
  resources: ReadonlyMap<string, LiveResource>,
): Promise<Map<string, Contents>> {
  const asked = await pLimit(AT_ONCE).map(changes, async ({ address, type }) => {
    const contents = await stores.look(type, resources.get(address)?.physicalId ?? '');
    return contents === undefined ? [] : [[address, contents] as const];
  });
  return new Map(asked.flat());
}

/** Says of a change what is in the resource, and of one that stays what it costs and how it comes back. */
function withContents(
  change: Change,
  contents: Contents | undefined,
  { id }: Pick<SynthesizedStack, 'id'>,
  { keptCost }: StackSettings,
): Change {
  const { action, type, reasons } = change;
  if (action === 'forget') {
    const cost = keptCost?.(type, contents?.bytes ?? 0);
    const said = [
      ...(contents === undefined ? [] : [`it holds ${contents.text}`]),
      ...(cost === undefined ? [] : [`kept, it costs about ${cost} a month`]),
      ...(isImportable(type) ? [`\`tandem deploy ${id}\` imports it again`] : []),
    ];
    return { ...change, reasons: [...reasons, ...said] };
  }
  if (contents === undefined) return change;
  const holds = `it holds ${contents.text}`;
  return { ...change, reasons: [...reasons, contents.isWork ? `${CAUTION}${holds}` : holds] };
}
