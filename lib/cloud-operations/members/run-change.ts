import { changeUnfinished } from '../../deploy/errors.ts';
import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, DeployPorts } from '../../deploy/ports.ts';
import { recordOf } from '../../deploy/record-of.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { withMembers } from '../../private-cloud/members/groups.ts';
import type { MemberStep } from '../../private-cloud/members/step.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { runSteps } from '../run.ts';
import { act } from './act.ts';
import type { ActionPorts } from './action-ports.ts';
import { memberStepFailed, StepFault } from './errors.ts';
import type { MembersChange } from './plan-change.ts';

/** How a change is run, resumed and told. */
export interface RunRequest {
  /** `cloud add`. */
  readonly verb: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** The whole command, without `--run`. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly emit: DeployOptions['emit'];
  readonly onStep: (key: string, phase: 'start' | 'done' | 'skipped' | 'waits', text?: string) => void;
  /** Opens the way to the cloud for one operation: the tree is written, and programs are found. */
  readonly open: (operation: string) => Promise<Omit<ActionPorts, 'sleep'> & { readonly close: () => void }>;
}

/**
 * Runs a plan step by step, under the cloud's lock and in the journal. Interrupted and run again, it goes on behind the steps that are
 * done; the step that was begun is repeated, which is safe, and a run of kolla-ansible that still goes on is followed. Where hosts are off,
 * it goes on from any unfinished change of which it does all, and ends that.
 * @throws TandemError `member-step-failed`, `host-unreachable`, `change-unfinished`, `state-locked`
 */
export async function runChange(ports: DeployPorts, change: MembersChange, request: RunRequest): Promise<void> {
  const { stack, cloud, steps } = change;
  const { verb, signal, emit, onStep } = request;
  const resume = `tandem ${request.command} --run`;
  const isSame = (open: UnfinishedOperation) => open.verb === verb && open.resume === resume;
  // Of its steps none is taken for done: a member of then may have been on the host that died.
  const isWithout = (open: UnfinishedOperation) => change.off.length > 0 && isPartOf(open, request);
  const options = {
    ...{ verb, signal, emit, resume, resumes: isSame },
    refuses: (open: UnfinishedOperation) =>
      isSame(open) || isWithout(open) || open.begun.length + open.done.length === 0
        ? undefined
        : changeUnfinished(cloud, open),
    arguments: { ...request.arguments, places: change.note },
    supersedesAll: change.off.length > 0,
  };
  await runOperation(ports, [stack.id], options, async (operation) => {
    const way = await request.open(operation.id);
    // Steps may be fewer than before: what is in the record is what was deployed, and it is written at the end.
    await runSteps(operation, steps, { signal, onStep }, (step) =>
      runStep({ ...way, sleep: ports.sleep }, change, step, request, resume),
    );
    await ports.records.write(recordOf(ports, { stack, destroy: false }, operation.id), operation.locks);
    way.close();
  });
}

/**
 * Every host that another change moves is moved by this one too: it leads to where both wanted, from wherever the other one stopped. One
 * that the other was about to bring may leave instead.
 */
function isPartOf(open: UnfinishedOperation, { arguments: own }: Pick<RunRequest, 'arguments'>): boolean {
  const hosts = (given: unknown) =>
    String(given)
      .split(' ')
      .filter((host) => host !== '');
  return (
    ['cloud add', 'cloud remove', 'cloud replace'].includes(open.verb) &&
    hosts(open.arguments['leaving']).every((host) => hosts(own['leaving']).includes(host)) &&
    hosts(open.arguments['joining']).every((host) => hosts(own['joining']).concat(hosts(own['leaving'])).includes(host))
  );
}

async function runStep(
  ports: ActionPorts,
  change: MembersChange,
  step: MemberStep,
  { signal, onStep }: RunRequest,
  resume: string,
): Promise<void> {
  const inventory = withMembers(change.inventory, step.members);
  const onWait = (text: string): void => onStep(step.key, 'waits', text);
  for (const action of step.actions) {
    try {
      await act(action, ports, { inventory, places: change.places, signal, onWait });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StepFault) throw memberStepFailed(change, step.key, error, resume);
      if (error instanceof TandemError && error.code === 'host-unreachable')
        throw memberStepFailed(change, step.key, new StepFault(error.message), resume);
      throw error;
    }
  }
}
