import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refusalsOf } from '../../plan/difference/interruptions.ts';
import type { Change, StackPlan } from '../../plan/model.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { Engine, FrozenStackPlan, Outputs, PlanOptions } from '../engine.ts';
import { type Fault, stackFailed } from '../errors.ts';
import { forgetImports, notedImports } from '../import-note.ts';
import { workFolder } from '../work-folder.ts';
import { wantedIn } from './adopt/existing.ts';
import { applyPlan } from './apply.ts';
import { TERRAFORM } from './catalogue.ts';
import { changeImpossible, stateUnwritten, terraformStillRuns } from './errors.ts';
import { collect, orFail, TerraformFailure, toFaults } from './failure.ts';
import { forgetInitialized } from './init-stamp.ts';
import { checkOut, type KeptStates, readState, recoverStates, removeWorking, writeState } from './kept-state.ts';
import { readOutputs } from './outputs.ts';
import { liftPins } from './pins.ts';
import { planFolder, removePlanFolder, sweepPlanFolders } from './plan-files.ts';
import { type ReadPlan, readPlan, toDriftPlan, toStackPlan } from './plan-json.ts';
import type { ResourceChange } from './plan-schema.ts';
import { forgetRunning, noteRunning, waitForEarlier } from './running.ts';
import { type TerraformRunsProps, terraformRuns } from './terraform-runs.ts';
import { traceVariables, withRequestIds } from './trace.ts';
import { variablesOf } from './variables.ts';
import { ERRORED, fillWorkFolder, type Import, protectState } from './work-folder.ts';

/** Finds what an interrupted apply left: imports for those of all planned changes that are creations of what exists already. */
export type FindLeftovers = (
  stack: StackId,
  planned: readonly ResourceChange[],
  signal: AbortSignal,
) => Promise<readonly Import[]>;

