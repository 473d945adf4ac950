import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { guarded } from '../../fs/guard.ts';
import { userFolder } from '../../fs/user-folders.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { type RunRequest, runLines } from '../run.ts';
import { type Binary, findBinary } from './binary.ts';
import { type TerraformAccess, terraformEnvironment } from './environment.ts';
import { initFailed } from './errors.ts';
import { lastWords } from './failure.ts';
import { forgetInitialized, initFingerprint, isInitialized, markInitialized } from './init-stamp.ts';

export interface TerraformRunsProps {
  /** `terraform.binary` of the organisation. @default auto */
  readonly binary?: string;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** How a stack's cloud is reached, as its configuration says. */
  readonly access: (stack: StackId) => Promise<TerraformAccess>;
}

/** How long the downloads of other processes may take, in milliseconds. */
const OTHER_INITS = 900_000;

/** Runs of the program in work folders that are initialised. */
export interface TerraformRuns {
  request(stack: StackId, folder: string, args: readonly string[], signal: AbortSignal): Promise<RunRequest>;
  /** `terraform init`, where something changed since the last one. @throws TandemError `engine-failed` */
  initialize(stack: SynthesizedStack, folder: string, signal: AbortSignal): Promise<void>;
  /** A command's output on standard output. @throws TandemError `engine-failed` */
  read(stack: StackId, folder: string, args: readonly string[], signal: AbortSignal): Promise<string>;
}

export function terraformRuns(props: TerraformRunsProps): TerraformRuns {
  let binary: Promise<Binary> | undefined;
  let initializing: Promise<unknown> = Promise.resolve();

  const request: TerraformRuns['request'] = async (id, folder, args, signal) => {
    binary ??= findBinary(props.binary ?? 'auto', props.environment);
    const { program } = await binary;
    const pluginCache = pluginCacheOf(folder, props.environment);
    mkdirSync(pluginCache, { recursive: true, mode: 0o700 });
    const environment = terraformEnvironment(props.environment, await props.access(id), pluginCache);
    return { program, args, folder, environment, signal };
  };

  return {
    request,
    /** Terraform's cache of plugins is not safe for two at once, nor for those of two processes. */
    initialize(stack, folder, signal) {
      const turn = initializing.then(async () => {
        const run = await request(stack.id, folder, ['init', '-input=false', '-no-color', '-reconfigure'], signal);
        const { version = '' } = (await binary) ?? {};
        const facts = [run.program, version, run.environment['TF_CLI_CONFIG_FILE'] ?? ''];
        const fingerprint = initFingerprint(stack, folder, facts);
        if (isInitialized(folder, fingerprint, props.environment)) return;
        forgetInitialized(folder);
        const lines: string[] = [];
        const init = () => runLines(run, (line) => void lines.push(line));
        const { code, stderr } = await guarded(pluginCacheOf(folder, props.environment), init, OTHER_INITS);
        if (code !== 0) throw initFailed(stack.id, run.program, lastWords(stderr === '' ? lines.join('\n') : stderr));
        markInitialized(folder, fingerprint, props.environment);
      });
      initializing = turn.catch(() => undefined);
      return turn;
    },
    async read(stack, folder, args, signal) {
      const lines: string[] = [];
      const run = await request(stack, folder, args, signal);
      const { code, stderr } = await runLines(run, (line) => void lines.push(line));
      if (code !== 0) throw initFailed(stack, run.program, lastWords(stderr));
      return lines.join('\n');
    },
  };
}

/** With the user, since the plugins in it are run; where the user has no such place, each work folder has its own. */
function pluginCacheOf(folder: string, environment: NodeJS.ProcessEnv): string {
  const own = userFolder('cache', environment);
  return own === undefined ? join(folder, '.terraform', 'plugin-cache') : join(own, 'terraform-plugins');
}
