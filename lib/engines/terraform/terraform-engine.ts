import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refusalsOf } from '../../plan/interruptions.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { Engine, EngineOptions, FrozenStackPlan, Outputs, PlanOptions, StackEvent } from '../engine.ts';
import { type Fault, stackFailed } from '../errors.ts';
import { type RunRequest, runFollowed, runLines } from '../run.ts';
import { workFolder } from '../work-folder.ts';
import { type Binary, findBinary } from './binary.ts';
import { TERRAFORM } from './catalogue.ts';
import { type TerraformAccess, terraformEnvironment } from './environment.ts';
import { changeImpossible, initFailed } from './errors.ts';
import { toFault } from './faults.ts';
import { readOutputs } from './outputs.ts';
import { planFolder, removePlanFolder, sweepPlanFolders } from './plan-files.ts';
import { type ReadPlan, type ResourceChange, readPlan, toDriftPlan, toStackPlan } from './plan-json.ts';
import { traceVariables, withRequestIds } from './trace.ts';
import { type Diagnostic, readMessage } from './ui-stream.ts';
import {
  fillWorkFolder,
  forgetInitialized,
  type Import,
  initFingerprint,
  isInitialized,
  markInitialized,
  protectState,
} from './work-folder.ts';

/** Finds what an interrupted apply left: imports for those of all planned changes that are creations of what exists already. */
export type FindLeftovers = (
  stack: StackId,
  planned: readonly ResourceChange[],
  signal: AbortSignal,
) => Promise<readonly Import[]>;

export interface TerraformEngineProps {
  /** The project's root. */
  readonly root: string;
  /** `terraform.binary` of the organisation. @default auto */
  readonly binary?: string;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** How a stack's cloud is reached, as its configuration says. */
  readonly access: (stack: StackId) => Promise<TerraformAccess>;
  /** Compares who calls each stack's cloud with what its configuration names. @default - nothing is compared */
  readonly assertIdentity?: Engine['assertIdentity'];
  /** @default - nothing is looked for */
  readonly findLeftovers?: FindLeftovers;
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
  let binary: Promise<Binary> | undefined;
  let initializing: Promise<unknown> = Promise.resolve();
  const lockTimeout = `-lock-timeout=${props.stateLockSeconds ?? 900}s`;

  const request = async (id: StackId, folder: string, args: readonly string[], signal: AbortSignal) => {
    binary ??= findBinary(props.binary ?? 'auto', props.environment);
    const { program } = await binary;
    const pluginCache = join(props.root, '.tandem', 'cache', 'plugins');
    mkdirSync(pluginCache, { recursive: true });
    const environment = terraformEnvironment(props.environment, await props.access(id), pluginCache);
    return { program, args, folder, environment, signal };
  };

  /** Terraform's cache of plugins is not safe for two at once. */
  const initialize = (stack: SynthesizedStack, folder: string, signal: AbortSignal): Promise<void> => {
    const turn = initializing.then(async () => {
      const run = await request(stack.id, folder, ['init', '-input=false', '-no-color', '-reconfigure'], signal);
      const { version = '' } = (await binary) ?? {};
      const fingerprint = initFingerprint(stack, [run.program, version, run.environment['TF_CLI_CONFIG_FILE'] ?? '']);
      if (isInitialized(folder, fingerprint)) return;
      const lines: string[] = [];
      const { code, stderr } = await runLines(run, (line) => void lines.push(line));
      if (code !== 0) throw initFailed(stack.id, run.program, lastWords(stderr === '' ? lines.join('\n') : stderr));
      markInitialized(folder, fingerprint);
    });
    initializing = turn.catch(() => undefined);
    return turn;
  };

  /** Runs a planning command and reads what it planned. */
  const planned = async (
    stack: SynthesizedStack,
    flags: readonly string[],
    imports: readonly Import[],
    options: EngineOptions,
  ): Promise<{ read: ReadPlan; handle: Handle }> => {
    sweepPlanFolders();
    const folder = fillWorkFolder(props.root, stack, imports, options.readOnly);
    await initialize(stack, folder, options.signal);
    const handle = { folder: planFolder(), file: '' };
    handle.file = join(handle.folder, 'plan');
    try {
      const args = ['plan', '-json', '-input=false', lockTimeout, `-parallelism=${options.parallelism}`];
      const run = await request(stack.id, folder, [...args, `-out=${handle.file}`, ...flags], options.signal);
      await orFail(stack.id, 'planning', () => collect(stack.id, run));
      const lines: string[] = [];
      const show = await request(stack.id, folder, ['show', '-json', handle.file], options.signal);
      const { code, stderr } = await runLines(show, (line) => void lines.push(line));
      if (code !== 0) throw initFailed(stack.id, show.program, lastWords(stderr));
      return { read: readPlan(lines.join('\n')), handle };
    } catch (error) {
      removePlanFolder(handle.folder);
      options.signal.throwIfAborted();
      // A root that lost its plugins is initialised anew by the next attempt.
      forgetInitialized(folder);
      throw error;
    }
  };

