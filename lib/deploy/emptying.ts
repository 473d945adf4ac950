import { lostWork } from '../engines/holdings.ts';
import type { StackId } from '../stack/id.ts';
import { holdsData } from './errors.ts';
import type { LivePlan } from './plan-targets.ts';
import type { DeployOptions } from './ports.ts';

/**
 * Stacks that are emptied before they are deleted, by the operator's word; undefined where that is no. What is put into another one
 * meanwhile was shown to nobody, and makes its deletion fail.
 * @throws TandemError `holds-data`
 */
export async function stacksToEmpty(
  changing: readonly LivePlan[],
  { empty = false, confirmEmpty }: Pick<DeployOptions, 'empty' | 'confirmEmpty'>,
): Promise<ReadonlySet<StackId> | undefined> {
  if (empty) return new Set(changing.flatMap(({ target }) => (target.destroy ? [target.stack.id] : [])));
  const lost = changing.flatMap(({ target, frozen }) => {
    const holdings = lostWork(frozen?.holdings ?? []);
    return holdings.length === 0 ? [] : [{ stack: target.stack.id, holdings }];
  });
  if (lost.length === 0) return new Set();
  if (confirmEmpty === undefined) throw holdsData(lost);
  return (await confirmEmpty(lost)) ? new Set(lost.map(({ stack }) => stack)) : undefined;
}
