import { isKept, isSet } from '@cdktf/provider-openstack/schema';
import { type Difference, differences, leaves } from '../../../plan/difference/differences.ts';
import { canonical } from '../../../plan/difference/json.ts';
import { CAUTION } from '../../../plan/difference/stateful.ts';
import type { AttributeChange, BareChange } from '../../../plan/model.ts';
import { HIDDEN } from '../../../plan/model.ts';
import { listed } from '../../../text/listed.ts';
import { explainMeta, isMeta, lifecycleOf } from './lifecycle.ts';
import type { Block } from './root.ts';
import { forcesReplacement, masked } from './rules.ts';

export const PLAIN = { reasons: [], noise: false, restarts: [], findings: [] } as const;

/** A resource that comes. */
export function created(block: Block, importedId: string | undefined): BareChange {
  const attributes = attributesOf(block, 'after');
  if (importedId === undefined)
    return { ...PLAIN, address: block.address, type: block.type, action: 'create', attributes };
  const reasons = [`it exists already, as ${importedId}, and is imported`];
  return { ...PLAIN, address: block.address, type: block.type, action: 'import', reasons, attributes };
}

/** A resource that goes. */
export function removed(block: Block, isForgotten: boolean): BareChange {
  const attributes = attributesOf(block, 'before');
  if (!isForgotten) return { ...PLAIN, address: block.address, type: block.type, action: 'delete', attributes };
  const reasons = ['it stays in the cloud, and is removed from state'];
  return { ...PLAIN, address: block.address, type: block.type, action: 'forget', reasons, attributes };
}

/** A resource that stays. Undefined where nothing differs. */
export function changed(before: Block, after: Block, movedFrom: string | undefined): BareChange | undefined {
  const { address, type } = after;
  const all = differences(before.body, after.body, { isSet: (path) => isSet(type, path) });
  const lifecycle = lifecycleOf(after.body);
  const meta = all.filter((each) => isMeta(each.path));
  const real = all.filter((each) => !isMeta(each.path));
  const unsaid = real.filter((each) => each.after === null && isKept(type, each.path));
  const effective = real.filter((each) => !lifecycle.ignores(each.path) && !unsaid.includes(each));
  const attributes = effective.map((each) => toAttribute(type, each));
  const forcing = attributes.filter((each) => each.forcesReplacement).map((each) => each.path);
  const reasons: string[] = [];
  if (movedFrom !== undefined) reasons.push(`its address was ${movedFrom}`);
  const change = { ...PLAIN, address, type, attributes };
  if (forcing.length > 0) {
    reasons.push(`${listed(forcing, 4)} cannot be changed in place`);
    return { ...change, action: 'replace', reasons: [...reasons, ...replacementReasons(after)] };
  }
  if (attributes.length > 0) return { ...change, action: 'update', reasons: [...reasons, ...noted(meta)] };
  if (movedFrom !== undefined) return { ...change, action: 'move', reasons: [...reasons, ...noted(meta)] };
  if (meta.length > 0) return { ...change, action: 'update', ...explainMeta(meta) };
  if (unsaid.length > 0)
    reasons.push(
      `the cloud's ${listed(
        unsaid.map((each) => each.path),
        4,
      )} stays, which is no longer said`,
    );
  if (real.length > unsaid.length) reasons.push('lifecycle.ignore_changes ignores the difference');
  if (real.length > 0) return { ...change, action: 'update', reasons, noise: true };
  return undefined;
}

/** What a reader has to know of any replacement of this resource. */
export function replacementReasons(after: Block): string[] {
  const lifecycle = lifecycleOf(after.body);
  return [
    ...(lifecycle.createBeforeDestroy ? ['the new one is created before the old one is destroyed'] : []),
    ...(lifecycle.preventDestroy ? [`${CAUTION}lifecycle.prevent_destroy will refuse it`] : []),
  ];
}

/** Outputs, providers, data sources and the rest: they change no resource by themselves. */
export function changedSetting(before: Block | undefined, after: Block | undefined): BareChange | undefined {
  const block = after ?? before;
  if (block === undefined) return undefined;
  const hidden = before?.body['sensitive'] === true || after?.body['sensitive'] === true;
  const found = differences(before?.body, after?.body).map((each): AttributeChange => {
    const isSecret = hidden && each.path.startsWith('value');
    return {
      path: each.path,
      before: isSecret && each.before !== null ? HIDDEN : each.before,
      after: isSecret && each.after !== null ? HIDDEN : each.after,
      afterUnknown: false,
      sensitive: isSecret,
      forcesReplacement: false,
    };
  });
  const isEmpty = found.every((each) => each.path === '' || canonical(each.before) === '{}');
  if (before !== undefined && after !== undefined && found.length === 0) return undefined;
  return {
    ...PLAIN,
    address: block.address,
    type: block.kind === 'data' ? block.type : block.kind,
    action: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    reasons: settingReasons(block, before !== undefined && after !== undefined),
    attributes: isEmpty ? [] : found,
  };
}

function settingReasons(block: Block, isUpdate: boolean): string[] {
  if (!isUpdate) return [];
  if (block.kind === 'provider') return [`${CAUTION}it may send every resource of the stack to another cloud`];
  if (block.address === 'terraform.backend')
    return [`${CAUTION}the backend changes; \`terraform init -migrate-state\` migrates the state`];
  if (block.kind === 'data') return ['what a data source reads changes'];
  return [];
}

function attributesOf(block: Block, side: 'before' | 'after'): AttributeChange[] {
  return [...leaves(block.body)]
    .filter(([path]) => !isMeta(path))
    .map(([path, value]) => {
      const shown = masked(block.type, path, value);
      return {
        path,
        before: side === 'before' ? shown.value : null,
        after: side === 'after' ? shown.value : null,
        afterUnknown: false,
        sensitive: shown.sensitive,
        forcesReplacement: false,
      };
    });
}

export function toAttribute(type: string, { path, before, after }: Difference): AttributeChange {
  const [left, right] = [masked(type, path, before), masked(type, path, after)];
  return {
    path,
    before: left.value,
    after: right.value,
    afterUnknown: false,
    sensitive: left.sensitive || right.sensitive,
    forcesReplacement: forcesReplacement(type, path, after ?? before),
  };
}

function noted(meta: readonly Difference[]): string[] {
  return meta.length === 0 ? [] : explainMeta(meta).reasons.filter((reason) => !reason.startsWith('only '));
}
