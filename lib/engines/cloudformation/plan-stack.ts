import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { Change, StackPlan } from '../../plan/model.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { FrozenStackPlan, PlanOptions } from '../engine.ts';
import { unsetOf } from './afterwards/settings.ts';
import { settingChanges, withAfterwards } from './afterwards/wanted.ts';
import { publishTemplate } from './assets.ts';
import { CLOUDFORMATION } from './catalogue.ts';
import {
  type ChangeSet,
  type ChangeSetRequest,
  makeChangeSet,
  removeChangeSet,
  sweepChangeSets,
} from './change-set.ts';
import { toChanges } from './change-set-plan.ts';
import type { CloudFormationConnection } from './connection.ts';
import { stackStuck } from './errors.ts';
import type { Handle } from './handle.ts';
import { type LiveStack, liveTemplate, settledStack } from './live-stack.ts';
import { planningError } from './planning-error.ts';
import { importTemplate, type KeptResource, NOTHING_KEPT, toImport, withImports } from './retained/kept.ts';
import { keptFor } from './retained/note.ts';
import { liveResources } from './stack-state.ts';
import { readTemplate } from './template.ts';
import { creation, protectionChange } from './whole-stack.ts';

/** What a stack is beside its template. */
export interface StackSettings {
  readonly terminationProtection: boolean;
  /** Of the stack, which CloudFormation hands on to every resource. */
  readonly tags: Readonly<Record<string, string>>;
  /** Zones in which it is configured to run: `eu-west-3a`. @default - none are known */
  readonly zones?: readonly string[];
  /** What a resource that outlives its stack costs a month, as `1.2 EUR`; undefined where it costs nothing, or has no price. */
  readonly keptCost?: (type: string, bytes: number) => string | undefined;
  /** The line where a reader finds termination protection: `config/environments/prod.yaml`. */
  readonly file: string;
}

export interface PlanProps {
  /** The stack's account and Region, compared with who we are. */
  readonly connect: (stack: StackId) => Promise<CloudFormationConnection>;
  readonly settings: (stack: SynthesizedStack) => StackSettings;
  /** Resources of other stacks that it takes in. @default - none */
  readonly noted?: (stack: StackId) => readonly KeptResource[];
  /** They are its own by now. */
  readonly forgetNoted?: (stack: StackId) => void;
}

/** Templates larger than this, in bytes, go through the bootstrap's bucket. Source: cloudformation-limits.html */
const BODY_LIMIT = 51_200;

/** What stayed of the stack itself, and what was noted of others. */
export async function toImportFor(
  { noted }: Pick<PlanProps, 'noted'>,
  connection: CloudFormationConnection,
  stack: SynthesizedStack,
): Promise<typeof NOTHING_KEPT> {
  const kept = await keptFor(connection, stack);
  const own = new Set(kept.resources.map(({ address }) => address));
  const others = noted?.(stack.id).filter(({ address }) => !own.has(address)) ?? [];
  return { at: kept.at, resources: [...kept.resources, ...others] };
}

