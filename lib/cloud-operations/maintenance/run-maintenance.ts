import { secretIn } from '../../config/secret-in-text.ts';
import { runOperation } from '../../deploy/operation.ts';
import type { DeployEvent, OperationPorts, RunningOperation } from '../../deploy/ports.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { maintenanceRefused } from '../../private-cloud/maintenance/errors.ts';
import { isBearable, judgeOf } from '../../private-cloud/maintenance/judge.ts';
import { livePlacement } from '../../private-cloud/status/spare.ts';
import { StackId } from '../../stack/id.ts';
import { type UnfinishedOperation, wayOn } from '../../state/journal.ts';
import { StepFault } from '../members/errors.ts';
import { drain } from './drain.ts';
import { maintenanceNotWhole, maintenanceStepFailed, maintenanceUnfinished } from './errors.ts';
import { faultsOf, giveBack } from './give-back.ts';
import type { MaintenancePlace } from './place.ts';
import type { MaintenancePorts, Work } from './ports.ts';
import { work } from './work.ts';

export const VERB = 'cloud maintain';

export interface MaintenanceRun {
  /** Hosts that go at once, in order. */
  readonly groups: readonly (readonly string[])[];
  readonly what: Work;
  /** Goes on where a host has no spare, or stops a service. */
  readonly degraded: boolean;
  /** The whole command that goes on with it. */
  readonly resume: string;
}

export interface MaintenanceOptions {
  readonly signal: AbortSignal;
  readonly emit: (event: DeployEvent) => void;
}

/** An unfinished maintenance of a cloud, and its groups. */
export interface OpenMaintenance {
  readonly operation: UnfinishedOperation;
  readonly groups: readonly (readonly string[])[];
}

export async function openMaintenance(
  { journal }: Pick<OperationPorts, 'journal'>,
  cloud: string,
): Promise<OpenMaintenance | undefined> {
  const operation = (await journal.open()).find((each) => each.verb === VERB && each.arguments['name'] === cloud);
  if (operation === undefined) return undefined;
  const groups = String(operation.arguments['groups']).split(';');
  return { operation, groups: groups.map((group) => group.split(',')) };
}

/**
 * Takes groups of hosts out of service one after the other, does the work, and puts them back. Each is judged again before it goes, by
 * servers as they stand and members as they are. In the journal: run again, it goes on.
 * @throws TandemError `maintenance-not-whole`, `maintenance-refused`, `maintenance-step-failed`, `maintenance-unfinished`,
 *   `maintenance-needs-operator`, `state-locked`
 */
export async function runMaintenance(
  operations: OperationPorts,
  ports: MaintenancePorts,
  place: MaintenancePlace,
  run: MaintenanceRun,
  options: MaintenanceOptions,
): Promise<void> {
  await within(operations, place, run, noteOf(run.what), options, async (operation, step) => {
    for (const group of run.groups) {
      const { begun, done } = operation.progress;
      const [leave, act, back] = keysOf(group);
      if (![...begun, ...done].includes(leave)) await judge(group, ports, place, run);
      // From here on it is an operation that was begun, however its first step fails.
      await step(`may go: ${group.join(', ')}`, () => Promise.resolve());
      await step(leave, () => drain(group, ports, place));
      await step(act, () => work(run.what, group, ports, place));
      await step(back, () => giveBack(group, ports, place));
    }
  });
}

/** Puts the hosts back into service that an unfinished maintenance took out, as they are, and ends it. */
export async function giveBackAll(
  operations: OperationPorts,
  ports: MaintenancePorts,
  place: MaintenancePlace,
  { groups, resume }: Pick<MaintenanceRun, 'groups' | 'resume'>,
  options: MaintenanceOptions,
): Promise<void> {
  await within(operations, place, { groups, resume }, {}, options, async (operation, step) => {
    const { begun, done } = operation.resumed ?? { begun: [], done: [] };
    for (const group of groups) {
      const [leave, , back] = keysOf(group);
      if ([...begun, ...done].includes(leave)) await step(back, () => giveBack(group, ports, place));
    }
  });
}

type Step = (key: string, work: () => Promise<void>) => Promise<void>;

async function within(
  operations: OperationPorts,
  { topology: { cloud } }: MaintenancePlace,
  { groups, resume }: Pick<MaintenanceRun, 'groups' | 'resume'>,
  note: Readonly<Record<string, string>>,
  { signal, emit }: MaintenanceOptions,
  body: (operation: RunningOperation, step: Step) => Promise<void>,
): Promise<void> {
  const noted = groups.map((group) => group.join(',')).join(';');
  const isThis = (open: UnfinishedOperation): boolean => open.verb === VERB && open.arguments['groups'] === noted;
  const options = {
    ...{ verb: VERB, signal, emit, resume, arguments: { name: cloud, groups: noted, ...note }, resumes: isThis },
    refuses: (open: UnfinishedOperation) =>
      isThis(open) ? undefined : maintenanceUnfinished(cloud, open.verb, wayOn(open.resume)),
  };
  await runOperation(operations, [StackId.kolla(cloud)], options, async (operation) => {
    const done = new Set(operation.resumed?.done);
    await body(operation, async (key, act) => {
      if (done.has(key)) return;
      signal.throwIfAborted();
      try {
        await operation.step(key, act);
      } catch (error) {
        if (!(error instanceof StepFault) && !isOfHosts(error)) throw error;
        throw maintenanceStepFailed(cloud, key, error.message, resume);
      }
    });
  });
}

/** What was run on the hosts, for whoever reads the journal. */
function noteOf(what: Work): Readonly<Record<string, string>> {
  if (what.kind !== 'command') return { work: what.kind };
  const secret = secretIn(what.text);
  return { work: what.kind, command: secret === undefined ? what.text : `not shown: it holds ${secret}` };
}

/** Refusals of APIs and hosts belong to their step: what to do is to go on with it. */
function isOfHosts(error: unknown): error is TandemError {
  return error instanceof TandemError && !['lock-lost', 'maintenance-needs-operator'].includes(error.code);
}

function keysOf(group: readonly string[]): [leave: string, act: string, back: string] {
  const hosts = group.join(', ');
  return [`take out of service: ${hosts}`, `work on: ${hosts}`, `give back: ${hosts}`];
}

async function judge(
  group: readonly string[],
  ports: MaintenancePorts,
  place: MaintenancePlace,
  { degraded }: MaintenanceRun,
): Promise<void> {
  const { cloud, topology, signal } = place;
  const faults = await faultsOf([], ports, place);
  if (faults.length > 0) throw maintenanceNotWhole(topology.cloud, faults);
  const refusal = judgeOf(cloud, topology, livePlacement(await ports.liveServers(signal))).refusalOf(group);
  if (refusal === undefined || (degraded && group.length === 1 && isBearable(refusal))) return;
  throw maintenanceRefused(topology.cloud, [{ host: group.join(', '), refusal }]);
}
