import { CAUTION, RETAINED } from '../../plan/difference/stateful.ts';
import type { Action, AttributeChange } from '../../plan/model.ts';
import { counted } from '../../text/plural.ts';
import type { PlanJson, ResourceChange } from './plan-schema.ts';

/** Actions of Terraform's plans, and of OpenTofu's, on what they manage. */
export const KNOWN: ReadonlySet<string> = new Set(['no-op', 'read', 'create', 'update', 'delete', 'forget']);

/** `action_reason`, in words; that of a change that its attributes explain is empty. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: 'it is tainted: its last creation was interrupted or failed',
  replace_because_cannot_update: '',
  replace_by_request: 'its replacement was requested',
  replace_by_triggers: 'a resource in its replace_triggered_by changes',
  delete_because_no_resource_config: 'no longer configured',
  delete_because_no_module: 'no longer configured',
  delete_because_no_move_target: 'it was moved to what is not configured',
  delete_because_wrong_repetition: 'count or for_each was added to its configuration, or taken out of it',
  delete_because_count_index: 'its index is beyond count',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_enabled_false: 'its enabled is false',
};

/** Why a change is what it is, what is adopted and from where it comes, in words. Pure. */
export function reasonsOf(told: ResourceChange, action: Action, attributes: readonly AttributeChange[]): string[] {
  const { action_reason: reason, previous_address: previous, change } = told;
  const reasons: string[] = [];
  for (const each of change.actions)
    if (!KNOWN.has(each)) reasons.push(`${CAUTION}Terraform calls it "${each}", which this Tandem does not know`);
  if (change.importing !== undefined && change.importing !== null)
    reasons.push(`exists as ${change.importing.id ?? 'something else'} and is imported`);
  if (previous !== undefined) reasons.push(`was ${previous} in the state`);
  if (change.actions.includes('forget'))
    reasons.push(action === 'replace' ? RETAINED : 'it stays in the cloud, and is removed from the state');
  const forcing = attributes.filter((each) => each.forcesReplacement).map((each) => each.path);
  if (action === 'replace' && forcing.length > 0) reasons.push(`${forcing.join(', ')} cannot be changed in place`);
  const word = reason === undefined ? '' : (REASONS[reason] ?? `Terraform's reason: ${reason.replaceAll('_', ' ')}`);
  if (word !== '') reasons.push(word);
  return reasons;
}

/** Why a plan may not be taken for all that there is. Absent fields are those of older versions, which had no such plans. */
export function failureOf({ errored, applyable, resource_changes: changes }: PlanJson): string | undefined {
  if (errored === true) return 'Terraform could not finish this plan: more than is shown may change';
  const isEmpty = changes.every(({ change }) => change.actions.every((each) => each === 'no-op' || each === 'read'));
  return applyable === false && !isEmpty ? 'Terraform says that this plan cannot be applied' : undefined;
}

const PUT_OFF: Readonly<Record<string, string>> = {
  instance_count_unknown: 'how many there are is not known yet',
  resource_config_unknown: 'its configuration is not known yet',
  provider_config_unknown: 'the configuration of its provider is not known yet',
  absent_prereq: 'what it needs is not there yet',
  deferred_prereq: 'what it needs is put off as well',
};

/** What a plan says beside its changes: what is put off to a later one, and checks that fail. */
export function notesOf({ deferred_changes: deferred, complete, checks }: PlanJson): string[] {
  const put = deferred.map(({ reason = '', resource_change: change }) => {
    const why = PUT_OFF[reason] ?? reason.replaceAll('_', ' ');
    return `${change?.address ?? 'something'}${why === '' ? '' : ` (${why})`}`;
  });
  const failed = checks.filter(({ status }) => status === 'fail' || status === 'error');
  const told = failed.map(({ address, instances = [] }) => {
    const problems = instances.flatMap(({ problems = [] }) => problems.map(({ message }) => message ?? ''));
    const why = problems.filter((each) => each !== '').join(' ');
    return `${address.to_display ?? 'a check'} fails${why === '' ? '' : `: ${why}`}`;
  });
  if (put.length > 0) return [`${counted(put.length, 'change')} put off to a later plan: ${put.join(', ')}`, ...told];
  return complete === false ? ['Terraform says that this plan is incomplete: a later one has more', ...told] : told;
}