/** Plans against the live stack: what is confirmed is a change set, and that is what is executed. */
export async function planDeploy(
  props: PlanProps,
  stack: SynthesizedStack,
  options: PlanOptions,
): Promise<FrozenStackPlan> {
  const connection = await props.connect(stack.id);
  const client = connection.cloudFormation;
  const live = await settledStack(client, stack.id, options);
  if (live.condition === 'broken') throw broken(stack.id, live);
  const { terminationProtection } = props.settings(stack);
  const isEmpty = live.condition === 'empty' || (await isEmptyImport(client, live));
  const exists = live.condition === 'ready' && !isEmpty;
  const isProtected = live.stack?.EnableTerminationProtection ?? false;
  const protection = isProtected === terminationProtection ? undefined : terminationProtection;
  const stackId = live.stack?.StackId;
  const kept = exists ? NOTHING_KEPT : await toImportFor(props, connection, stack);
  const unset = exists ? settingChanges(await unsetOf(connection, stack.text, stackId ?? '')) : [];
  const frozen = (
    changes: readonly Change[],
    hasEffect: boolean,
    changeSet: ChangeSet | undefined,
    drift: readonly Change[] = [],
  ) => {
    const handle: Handle = { connection, stackId, changeSet, recreate: isEmpty, protection, kept: kept.resources };
    const shown = exists
      ? [...changes, ...unset, ...(protection === undefined ? [] : [protectionChange(isProtected, protection)])]
      : withAfterwards(changes, stack.text);
    const status = shown.length > 0 ? 'changed' : 'unchanged';
    const plan: StackPlan = { ...headOf(stack), status, changes: shown, drift };
    return {
      stack,
      plan,
      destroy: false,
      hasEffect: hasEffect || unset.length > 0 || protection !== undefined,
      handle,
    };
  };
  const created = async () => withImports(await creation(stack, isEmpty, options.mac), kept);
  if (isEmpty || (!exists && options.readOnly === true)) return frozen(await created(), true, undefined);
  if (live.condition !== 'absent' && options.readOnly !== true) await sweepChangeSets(client, artefactName(stack.id));
  if (kept.resources.length > 0) {
    const changeSet = await changeSetOf(connection, props, stack, 'IMPORT', options.signal, kept.resources);
    return frozen(await created(), true, changeSet);
  }
  const changeSet = await changeSetOf(connection, props, stack, exists ? 'UPDATE' : 'CREATE', options.signal);
  const before = exists ? await liveTemplate(client, changeSet.stackId) : undefined;
  const { changes, drift } = changeSet.isExecutable
    ? await toChanges(changeSet.changes, exists ? (before ?? stack.text) : undefined, stack.text, options.mac)
    : { changes: [], drift: [] };
  if (!changeSet.isExecutable) await removeChangeSet(client, changeSet);
  return frozen(changes, changeSet.isExecutable, changeSet.isExecutable ? changeSet : undefined, drift);
}

/** An import that was rolled back leaves a stack without resources, which stands in the way of a creation. */
async function isEmptyImport(
  client: CloudFormationConnection['cloudFormation'],
  { stack }: LiveStack,
): Promise<boolean> {
  return (
    stack?.StackStatus === 'IMPORT_ROLLBACK_COMPLETE' && (await liveResources(client, stack.StackId ?? '')).length === 0
  );
}

/** Has CloudFormation work out what the stack's artefact changes. @param kept - What an import takes in, and nothing else */
export async function changeSetOf(
  connection: CloudFormationConnection,
  { settings }: Pick<PlanProps, 'settings'>,
  stack: SynthesizedStack,
  kind: ChangeSetRequest['kind'],
  signal: AbortSignal,
  kept: readonly KeptResource[] = [],
): Promise<ChangeSet> {
  const { account, region, partition } = connection;
  const { qualifier } = readTemplate(stack.text);
  const tags = [...Object.entries(settings(stack).tags).map(([Key, Value]) => ({ Key, Value }))];
  const role = `arn:${partition}:iam::${account}:role/cdk-${qualifier ?? ''}-cfn-exec-role-${account}-${region}`;
  const text = kind === 'IMPORT' ? importTemplate(stack.text, kept) : stack.text;
  const isLarge = Buffer.byteLength(text) > BODY_LIMIT && qualifier !== undefined;
  try {
    const body = isLarge
      ? { TemplateURL: await publishTemplate(connection, stack.id, { ...stack, qualifier }) }
      : { TemplateBody: text };
    return await makeChangeSet(connection.cloudFormation, {
      ...{ stack: artefactName(stack.id), kind, signal, Tags: tags },
      ...body,
      ...(stack.given === undefined ? {} : { Parameters: parametersOf(stack.given) }),
      ...(qualifier === undefined ? {} : { RoleARN: role }),
      ...(kind === 'IMPORT' ? { ResourcesToImport: kept.map(toImport) } : {}),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw planningError(error, stack, connection);
  }
}

function parametersOf(given: NonNullable<SynthesizedStack['given']>): Parameter[] {
  return Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

function broken(id: StackId, { stack }: LiveStack): Error {
  const { StackStatus: status = '', StackStatusReason: why = '' } = stack ?? {};
  const next = status.startsWith('UPDATE')
    ? `\`aws cloudformation rollback-stack --stack-name ${artefactName(id)}\` rolls it back; then run again`
    : `\`tandem destroy ${id}\` deletes what is left of it; then \`tandem deploy ${id}\` creates it again`;
  return stackStuck(id, status, why, next);
}

export function headOf({ id }: SynthesizedStack): Pick<StackPlan, 'id' | 'engine' | 'unresolvedInputs' | 'drift'> {
  return { id, engine: CLOUDFORMATION, unresolvedInputs: [], drift: [] };
}
