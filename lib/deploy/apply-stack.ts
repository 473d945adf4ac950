import type { Engine, FrozenStackPlan, PlanOptions, StackEvent } from '../engines/engine.ts';
import { type Fault, planGrew, stackFailed } from '../engines/errors.ts';
import { beyondApproval } from '../plan/approval.ts';
import type { StackPlan } from '../plan/model.ts';
import type { DeployPorts } from './ports.ts';
import { decide, faultsOf } from './retry.ts';

export interface ApplyRequest {
  readonly engine: Engine;
  readonly frozen: FrozenStackPlan;
  /** What was confirmed: no attempt does more. */
  readonly confirmed: StackPlan;
  readonly options: Omit<PlanOptions, 'destroy' | 'adopt' | 'emit'>;
  readonly emit: (event: StackEvent) => void;
}

/**
 * Applies a plan; where the cloud fails in a way that passes, plans again, imports what a lost answer left behind, and applies the
 * rest, a bounded number of times.
 * @throws TandemError `stack-failed`, `plan-changed`
 */
export async function applyStack(ports: Pick<DeployPorts, 'sleep'>, request: ApplyRequest): Promise<void> {
  const { engine, options, emit } = request;
  const { stack, destroy } = request.frozen;
  let frozen: FrozenStackPlan | undefined = request.frozen;
  for (let attempt = 1; ; attempt += 1) {
    let stage = 'planning';
    try {
      frozen ??= await engine.plan(stack, { ...options, destroy, adopt: !destroy, emit });
      const beyond = beyondApproval(request.confirmed, frozen.plan);
      if (beyond.length > 0) throw planGrew(stack.id, beyond);
      stage = destroy ? 'destroying' : 'applying';
      // What failed once is traced, so that the error can name what the cloud's operators look for.
      const traced = { ...options, trace: attempt > 1 };
      if (frozen.hasEffect) for await (const event of engine.apply(frozen, traced)) emit(event);
      await engine.discard(frozen);
      return;
    } catch (error) {
      if (frozen !== undefined) await engine.discard(frozen);
      options.signal.throwIfAborted();
      const faults = faultsOf(error);
      if (faults === undefined) throw error;
      const decision = attempt === 1 && isNameless(faults) ? { retryAfter: 0 } : decide(faults, attempt);
      if (decision === 'fail') throw stackFailed(stack.id, stage, faults, attempt);
      const [first] = faults;
      const reason = first === undefined ? '' : reasonOf(first);
      emit({ kind: 'retry', stack: stack.id, reason, attempt, delaySeconds: decision.retryAfter });
      await ports.sleep(decision.retryAfter, options.signal);
      frozen = undefined;
    }
  }
}

/** Whether the cloud refused something for good without a request id: one traced attempt more tells it. */
function isNameless(faults: readonly Fault[]): boolean {
  return decide(faults, 1) === 'fail' && faults.some((fault) => fault.status >= 400 && fault.requestId === '');
}

function reasonOf(fault: Fault): string {
  const where = fault.address === '' ? '' : `${fault.address}: `;
  return `${where}${fault.status === 0 ? fault.summary : `the cloud answered ${fault.status}`}`;
}
