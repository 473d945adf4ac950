import type { CommandResult, HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import type { ContainerState, HostSurveys } from '../../../../lib/private-cloud/status/survey.ts';

export interface FakeHost {
  bootId: string;
  containers: readonly ContainerState[];
  /** It answers nothing. */
  isSilent?: boolean;
  answer?: (command: HostCommand) => CommandResult;
}

/**
 * Hosts in memory. Each answers its own commands in their order; a silent one, and one that is not known, is left out of the answer; a
 * command that nobody answers ends with 1.
 */
export class FakeSurveys implements HostSurveys {
  readonly hosts: Map<string, FakeHost>;
  /** Hosts of each run. */
  readonly runs: string[][] = [];

  constructor(hosts: Readonly<Record<string, FakeHost>>) {
    this.hosts = new Map(Object.entries(hosts));
  }

  survey: HostSurveys['survey'] = (hosts, commands, signal) => {
    signal.throwIfAborted();
    this.runs.push([...hosts]);
    const answered = hosts.flatMap((name) => {
      const host = this.hosts.get(name);
      if (host === undefined || host.isSilent === true) return [];
      const answers = commands
        .filter((command) => command.host === name)
        .map((command) => host.answer?.(command) ?? { code: 1, stdout: '', stderr: '' });
      return [[name, { bootId: host.bootId, containers: host.containers, answers }] as const];
    });
    return Promise.resolve(new Map(answered));
  };
}
