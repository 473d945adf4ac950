import type { Cloud } from '../../config/schema/cloud.ts';
import type { HostCommand } from '../../private-cloud/members/ports.ts';
import type { ExpectedCloud } from '../../private-cloud/status/expected.ts';
import type { Topology } from '../../private-cloud/topology/topology.ts';
import { StepFault } from '../members/errors.ts';
import type { MaintenancePorts } from './ports.ts';

/** Where maintenance works. */
export interface MaintenancePlace {
  readonly cloud: Cloud;
  readonly topology: Topology;
  readonly expected: ExpectedCloud;
  /** Hosts with gateways of OVN. */
  readonly gateways: readonly string[];
  readonly signal: AbortSignal;
}

/** Runs commands on hosts, all at once; what they printed, by host and in order. @throws StepFault where one failed or did not answer */
export async function runAll(
  { surveys }: Pick<MaintenancePorts, 'surveys'>,
  commands: readonly HostCommand[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const hosts = [...new Set(commands.map(({ host }) => host))];
  const found = await surveys.survey(hosts, commands, signal);
  signal.throwIfAborted();
  const said = hosts.map((host) => {
    const own = commands.filter((command) => command.host === host);
    const answers = found.get(host)?.answers;
    if (answers === undefined) throw new StepFault(`${host} does not answer`);
    for (const [at, { argv }] of own.entries()) {
      const code = answers[at]?.code;
      // What a command said may hold secrets.
      if (code !== 0) throw new StepFault(`${argv.slice(0, 2).join(' ')} on ${host} ended with exit code ${code}`);
    }
    return [host, answers.map(({ stdout }) => stdout)] as const;
  });
  return new Map(said);
}
