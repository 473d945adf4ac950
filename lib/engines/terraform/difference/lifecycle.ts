import { type Difference, withoutIndexes } from '../../../plan/difference/differences.ts';
import { CAUTION } from '../../../plan/difference/stateful.ts';
import { inExpression, type Reference } from './references.ts';
import { addressOf, type Body, listOf } from './root.ts';

/** How Terraform is told to handle a resource. */
export interface Lifecycle {
  readonly createBeforeDestroy: boolean;
  readonly preventDestroy: boolean;
  /** Whether a change at a path is ignored. */
  readonly ignores: (path: string) => boolean;
  readonly replaceTriggeredBy: readonly Reference[];
}

/** Arguments of Terraform itself; the cloud does not see them. */
const META = /^(?:depends_on|lifecycle|provider|timeouts|connection|provisioner)(?:\.|$)/;

export function isMeta(path: string): boolean {
  return META.test(path);
}

export function lifecycleOf(body: Body): Lifecycle {
  const [lifecycle = {}] = listOf(body['lifecycle']);
  const ignored = lifecycle['ignore_changes'];
  const all = ignored === 'all' || (Array.isArray(ignored) && ignored.includes('all'));
  const names = Array.isArray(ignored) ? ignored.map((name) => addressOf(name).replace(/\[([^\]]*)\]/g, '.$1')) : [];
  const triggers = lifecycle['replace_triggered_by'];
  return {
    createBeforeDestroy: lifecycle['create_before_destroy'] === true,
    preventDestroy: lifecycle['prevent_destroy'] === true,
    ignores: (path) =>
      all || names.some((name) => path === name || path.startsWith(`${name}.`) || withoutIndexes(path) === name),
    replaceTriggeredBy: Array.isArray(triggers) ? triggers.flatMap((each) => inExpression(addressOf(each))) : [],
  };
}

/** What differences of meta-arguments mean to a reader. `noise`: nothing that anybody has to decide. */
export function explainMeta(differences: readonly Difference[]): { reasons: string[]; noise: boolean } {
  const reasons = new Set<string>();
  let noise = true;
  for (const { path, before, after } of differences) {
    if (path.startsWith('depends_on')) reasons.add('only its dependencies change');
    else if (
      path.endsWith('prevent_destroy') ||
      (path === 'lifecycle' && JSON.stringify([before, after]).includes('prevent_destroy'))
    ) {
      noise = false;
      const now = JSON.stringify(after ?? null).includes('true');
      reasons.add(
        now
          ? 'it is protected against destruction from now on'
          : `${CAUTION}it is no longer protected against destruction`,
      );
    } else if (path.startsWith('provider')) {
      noise = false;
      reasons.add('another provider configuration manages it');
    } else reasons.add(`only how Terraform handles it changes: ${path.split('.').slice(0, 2).join('.')}`);
  }
  return { reasons: [...reasons], noise };
}