/** What a project that a stack made for itself holds, and its state does not know. */
export type FindUnmanaged = (
  stack: StackId,
  projectId: string,
  options: {
    /** Ids of what the state knows. */
    readonly managed: ReadonlySet<string>;
    /** Everything, at some dozens of requests; else only what stands open. */
    readonly isEverything: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<readonly Change[]>;

export interface TerraformEngineProps extends TerraformRunsProps {
  /** The project's root. */
  readonly root: string;
  /** Where states are kept, to save what a failed run could not, and to encrypt them. @default - Terraform alone knows */
  readonly kept?: KeptStates;
  /** Compares who calls each stack's cloud with what its configuration names. @default - nothing is compared */
  readonly assertIdentity?: Engine['assertIdentity'];
  /** @default - nothing is looked for */
  readonly findLeftovers?: FindLeftovers;
  /** What the project of a stack holds besides what its state manages, as drift. @default - nothing is looked for */
  readonly findUnmanaged?: FindUnmanaged;
  /** Adds what the cloud tells of why something failed. @default - nothing is asked */
  readonly explain?: (stack: StackId, faults: readonly Fault[], signal: AbortSignal) => Promise<readonly Fault[]>;
  /** How long Terraform waits for a state that a run outliving its Tandem still writes, in seconds. @default 900 */
  readonly stateLockSeconds?: number;
}

/** Adoption goes from parents to children: what stands in an adopted project is found once the project is known. */
const ADOPTION_ROUNDS = 6;

interface Handle {
  readonly folder: string;
  readonly file: string;
}

/** Terraform or OpenTofu, run in `.tandem/work/<stack>` on the synthesized root. */
export function terraformEngine(props: TerraformEngineProps): Engine {
  const runs = terraformRuns(props);
  const waitSeconds = props.stateLockSeconds ?? 900;
  const lockTimeout = `-lock-timeout=${waitSeconds}s`;
  const { kept } = props;
  const isSealed = kept?.states.isSealed ?? false;

  /** A Terraform of ours that was killed holds its lock for ever in a back end that keeps locks. */
  const breakLockOf = async (stack: StackId, error: unknown): Promise<never> => {
    if (error instanceof TerraformFailure && error.isKilled) await kept?.states.breakLock(stack);
    throw error;
  };

  /** A work folder with nothing of an earlier run in it that is not where it belongs. */
  const prepared = async (
    stack: SynthesizedStack,
    imports: readonly Import[],
    { signal, readOnly = false, emit }: Pick<PlanOptions, 'signal' | 'readOnly' | 'emit'>,
  ): Promise<string> => {
    const own = workFolder(props.root, stack.id);
    const tell = (text: string): void => emit?.({ kind: 'message', stack: stack.id, level: 'info', text });
    if (readOnly) {
      if (existsSync(join(own, ERRORED))) throw stateUnwritten(stack.id, join(own, ERRORED));
    } else {
      const onWait = (): void => tell('the Terraform of an earlier run still works; waiting for it');
      const earlier = await waitForEarlier(own, waitSeconds, signal, onWait);
      if (earlier === 'running') throw terraformStillRuns(stack.id, waitSeconds);
      if (earlier === 'ended') await kept?.states.breakLock(stack.id);
      forgetRunning(own);
    }
    const folder = fillWorkFolder(props.root, stack, imports, { readOnly, isSealed });
    if (kept !== undefined && !readOnly) await recoverStates(stack.id, folder, kept, tell);
    if (kept !== undefined && isSealed) await checkOut(stack.id, folder, kept);
    await runs.initialize(stack, folder, signal);
    return folder;
  };

  /** Runs a planning command and reads what it planned. */
  const planned = async (
    stack: SynthesizedStack,
    flags: readonly string[],
    imports: readonly Import[],
    options: Omit<PlanOptions, 'destroy' | 'adopt'>,
  ): Promise<{ read: ReadPlan; handle: Handle }> => {
    sweepPlanFolders();
    const isLook = options.readOnly === true;
    const folder = await prepared(stack, imports, options);
    const handle = { folder: planFolder(), file: '' };
    handle.file = join(handle.folder, 'plan');
    try {
      // Who only looks waits for nobody, and is in nobody's way.
      const lock = isLook ? '-lock=false' : lockTimeout;
      const args = ['plan', '-json', '-input=false', lock, `-parallelism=${options.parallelism}`];
      const run = await runs.request(stack.id, folder, [...args, `-out=${handle.file}`, ...flags], options.signal);
      // One whose Tandem is killed leaves its lock in a back end that keeps locks.
      const given = { ...run, environment: { ...run.environment, ...variablesOf(stack, flags.includes('-destroy')) } };
      const noted = isLook ? given : { ...given, onStart: (processId: number) => noteRunning(folder, processId) };
      const plan = () => collect(stack.id, noted).catch((error: unknown) => breakLockOf(stack.id, error));
      await orFail(stack.id, plan);
      if (!isLook) forgetRunning(folder);
      const shown = await runs.read(stack.id, folder, ['show', '-json', handle.file], options.signal);
      return { read: readPlan(shown), handle };
    } catch (error) {
      removePlanFolder(handle.folder);
      options.signal.throwIfAborted();
      if (!isLook) forgetRunning(folder);
      // A root that lost its plugins is initialised anew by the next attempt.
      forgetInitialized(folder);
      throw error;
    } finally {
      if (isSealed) removeWorking(folder);
    }
  };

  const planWithAdoption = async (stack: SynthesizedStack, options: PlanOptions) => {
    const parts = (options.only ?? []).map((address) => `-target=${address}`);
    const flags = [...(options.destroy ? ['-destroy'] : []), ...parts];
    const noted = options.destroy ? [] : notedImports(props.root, stack.id);
    // What the configuration no longer asks for has nowhere to go.
    const asked = new Set(noted.length === 0 ? [] : wantedIn(stack.text).map(({ address }) => address));
    const imports: Import[] = noted.filter(({ to }) => asked.has(to)).map(({ to, id }) => ({ to, id }));
    for (let round = 0; ; round += 1) {
      const result = await planned(stack, flags, imports, options);
      if (!options.adopt || props.findLeftovers === undefined || round === ADOPTION_ROUNDS) return result;
      const known = new Set(imports.map((each) => each.to));
      const isMissing = result.read.changes.some(
        (each) => each.change.actions.includes('create') && !known.has(each.address),
      );
      const found = isMissing ? await props.findLeftovers(stack.id, result.read.changes, options.signal) : [];
      if (found.length === 0) return result;
      imports.push(...found);
      removePlanFolder(result.handle.folder);
      for (const { to } of found)
        options.emit?.({
          kind: 'message',
          stack: stack.id,
          level: 'info',
          text: `${to} exists already and is imported`,
        });
    }
  };

  const withUnmanaged = async (
    plan: StackPlan,
    read: ReadPlan,
    options: { readonly isEverything: boolean; readonly signal: AbortSignal },
  ): Promise<StackPlan> => {
    if (read.ownProject === undefined || props.findUnmanaged === undefined) return plan;
    const found = await props.findUnmanaged(plan.id, read.ownProject, { managed: read.managed, ...options });
    return { ...plan, drift: [...plan.drift, ...found] };
  };

  return {
    name: TERRAFORM,

    assertIdentity: (stacks, signal) => props.assertIdentity?.(stacks, signal) ?? Promise.resolve(new Map()),

    async plan(stack, options) {
      const text = liftPins(options.applied, stack.text, options.unpinned);
      const { read, handle } = await planWithAdoption({ ...stack, text }, options);
      const own = toStackPlan(stack.id, read, options.mac);
      // Who only looks is told of what stands open; a deploy changes nothing of it and need not ask.
      const look = { isEverything: false, signal: options.signal };
      const plan = options.readOnly === true ? await withUnmanaged(own, read, look) : own;
      const refused = refusalsOf(plan.changes);
      if (refused !== undefined) {
        removePlanFolder(handle.folder);
        throw changeImpossible(stack.id, refused);
      }
      const hasEffect = read.changes.some((each) => !isNothing(each)) || read.outputs.size > 0;
      return { stack, plan, destroy: options.destroy, hasEffect, handle };
    },

    async *apply(frozen: FrozenStackPlan, options) {
      const { stack } = frozen;
      const handle = frozen.handle as Handle;
      const folder = workFolder(props.root, stack.id);
      const args = ['apply', '-json', '-input=false', lockTimeout, `-parallelism=${options.parallelism}`, handle.file];
      const run = await runs.request(stack.id, folder, args, options.signal);
      const traceFile = join(handle.folder, 'trace');
      const traced = options.trace === true ? traceVariables(traceFile) : {};
      try {
        const own = { ...run, environment: { ...run.environment, ...traced } };
        yield* applyPlan({ frozen, planFile: handle.file, run: own, options, kept });
        forgetImports(props.root, stack.id);
      } catch (error) {
        if (!(error instanceof TerraformFailure)) throw error;
        await breakLockOf(stack.id, error).catch(() => undefined);
        const told = withRequestIds(toFaults(error), traceFile);
        const faults = (await props.explain?.(stack.id, told, options.signal)) ?? told;
        throw stackFailed(stack.id, frozen.destroy ? 'destroying' : 'applying', faults, 1);
      } finally {
        removePlanFolder(handle.folder);
        protectState(props.root, stack.id);
      }
    },

    async discard(frozen) {
      removePlanFolder((frozen.handle as Handle).folder);
    },

    async drift(stack, options) {
      const { read, handle } = await planned(stack, [], [], { ...options, readOnly: true });
      removePlanFolder(handle.folder);
      return await withUnmanaged(toDriftPlan(stack.id, read), read, { isEverything: true, signal: options.signal });
    },

    async outputs(stack, options): Promise<Outputs> {
      const folder = await prepared(stack, [], { signal: options.signal, readOnly: true });
      try {
        return readOutputs(await runs.read(stack.id, folder, ['output', '-json', '-no-color'], options.signal));
      } finally {
        if (isSealed) removeWorking(folder);
      }
    },

    readState: (stack) => readState(stack, kept),

    async writeState({ id }, text) {
      if (kept !== undefined) await writeState(id, workFolder(props.root, id), text, kept);
    },
  };
}

function isNothing({ change, previous_address: previous }: ResourceChange): boolean {
  return (
    change.actions.every((action) => action === 'no-op' || action === 'read') &&
    (change.importing === undefined || change.importing === null) &&
    previous === undefined
  );
}
