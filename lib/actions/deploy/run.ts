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

export interface RunRequest {
  readonly project: Project;
  readonly verb: string;
  readonly targets: readonly Target[];
  /** The yes-or-no question below the plan. */
  readonly question: string;
  /** Seconds to wait for stacks that somebody else works on. */
  readonly lockTimeoutSeconds: number;
  /** An interrupted operation to go on with. */
  readonly operation?: string;
  /** Forgets first what the clouds no longer have. @default false */
  readonly recreate?: boolean;
  /** Stacks that stay where they are, and are made anew where they go now. @default - none */
  readonly leaveBehind?: ReadonlySet<StackId>;
  /** Reverts knowingly what was applied from commits that this checkout does not have: not asked then. @default false */
  readonly revertAhead?: boolean;
  /** Deletes the data of what is removed as well: not asked then. @default false */
  readonly empty?: boolean;
  /** Does not ask whether the environment before has it. @default false */
  readonly skipLadder?: boolean;
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
  const { project, verb, targets, question, lockTimeoutSeconds, operation } = request;
  await requireOwners(context, ports, project, targets);
  return await deployStacks(
    ports,
    { project, targets },
    {
      ...{ verb, signal, lockTimeoutSeconds },
      ...(parallelism === undefined ? {} : { parallelism }),
      ...(resourceParallelism === undefined ? {} : { resourceParallelism }),
      ...(operation === undefined ? {} : { resumesId: operation }),
      ...(request.recreate === true ? { recreate: new Set(targets.map(({ stack }) => stack.id)) } : {}),
      ...(request.skipLadder === true ? { skipLadder: true } : {}),
      ...(request.arguments === undefined ? {} : { arguments: request.arguments }),
      confirm: async (plan) => {
        const reviewed = await judged(context, project, plan, await commitsOf(ports.records, plan));
        requireAllowed(reviewed);
        await requireNoApproval(ports, root, reviewed);
        return await io.confirm({ code: verb, text: question, plan: reviewed });
      },
      ...(request.leaveBehind === undefined ? {} : { leaveBehind: request.leaveBehind }),
      empty: request.empty === true,
      confirmEmpty: (stacks) => confirmEmpty(io, stacks),
      confirmRevert: async (stacks) => request.revertAhead === true || (await confirmRevert(io, stacks)),
      emit: (event) => io.emit(event),
    },
  );
}
