import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, OperationPorts } from '../../deploy/ports.ts';
import type { KollaSettings } from '../../private-cloud/kolla/kolla-cloud.ts';
import { volumesFolder } from '../../private-cloud/kolla/volumes.ts';
import { chooseFounder, type Founder } from '../../private-cloud/recovery/choose.ts';
import { planRecovery, type RecoveryPlaces, type RecoveryStep } from '../../private-cloud/recovery/plan.ts';
import type { GaleraPosition } from '../../private-cloud/recovery/position.ts';
import { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { type OnStep, runSteps } from '../run.ts';
import { lookAtDarkCloud } from './look.ts';
import { type RecoveryPorts, runRecoveryStep } from './recover.ts';

export interface RecoveryRequest {
  readonly cloud: string;
  readonly kolla: Pick<KollaSettings, 'containerEngine' | 'globals'>;
  /** Hosts that are given up, and what only they have. */
  readonly without: readonly string[];
}

export interface Recovery {
  readonly cloud: string;
  readonly positions: readonly GaleraPosition[];
  readonly founder: Founder;
  readonly without: readonly string[];
  readonly places: RecoveryPlaces;
  readonly steps: readonly RecoveryStep[];
}

/**
 * Asks every host, and plans how the cloud comes back; an interrupted recovery goes on with the host that it had chosen. Reads only.
 * @throws TandemError `recovery-not-needed`, `recovery-host-missing`, `recovery-contradiction`, `recovery-position-unknown`
 */
export async function planRecover(
  ports: Pick<OperationPorts, 'journal'> & RecoveryPorts,
  { cloud, kolla, without }: RecoveryRequest,
  signal: AbortSignal,
): Promise<Recovery> {
  const { asked } = ports;
  const keep = (hosts: readonly string[]) => hosts.filter((host) => !without.includes(host));
  const { database, brokers, raft, balancers } = asked;
  const places = { database: keep(database), brokers: keep(brokers), raft: keep(raft), balancers: keep(balancers) };
  const open = (await ports.journal.open()).find((each) => isOf(each, cloud));
  const begun = open?.arguments['founder'];
  if (typeof begun === 'string' && !without.includes(begun)) {
    const founder = {
      host: begun,
      seqno: 0,
      why: `the recovery that was interrupted (${open?.id ?? ''}) had chosen it`,
    };
    return {
      ...{ cloud, founder, without, places },
      positions: [],
      steps: planRecovery(founder, places, kolla.containerEngine),
    };
  }
  const { positions, missing } = await lookAtDarkCloud(cloud, ports.hosts, asked, volumesFolder(kolla), signal);
  const founder = chooseFounder({ cloud, positions, missing, without });
  return { cloud, positions, founder, without, places, steps: planRecovery(founder, places, kolla.containerEngine) };
}

/**
 * Runs the steps, under the stack's lock and in the journal; a step that was begun is repeated, which is safe.
 * @throws TandemError `recovery-step-failed`, `state-locked`
 */
export async function executeRecovery(
  ports: OperationPorts & RecoveryPorts & { readonly onStep: OnStep },
  { cloud, founder, without, places, steps }: Recovery,
  options: Pick<DeployOptions, 'signal' | 'emit'>,
): Promise<void> {
  const runner = {
    ...options,
    verb: VERB,
    arguments: { name: cloud, founder: founder.host },
    // Once a host may have founded the cluster, another choice would make two of them.
    staysOpen: true,
    resume: `tandem cloud recover ${[cloud, ...without.map((host) => `--without ${host}`)].join(' ')} --run`,
    resumes: (open: UnfinishedOperation) => isOf(open, cloud),
  };
  const { signal } = options;
  await runOperation(ports, [StackId.kolla(cloud)], runner, (operation) =>
    runSteps(operation, steps, { signal, onStep: ports.onStep }, (step) =>
      runRecoveryStep(ports, cloud, step, places, signal),
    ),
  );
}

const VERB = 'cloud recover';

function isOf(open: UnfinishedOperation, cloud: string): boolean {
  return open.verb === VERB && open.arguments['name'] === cloud;
}
