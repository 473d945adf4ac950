import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import { withMembers } from '../../private-cloud/members/groups.ts';
import { CloudModel, type ModelProps } from '../../private-cloud/members/model.ts';
import { apiOf, hostsOf, playsOf } from '../../private-cloud/members/model-ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import type { MemberStep } from '../../private-cloud/members/step.ts';
import { act } from './act.ts';
import { StepFault } from './errors.ts';

/** What a step would break. */
export interface MemberProblem {
  readonly step: string;
  readonly problem: string;
}

export interface SimulationProps extends ModelProps {
  /** Names every host of before and after. */
  readonly inventory: readonly InventoryGroup[];
  readonly wanted: readonly InventoryGroup[];
  readonly places: MemberPlaces;
}

/**
 * Runs a plan as it is run, on a model instead of a cloud: whether every action succeeds and every expectation is met, whether majorities,
 * queues and addresses stay, and whether the end is what was asked for. What a step says it makes unavailable is allowed.
 */
export async function simulateMembers(steps: readonly MemberStep[], props: SimulationProps): Promise<MemberProblem[]> {
  const model = new CloudModel(props);
  const problems: MemberProblem[] = [];
  const ports = {
    plays: playsOf(model),
    hosts: hostsOf(model, (host) => new StepFault(`${host} is off`)),
    api: apiOf(model),
    sleep: async () => undefined,
  };
  const { places } = props;
  const { signal } = new AbortController();
  for (const step of steps) {
    model.losses.clear();
    const place = { inventory: withMembers(props.inventory, step.members), places, signal };
    try {
      for (const action of step.actions) await act(action, ports, place);
    } catch (error) {
      if (!(error instanceof StepFault)) throw error;
      return [...problems, { step: step.key, problem: error.message }];
    }
    if (step.unavailable.length === 0) for (const problem of model.losses) problems.push({ step: step.key, problem });
  }
  for (const problem of model.problemsAtEnd(props.wanted)) problems.push({ step: 'the end', problem });
  return problems;
}
