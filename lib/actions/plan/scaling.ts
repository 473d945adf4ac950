import type { Project } from '../../config/project.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { Impact, Plan } from '../../plan/model.ts';
import type { BeforeOf } from '../../review/before.ts';
import type { Side } from '../../simulate/report/difference.ts';
import { recordedWorkload } from '../../simulate/workload/recorded.ts';
import { StackId } from '../../stack/id.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import type { ActionContext } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';

/** What changes of scaling do on the recorded workloads of their environments: before and after, within seconds. Asks no cloud. */
export async function scalingImpact(
  context: ActionContext,
  project: Project,
  plan: Plan,
  before: BeforeOf,
): Promise<Impact[]> {
  const all: Impact[] = [];
  for (const [name, { value: environment }] of project.environments) {
    const id = StackId.cluster(name);
    const file = recordedWorkload(context.root, name);
    if (file === undefined || plan.stacks.find((stack) => stack.id === id)?.status !== 'changed') continue;
    const { fleetOfTemplate, loadDecide, openWorkload, scalingDifference, scalingSettings } = await simulator();
    const old = before(id);
    const cluster = typeof old === 'string' ? undefined : old.environments.get(name)?.value.cluster;
    if (typeof old === 'string' || cluster === undefined) continue;
    if (scalingSettings(cluster) === scalingSettings(environment.cluster)) continue;
    const sideOf = async (of: Project, own: Side['cluster']): Promise<Side> => {
      const [stack] = await synthesizeCached(context, stacksOf(of), new Set([id]));
      return { fleet: fleetOfTemplate(stack?.text ?? ''), cluster: own };
    };
    const told = async (): Promise<string> => {
      const workload = await openWorkload(file, 1, { jobSeconds: environment.cluster.scaling.jobSeconds });
      return scalingDifference(workload, await sideOf(old, cluster), await sideOf(project, environment.cluster), {
        environment: name,
        decide: await loadDecide(),
        prices: project.awsPrices?.value.regions[environment.aws.region],
      });
    };
    const text = await told().catch(whyNot);
    all.push({ fleet: name, replaced: 0, old: 0, batchPercent: null, minutes: null, text });
  }
  return all;
}

/** A plan is one without a simulation as well. */
function whyNot(error: unknown): string {
  if (error instanceof TandemError) return `recorded workload: not simulated: ${error.message}; ${error.next}`;
  throw error;
}

/** Loaded where it is needed: most plans need none of it. */
async function simulator() {
  return {
    ...(await import('../../simulate/fleet/from-template.ts')),
    ...(await import('../../simulate/policy/tandem.ts')),
    ...(await import('../../simulate/report/difference.ts')),
    ...(await import('../../simulate/workload/open.ts')),
  };
}
