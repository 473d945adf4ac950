import type { Project } from '../config/project.ts';
import { endStack } from '../deploy/abandon.ts';
import { requireAllowed, requireNoApproval } from '../deploy/bundle/require-bundle.ts';
import { deployStacks } from '../deploy/deploy.ts';
import { assertIdentities, engineOf } from '../deploy/engine-of.ts';
import { requireOurs, stacksBegun } from '../deploy/lineage/lineage.ts';
import { planLive } from '../deploy/plan-live.ts';
import type { DeployEvent, DeployPorts } from '../deploy/ports.ts';
import { targetsFor } from '../deploy/targets.ts';
import type { Plan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { synthesize } from '../synthesis/synthesize.ts';
import { outlookOf } from './outlook.ts';
import type { Deployer, DeployOutcome, EnvironmentDeploy } from './ports.ts';

export interface DeployerProps {
  /** For a configuration that may hold a lease which no file has yet. */
  readonly portsFor: (project: Project) => Promise<DeployPorts>;
  readonly signal: AbortSignal;
  readonly parallelism: number;
  readonly emit: (event: DeployEvent) => void;
  /** The plan with what policies say of it, and who must approve it. */
  readonly review: (ports: DeployPorts, project: Project, plan: Plan) => Promise<Plan>;
  /** The project's folder. */
  readonly root: string;
  /** How long to wait for a cloud's base where somebody else makes it, in seconds. */
  readonly lockTimeoutSeconds: number;
}

/** `Deployer` over `lib/deploy`. */
export function stackDeployer(props: DeployerProps): Deployer {
  const { signal, parallelism } = props;
  const options = { signal, parallelism };
  return {
    async resources(project, stack) {
      const { text } = await synthesizeOne(project, stack);
      const { resource = {} } = JSON.parse(text) as { resource?: Record<string, object> };
      return Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
    },
    async prepare(request) {
      await makeBase(props, await props.portsFor(request.project), request);
    },
    async requireOurs(project, stack) {
      const ports = await props.portsFor(project);
      // One that was removed from the configuration is known by its record.
      const [target] = await targetsFor(ports, project, [stack], { destroy: true });
      if (target === undefined) return;
      await assertIdentities(ports, [target.stack], signal);
      await requireOurs(ports, target.stack, await stacksBegun(ports), signal);
    },
    async apply(request) {
      return await run(props, await props.portsFor(request.project), request, false);
    },
    async destroy(request) {
      return await run(props, await props.portsFor(request.project), request, true);
    },
    async abandon(project, stack) {
      await endStack(await props.portsFor(project), stack, signal);
    },
    async lost(project, stack) {
      const ports = await props.portsFor(project);
      const [target] = await targetsFor(ports, project, [stack], { destroy: true });
      const lost = target === undefined ? undefined : await engineOf(ports, target.stack).lost?.(target.stack, signal);
      return lost ?? { addresses: [], orphans: [], project: undefined };
    },
    async preview(project, stack) {
      const ports = await props.portsFor(project);
      const targets = await targetsFor(ports, project, [stack], { destroy: false });
      return await planLive(ports, { project, targets }, options);
    },
    async outlook(project, stack) {
      return await outlookOf(await props.portsFor(project), project, await synthesizeOne(project, stack));
    },
    async outputs(project, stack) {
      const made = await synthesizeOne(project, stack);
      return await engineOf(await props.portsFor(project), made).outputs(made, options);
    },
    async drift(project, stack) {
      const made = await synthesizeOne(project, stack);
      return await engineOf(await props.portsFor(project), made).drift(made, options);
    },
  };
}

/** A cloud's first environment needs flavors, images and networks: what every other finds there. */
async function makeBase(
  props: DeployerProps,
  ports: DeployPorts,
  request: Omit<EnvironmentDeploy, 'operation' | 'commit'>,
): Promise<void> {
  const needed = stacksOf(request.project).find((stack) => stack.id === request.stack)?.dependsOn ?? [];
  const missing: StackId[] = [];
  for (const id of needed) if ((await ports.records.read(id)) === undefined) missing.push(id);
  if (missing.length === 0) return;
  const targets = await targetsFor(ports, request.project, missing, { destroy: false });
  await deployStacks(
    ports,
    { project: request.project, targets },
    {
      verb: request.verb,
      signal: props.signal,
      lockTimeoutSeconds: props.lockTimeoutSeconds,
      resourceParallelism: props.parallelism,
      // Everybody's environments stand on it: it is approved as any other deploy of it is.
      confirm: async (plan) => {
        const reviewed = await props.review(ports, request.project, plan);
        requireAllowed(reviewed);
        await requireNoApproval(ports, props.root, reviewed);
        return await request.confirm(plan);
      },
      emit: props.emit,
      adopt: true,
    },
  );
}

async function run(
  props: DeployerProps,
  ports: DeployPorts,
  request: EnvironmentDeploy,
  destroy: boolean,
): Promise<DeployOutcome> {
  const targets = await targetsFor(ports, request.project, [request.stack], { destroy });
  const result = await deployStacks(
    request.commit === undefined ? ports : { ...ports, commit: request.commit },
    { project: request.project, targets },
    {
      verb: request.verb,
      signal: props.signal,
      resourceParallelism: props.parallelism,
      confirm: async (plan) => {
        // Who ends a lease says so: a protected one is refused by the verb, and of the rest nothing is left to judge.
        if (!destroy) requireAllowed(await props.review(ports, request.project, plan));
        return await request.confirm(plan);
      },
      emit: props.emit,
      unpinned: request.unpinned,
      only: request.only,
      ...(request.recreate === true ? { recreate: new Set([request.stack]) } : {}),
      within: request.operation,
    },
  );
  const own = result.stacks.find((stack) => stack.id === request.stack);
  return { changes: own?.changes ?? 0, seconds: own?.seconds ?? 0 };
}

async function synthesizeOne(project: Project, id: StackId): Promise<SynthesizedStack> {
  const [stack] = await synthesize(stacksOf(project).filter((each) => each.id === id));
  if (stack === undefined) throw new Error(`the configuration has no ${id}`);
  return stack;
}
