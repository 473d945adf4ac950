import { type Choice, choose } from '../../../../lib/fleet/choose.ts';
import type { FleetCloud } from '../../../../lib/fleet/cloud.ts';
import { runFleet } from '../../../../lib/fleet/executor.ts';
import { type FleetPlan, planFleet } from '../../../../lib/fleet/plan.ts';
import type { FleetOutcome, FleetPorts, FleetProgress } from '../../../../lib/fleet/ports.ts';
import type { FleetRequest } from '../../../../lib/fleet/request.ts';
import { ledgerIn } from '../../../../lib/fleet/shared-ledger.ts';
import { StackId } from '../../../../lib/stack/id.ts';
import { fakeCloud } from './fake-cloud.ts';
import { type MemoryStores, memoryStores } from './stores.ts';
import type { World } from './world.ts';

export const CLUSTER = StackId.parse('aws/prod/cluster');

export interface Setting {
  readonly cloud?: FleetCloud;
  readonly stores?: MemoryStores;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FleetProgress) => void;
  /** @default restart */
  readonly verb?: FleetRequest['verb'];
  readonly closes?: boolean;
}

export function portsOf(world: World, { cloud = fakeCloud(world), stores = memoryStores() }: Setting = {}): FleetPorts {
  return {
    ...stores,
    ...{ cloud, ledger: ledgerIn(stores.ledger, 'aws/111122223333/eu-west-3'), clock: world.clock },
    ...{ actor: { by: 'ops@here', host: 'here' }, commit: '', now: () => new Date(world.now()) },
  };
}

export async function planOf(
  world: World,
  request: FleetRequest,
  choice: Choice,
  ports: FleetPorts,
): Promise<FleetPlan> {
  const view = await ports.cloud.look();
  const ledger = await ports.ledger.update((before) => ({ ledger: before, value: before }));
  const [headroom, observed] = [await ports.cloud.headroom(), await ports.cloud.observed()];
  return planFleet(choose(view, choice), request, { view, headroom, observed, ledger, now: world.now() });
}

/** Plans and runs an operation in a world. */
export async function operate(
  world: World,
  request: FleetRequest,
  choice: Choice = {},
  setting: Setting = {},
): Promise<{ readonly plan: FleetPlan; readonly report: FleetOutcome; readonly ports: FleetPorts }> {
  const ports = portsOf(world, setting);
  const plan = await planOf(world, request, choice, ports);
  const report = await run(ports, { plan, ...setting });
  return { plan, report, ports };
}

/** Runs a plan, or goes on with what was interrupted. */
export function run(
  ports: FleetPorts,
  { plan, signal, onProgress, verb = 'restart', closes = false }: Setting & { readonly plan?: FleetPlan },
): Promise<FleetOutcome> {
  return runFleet(ports, {
    ...{ stack: CLUSTER, verb: `fleet ${verb}`, resume: `tandem fleet ${verb} prod --resume`, closes },
    ...{ signal: signal ?? new AbortController().signal, emit: () => undefined },
    ...(plan === undefined ? {} : { plan }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
