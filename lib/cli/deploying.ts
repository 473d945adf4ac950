import type { Project } from '../config/project.ts';
import { deployStacks } from '../deploy/deploy.ts';
import type { DeployPorts, DeployResult, Target } from '../deploy/ports.ts';
import { deployPorts } from '../deploy/real.ts';
import { duration } from '../text/duration.ts';
import { counted } from '../text/plural.ts';
import { type AskFlags, ask } from './asking.ts';
import type { CommonFlags } from './common-flags.ts';
import type { TandemContext } from './context.ts';
import { deployProgress } from './deploy-progress.ts';
import { interruption } from './interruption.ts';
import { requireProject } from './workspace.ts';

export interface DeployFlags extends CommonFlags, AskFlags {
  readonly lockTimeout: number;
  readonly verbose: boolean;
}

export interface Deploying {
  readonly project: Project;
  readonly ports: DeployPorts;
}

export async function openDeploying(context: TandemContext): Promise<Deploying> {
  const project = requireProject(context);
  return { project, ports: await deployPorts({ root: context.root(), project, environment: context.process.env }) };
}

export interface RunRequest {
  readonly verb: string;
  readonly targets: readonly Target[];
  readonly operation?: string;
  readonly arguments?: Readonly<Record<string, string>>;
}

/** Runs an operation with progress on stderr; with `--json`, its events and its result on stdout, one a line. */
export async function runDeploy(
  context: TandemContext,
  flags: DeployFlags,
  { project, ports }: Deploying,
  { verb, targets, operation, ...rest }: RunRequest,
): Promise<void> {
  const progress = deployProgress(context);
  try {
    const result = await deployStacks(
      ports,
      { project, targets },
      {
        verb,
        signal: interruption(context),
        ...(flags.parallelism === undefined ? {} : { parallelism: flags.parallelism }),
        lockTimeoutSeconds: flags.lockTimeout,
        confirm: async (plan) => {
          const { renderText } = await import('../plan/render-text.ts');
          const { withAvailability } = await import('../cloud-operations/plan-availability.ts');
          context.log(
            renderText(withAvailability(plan, project, context.root()), {
              colors: context.colors,
              verbose: flags.verbose,
            }),
          );
          return ask(context, flags, verb === 'destroy' ? 'Destroy this?' : 'Do this?');
        },
        emit: (event) => {
          progress.emit(event);
          if (flags.json) context.out(`${JSON.stringify(event)}\n`);
        },
        ...(operation === undefined ? {} : { operation: { id: operation, endedByCaller: false } }),
        ...(rest.arguments === undefined ? {} : { arguments: rest.arguments }),
      },
    );
    progress.end();
    report(context, flags, result);
  } finally {
    progress.end();
  }
}

function report(context: TandemContext, flags: DeployFlags, { operation, plan, stacks }: DeployResult): void {
  if (flags.json) {
    context.out(
      `${JSON.stringify({ kind: 'result', format: 'tandem.deploy/1', operation, summary: plan.summary, stacks })}\n`,
    );
    return;
  }
  for (const { id, outcome, changes, seconds } of stacks) {
    const did =
      outcome === 'unchanged' || outcome === 'skipped' ? '' : `: ${counted(changes, 'change')} in ${duration(seconds)}`;
    context.out(`${id} ${outcome}${did}\n`);
  }
}