  const planWithAdoption = async (stack: SynthesizedStack, options: PlanOptions) => {
    const flags = options.destroy ? ['-destroy'] : [];
    const imports: Import[] = [];
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

  return {
    name: TERRAFORM,

    assertIdentity: (stacks, signal) => props.assertIdentity?.(stacks, signal) ?? Promise.resolve(),

    async plan(stack, options) {
      const { read, handle } = await planWithAdoption(stack, options);
      const plan = toStackPlan(stack.id, read);
      const refused = refusalsOf(plan.changes);
      if (refused !== undefined) {
        removePlanFolder(handle.folder);
        throw changeImpossible(stack.id, refused);
      }
      const hasEffect = read.changes.some((each) => !isNothing(each)) || read.changesOutputs;
      return { stack, plan, destroy: options.destroy, hasEffect, handle };
    },

    async *apply(frozen: FrozenStackPlan, options) {
      const { stack } = frozen;
      const handle = frozen.handle as Handle;
      const folder = workFolder(props.root, stack.id);
      const args = ['apply', '-json', '-input=false', lockTimeout, `-parallelism=${options.parallelism}`, handle.file];
      const run = await request(stack.id, folder, args, options.signal);
      const traceFile = join(handle.folder, 'trace');
      const traced = options.trace === true ? traceVariables(traceFile) : {};
      const outputFile = join(folder, 'apply.jsonl');
      try {
        // Once Terraform works, it has read the plan.
        const onRead = (): void => rmSync(handle.file, { force: true });
        yield* applied(frozen, { ...run, environment: { ...run.environment, ...traced } }, outputFile, onRead);
      } catch (error) {
        if (!(error instanceof TerraformFailure)) throw error;
        const faults = withRequestIds(toFaults(error), traceFile);
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
      return toDriftPlan(stack.id, read);
    },

    async outputs(stack, options): Promise<Outputs> {
      const folder = fillWorkFolder(props.root, stack, [], true);
      await initialize(stack, folder, options.signal);
      const lines: string[] = [];
      const run = await request(stack.id, folder, ['output', '-json', '-no-color'], options.signal);
      const { code, stderr } = await runLines(run, (line) => void lines.push(line));
      if (code !== 0) throw initFailed(stack.id, run.program, lastWords(stderr));
      return readOutputs(lines.join('\n'));
    },
  };
}

async function* applied(
  frozen: FrozenStackPlan,
  run: RunRequest,
  outputFile: string,
  onRead: () => void,
): AsyncGenerator<StackEvent> {
  const { stack } = frozen;
  const errors: Diagnostic[] = [];
  const output = runFollowed(run, outputFile);
  let next = await output.next();
  for (; next.done !== true; next = await output.next()) {
    const { event, diagnostic } = readMessage(stack.id, next.value);
    if (diagnostic?.severity === 'error') errors.push(diagnostic);
    if (event !== undefined) {
      onRead();
      yield event;
    }
  }
  if (next.value.code === 0) return;
  run.signal.throwIfAborted();
  throw new TerraformFailure(errors, next.value.stderr);
}

/** Runs a command with `-json`, keeping its errors. */
async function collect(stack: StackId, run: RunRequest): Promise<void> {
  const errors: Diagnostic[] = [];
  const { code, stderr } = await runLines(run, (line) => {
    const { diagnostic } = readMessage(stack, line);
    if (diagnostic?.severity === 'error') errors.push(diagnostic);
  });
  if (code !== 0) throw new TerraformFailure(errors, stderr);
}

class TerraformFailure extends Error {
  readonly errors: readonly Diagnostic[];
  readonly stderr: string;
  constructor(errors: readonly Diagnostic[], stderr: string) {
    super('terraform failed');
    this.errors = errors;
    this.stderr = stderr;
  }
}

async function orFail<T>(stack: StackId, verb: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TerraformFailure) throw stackFailed(stack, verb, toFaults(error), 1);
    throw error;
  }
}

function toFaults({ errors, stderr }: TerraformFailure): Fault[] {
  const unknown = { severity: 'error', summary: lastWords(stderr), detail: '', address: '' } as const;
  return (errors.length > 0 ? errors : [unknown]).map(toFault);
}

function isNothing({ change, previous_address: previous }: ResourceChange): boolean {
  return (
    change.actions.every((action) => action === 'no-op' || action === 'read') &&
    (change.importing === undefined || change.importing === null) &&
    previous === undefined
  );
}

/** What a program complained of, on one line. */
function lastWords(text: string): string {
  const words = text
    .replaceAll(/[\u2500-\u257f]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const from = words.lastIndexOf('Error: ');
  return words === '' ? 'it gave no reason' : words.slice(from < 0 ? -600 : from + 'Error: '.length).slice(0, 600);
}
