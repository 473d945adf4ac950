import { TandemError } from '../../errors/tandem-error.ts';
import type { Suspension } from '../../fleet/suspensions.ts';
import { StackId } from '../../stack/id.ts';
import type { OpenFleet } from '../fleet/open.ts';
import type { Check, Finding, Patient } from './check.ts';

/** Processes of Auto Scaling that interrupted operations on fleets left suspended. AWS is asked only where the journal tells of some. */
export const fleetsCheck: Check = async (patient) => {
  const { suspensionsOf } = await import('../../fleet/suspensions.ts');
  const { project, ports } = patient;
  const found: Finding[] = [];
  for (const name of project.environments.keys()) {
    const stack = StackId.cluster(name);
    const now = { now: Date.now(), host: ports.actor.host };
    const left = (await suspensionsOf(ports, stack, now)).filter(({ isLeft }) => isLeft);
    if (left.length > 0) found.push(...(await leftSuspended(patient, name, left)));
  }
  return found;
};

async function leftSuspended(patient: Patient, name: string, left: readonly Suspension[]): Promise<Finding[]> {
  const operations = left.map(({ operation: { id, verb } }) => `${id} (\`${verb}\`)`).join(', ');
  const text = (processes: readonly string[], group: string): string =>
    `operation ${operations} was interrupted and left ${processes.join(', ')} of ${group} suspended`;
  const next = left[0]?.operation.resume ?? '';
  const shared = {
    check: 'suspended-processes',
    next: `go on with it (\`${next}\`), or run \`tandem doctor --repair\``,
  };
  try {
    return await inFleet(patient, name, async (fleet) => {
      const still = await stillIn(fleet, left);
      if (still.length === 0) return [];
      const repair = (): Promise<string> =>
        inFleet(patient, name, async (again) => {
          const { ResumeProcessesCommand } = await import('@aws-sdk/client-auto-scaling');
          const ScalingProcesses = [...(await stillIn(again, left))];
          const AutoScalingGroupName = again.place.parts.group;
          // The SDK repeats a throttled call of the clients that look; given back twice is given back.
          if (ScalingProcesses.length > 0)
            await again.place.clients.autoScaling.send(
              new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses }),
            );
          return 'given back';
        });
      return [{ ...shared, text: text(still, fleet.place.parts.group), repair }];
    });
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    const processes = left.flatMap((each) => each.processes);
    return [{ ...shared, text: `${text(processes, name)}, and its group cannot be asked: ${error.message}` }];
  }
}

async function stillIn({ place }: OpenFleet, left: readonly Suspension[]): Promise<readonly string[]> {
  const { describeGroup } = await import('../../fleet/look/look.ts');
  const { leftIn } = await import('../../fleet/suspensions.ts');
  const { SuspendedProcesses = [] } = await describeGroup(place);
  return leftIn(
    left,
    SuspendedProcesses.map(({ ProcessName = '' }) => ProcessName),
  );
}

async function inFleet<T>(
  { root, environment }: Patient,
  name: string,
  work: (fleet: OpenFleet) => Promise<T>,
): Promise<T> {
  const { withFleet } = await import('../fleet/open.ts');
  const silent = async (): Promise<undefined> => Promise.resolve(undefined);
  const io = { emit: () => undefined, confirm: () => Promise.resolve(false), text: silent, secret: silent };
  return await withFleet({ root, environment, io, now: () => new Date() }, name, work);
}
