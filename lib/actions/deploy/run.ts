import type { Project } from '../../config/project.ts';
import { requireAllowed, requireNoApproval } from '../../deploy/bundle/require-bundle.ts';
import { deployStacks } from '../../deploy/deploy.ts';
import type { DeployPorts, DeployResult, Target } from '../../deploy/ports.ts';
import type { StackId } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';
import { commitsOf, judged } from '../plan/judge.ts';
import { confirmEmpty } from './confirm-empty.ts';
import { confirmRevert } from './confirm-revert.ts';
import { requireOwners } from './require-owners.ts';

/** What the operator wants of an operation, whatever it is about. */
export interface RunWishes {
  readonly project: Project;
  /** Seconds to wait for stacks that somebody else works on. */
  readonly lockTimeoutSeconds: number;
  /** Stacks that stay where they are, and are made anew where they go now. @default - none */
  readonly leaveBehind?: ReadonlySet<StackId>;
  /** Reverts knowingly what was applied from commits that this checkout does not have: not asked then. @default false */
  readonly revertAhead?: boolean;
  /** Does not ask whether the environment before has it. @default false */
  readonly skipLadder?: boolean;
}

export interface RunRequest extends RunWishes {
  readonly verb: string;
  readonly targets: readonly Target[];
  /** The yes-or-no question below the plan. */
  readonly question: string;
  /** An interrupted operation to go on with. */
  readonly operation?: string;
  /** Forgets first what the clouds no longer have. @default false */
  readonly recreate?: boolean;
  /** Deletes the data of what is removed as well: not asked then. @default false */
  readonly empty?: boolean;
  /** What a resume needs besides the stacks. */
  readonly arguments?: Readonly<Record<string, string | boolean>>;
}

/** Plans targets against the live clouds, asks, and applies or destroys them. */
export async function runTargets(
  context: ActionContext,
  ports: DeployPorts,
  request: RunRequest,
): Promise<DeployResult> {
  const { root, io, signal, parallelism, resourceParallelism } = context;
  const { project, verb, targets, question, lockTimeoutSeconds, operation, skipLadder, leaveBehind } = request;
  await requireOwners(context, ports, project, targets);
  return await deployStacks(
    ports,
    { project, targets },
    {
      ...{ verb, signal, lockTimeoutSeconds, parallelism, resourceParallelism, resumesId: operation },
      ...{ skipLadder, leaveBehind, arguments: request.arguments },
      recreate: request.recreate === true ? new Set(targets.map(({ stack }) => stack.id)) : undefined,
      confirm: async (plan) => {
        const reviewed = await judged(context, project, plan, await commitsOf(ports.records, plan));
        requireAllowed(reviewed);
        await requireNoApproval(ports, root, reviewed);
        return await io.confirm({ code: verb, text: question, plan: reviewed });
      },
      empty: request.empty === true,
      confirmEmpty: (stacks) => confirmEmpty(io, stacks),
      confirmRevert: async (stacks) => request.revertAhead === true || (await confirmRevert(io, stacks)),
      emit: (event) => io.emit(event),
    },
  );
}
