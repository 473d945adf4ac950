import { leaves } from '../../plan/difference/differences.ts';
import { withRenameHints } from '../../plan/difference/renames.ts';
import { withCaution } from '../../plan/difference/stateful.ts';
import type { BareChange } from '../../plan/model.ts';
import { isRecord } from '../../text/json.ts';
import type { Mac } from '../engine.ts';
import { withConsequences } from './difference/consequences.ts';
import { withRunning } from './difference/running.ts';
import { diffSettings } from './difference/settings.ts';
import { holdsIntrinsic, isIntrinsic } from './difference/values.ts';
import { renewedInputs } from './exchange.ts';
import { maskedBy } from './mask.ts';
import { readTemplate } from './template.ts';

type Template = Readonly<Record<string, unknown>>;

/**
 * The semantic difference of two CloudFormation templates; replacement and access as `@aws-cdk/cloudformation-diff` knows them,
 * which is loaded only where a stack was there before. Undefined is a stack that does not exist.
 * @param renewed names of inputs that get another value from other stacks
 * @param mac tells hidden values apart. @default they are alike
 */
export async function diffCloudFormation(
  before: string | undefined,
  after: string | undefined,
  renewed: readonly string[] = [],
  mac?: Mac,
): Promise<BareChange[]> {
  if (before === after && renewed.length === 0) return [];
  const facts = [before, after].flatMap((text) => (text === undefined ? [] : [readTemplate(text)]));
  const changes = await compare(parse(before), parse(after), renewed);
  return changes.map((change) => maskedBy(change, facts, mac));
}

async function compare(
  left: Template | undefined,
  right: Template | undefined,
  renewed: readonly string[],
): Promise<BareChange[]> {
  const [old, now] = [resourcesOf(left), resourcesOf(right)];
  const changes = diffSettings(left, right);
  for (const [id, resource] of old) if (!now.has(id)) changes.push(removed(id, resource));
  for (const [id, resource] of now) if (!old.has(id)) changes.push(created(id, resource));
  if (left === undefined || right === undefined) return finished(changes);
  changes.push(...(await changedResources(left, right, changes)));
  const known = new Set(changes.map(({ address }) => address));
  changes.push(...renewedInputs(right, renewed).filter(({ address }) => !known.has(address)));
  const { replaces } = await import('./difference/replaces.ts');
  const all = withConsequences(changes, right, replaces);
  return finished(all.map((change) => withRunning(change, now.get(change.address))));
}

function finished(changes: readonly BareChange[]): BareChange[] {
  return withRenameHints(
    changes,
    (from, to) => `give it the logical id ${from} again, or refactor the stack from ${from} to ${to}`,
  )
    .map(withCaution)
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

async function changedResources(left: Template, right: Template, others: BareChange[]): Promise<BareChange[]> {
  const { changedResource } = await import('./difference/diff-resource.ts');
  const { broadenedAccess } = await import('./difference/access.ts');
  const changes: BareChange[] = [];
  const [old, now] = [resourcesOf(left), resourcesOf(right)];
  for (const [id, resource] of now) {
    const change = changedResource(id, old.get(id), resource);
    if (change !== undefined) changes.push(change);
  }
  others.forEach((change, index) => {
    if (change.action !== 'create' || !now.has(change.address)) return;
    const access = broadenedAccess(change.address, change.type, undefined, now.get(change.address));
    others[index] = { ...change, reasons: [...change.reasons, ...access] };
  });
  return changes;
}

function created(id: string, resource: Template): BareChange {
  return { ...bare(id, resource), action: 'create', attributes: attributesOf(resource, 'after') };
}

function removed(id: string, resource: Template): BareChange {
  const isKept = resource['DeletionPolicy'] === 'Retain' || resource['DeletionPolicy'] === 'RetainExceptOnCreate';
  const kept = ['it stays in the account, and is removed from the stack'];
  const snapshot = resource['DeletionPolicy'] === 'Snapshot' ? ['a snapshot of it is kept'] : [];
  return {
    ...bare(id, resource),
    action: isKept ? 'forget' : 'delete',
    reasons: isKept ? kept : snapshot,
    attributes: attributesOf(resource, 'before'),
  };
}

function bare(address: string, resource: Template): Omit<BareChange, 'action' | 'attributes'> {
  const type = String(resource['Type']);
  return { address, type, reasons: [], noise: type === 'AWS::CDK::Metadata', restarts: [], findings: [] };
}

function attributesOf(resource: Template, side: 'before' | 'after'): BareChange['attributes'] {
  return [...leaves(resource['Properties'] ?? {}, isIntrinsic)].map(([path, value]) => ({
    path,
    before: side === 'before' ? value : null,
    after: side === 'after' ? value : null,
    afterUnknown: side === 'after' && holdsIntrinsic(value),
    sensitive: false,
    forcesReplacement: false,
  }));
}

function parse(text: string | undefined): Template | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Template);
}

function resourcesOf(template: Template | undefined): Map<string, Template> {
  const resources = template?.['Resources'];
  return new Map(isRecord(resources) ? Object.entries(resources).map(([id, each]) => [id, each as Template]) : []);
}
