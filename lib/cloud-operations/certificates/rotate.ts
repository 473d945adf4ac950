import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, DeployPorts, OperationPorts } from '../../deploy/ports.ts';
import type { TandemError } from '../../errors/tandem-error.ts';
import { refusals } from '../../private-cloud/certificates/overlap.ts';
import { planRotation, type RotationAction, type RotationStep } from '../../private-cloud/certificates/rotate.ts';
import type { CertificateUse } from '../../private-cloud/certificates/uses.ts';
import { type InventoryGroup, membersOf } from '../../private-cloud/kolla/inventory.ts';
import type { KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { readAddresses } from '../../private-cloud/members/answers.ts';
import type { CloudHosts, KollaPlays } from '../../private-cloud/members/ports.ts';
import { askAddresses } from '../../private-cloud/members/questions.ts';
import { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { type OnStep, runCommand, runPlay, runSteps } from '../run.ts';
import { certificateUnfit, noSuchCertificate, rotationFailed } from './errors.ts';
import type { CertificateFolder } from './folder.ts';

/** What a client meets. */
export interface CertificateProbe {
  /** SHA-256 of the certificate that an address shows for a name; undefined where nothing answers. */
  fingerprint(endpoint: NonNullable<CertificateUse['endpoint']>, signal: AbortSignal): Promise<string | undefined>;
}

export interface RotationPlan {
  readonly cloud: KollaCloud;
  readonly inventory: readonly InventoryGroup[];
  readonly uses: readonly CertificateUse[];
  /** Folder with the new files. */
  readonly from: string;
  readonly steps: readonly RotationStep[];
}

export interface RotationRequest extends Pick<RotationPlan, 'cloud' | 'inventory' | 'from'> {
  /** All certificates of the cloud. */
  readonly uses: readonly CertificateUse[];
  /** Those to rotate. */
  readonly names: readonly string[];
  readonly now: Date;
}

/**
 * Checks new certificates against the old ones, asks who holds the VIP and plans. Changes nothing.
 * @throws TandemError `no-such-certificate`, `certificate-unfit`, `host-unreachable`
 */
export async function lookRotation(
  hosts: CloudHosts,
  folder: CertificateFolder,
  request: RotationRequest,
  signal: AbortSignal,
): Promise<RotationPlan> {
  const { cloud, inventory, from, names, now } = request;
  const known = request.uses.map(({ name }) => name);
  const uses = names.map((name) => {
    const use = request.uses.find((each) => each.name === name);
    if (use?.renewal === 'deploy') throw certificateUnfit(cloud.name, from, [`${use.file}: ${AUTHORITY}`]);
    if (use === undefined) throw noSuchCertificate(cloud.name, name, known);
    return use;
  });
  const trusted = folder.trusted();
  const why = uses.flatMap((use) => {
    const fresh = folder.read(from, use);
    if (fresh === undefined) return [`${use.file}${use.keyFile === undefined ? '' : ` or ${use.keyFile}`} is missing`];
    return refusals(use, fresh, folder.read(folder.own, use), trusted, now).map((each) => `${use.file}: ${each}`);
  });
  if (why.length > 0) throw certificateUnfit(cloud.name, from, why);
  const hostsOf = (group: string): string[] => membersOf(inventory, group);
  const vip = cloud.value.vips?.internal.address;
  const holder = vip === undefined ? undefined : await holderOf(hosts, hostsOf('loadbalancer'), vip, signal);
  const steps = planRotation({ uses, hostsOf, holder, engine: cloud.value.kolla.containerEngine });
  return { cloud, inventory, uses, from, steps };
}

const AUTHORITY = 'an authority is not rotated alone: `tandem deploy` brings it to those who trust by it';

async function holderOf(
  hosts: CloudHosts,
  balancers: readonly string[],
  vip: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const said = await Promise.all(balancers.map((host) => hosts.run(askAddresses(host), signal)));
  return balancers.find((_, index) => readAddresses(said[index]?.stdout ?? '')?.includes(vip) === true);
}

export interface RotationPorts extends OperationPorts {
  readonly plays: KollaPlays;
  readonly hosts: CloudHosts;
  readonly folder: CertificateFolder;
  readonly probe: CertificateProbe;
  readonly sleep: DeployPorts['sleep'];
  readonly onStep: OnStep;
}

/**
 * Rotates certificates as planned, under the lock of the cloud and in the journal. Interrupted and run again, it goes on behind the steps
 * that are done; each may be done again.
 * @throws TandemError `rotation-failed`, `state-locked`
 */
export async function runRotation(
  ports: RotationPorts,
  plan: RotationPlan,
  options: Pick<DeployOptions, 'signal' | 'emit'>,
): Promise<void> {
  const { cloud, uses, steps } = plan;
  const names = uses.map(({ name }) => name);
  const own = names.join(',');
  const runner = {
    ...options,
    verb: 'cloud certificates',
    arguments: { name: cloud.name, rotate: own },
    resume: `tandem cloud certificates ${cloud.name} --rotate ${names.join(' --rotate ')} --run`,
    resumes: (open: UnfinishedOperation) => open.verb === 'cloud certificates' && open.arguments['rotate'] === own,
  };
  const { signal } = options;
  await runOperation(ports, [StackId.kolla(cloud.name)], runner, (operation) =>
    runSteps(operation, steps, { signal, onStep: ports.onStep }, async ({ key, actions }) => {
      const failed = (why: string, log?: string): TandemError => rotationFailed(cloud.name, names, key, why, log);
      for (const action of actions) await act(ports, plan, action, { operation: operation.id, failed }, signal);
    }),
  );
}

interface Within {
  readonly operation: string;
  readonly failed: (why: string, log?: string) => TandemError;
}

async function act(
  ports: RotationPorts,
  { inventory, from }: RotationPlan,
  action: RotationAction,
  { operation, failed }: Within,
  signal: AbortSignal,
): Promise<void> {
  if (action.kind === 'place') {
    ports.folder.place(from, action.use, operation);
  } else if (action.kind === 'command') {
    await runCommand(ports.hosts, action.command, signal, failed);
  } else if (action.kind === 'play') {
    const play = { ...action.play, key: `${operation}-${action.play.key}` };
    await runPlay(ports.plays, play, inventory, signal, failed);
  } else await meet(ports, action.use, failed, signal);
}

/** A new worker takes over within moments. */
const MEET_TRIES = 20;

async function meet(
  { probe, folder, sleep }: RotationPorts,
  use: CertificateUse,
  failed: (why: string) => TandemError,
  signal: AbortSignal,
): Promise<void> {
  const { endpoint } = use;
  const wanted = folder.read(folder.own, use)?.certificates[0]?.fingerprint256;
  if (endpoint === undefined) return;
  for (let tried = 1; ; tried += 1) {
    const shown = await probe.fingerprint(endpoint, signal);
    if (shown !== undefined && shown === wanted) return;
    if (tried === MEET_TRIES) {
      const where = `${endpoint.address}:${endpoint.port}`;
      throw failed(shown === undefined ? `nothing answers at ${where}` : `${where} still shows another certificate`);
    }
    await sleep(1, signal);
  }
}
