import type { HostPower } from '../../private-cloud/maintenance/host-power.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { runLines } from '../run.ts';
import { ansibleOf } from './ansible-program.ts';
import { rebootFailed } from './errors.ts';

export interface AnsiblePowerProps {
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
  readonly inventory: string;
  /** Where ansible runs. */
  readonly folder: string;
}

/** Firmware of a large host checks its memory for a quarter of an hour. */
const REBOOT_SECONDS = 1800;
const FORKS = 50;

/** By Ansible's own module, which waits until each host has another boot id, and answers. */
export function ansiblePower(props: AnsiblePowerProps): HostPower {
  const run = async (hosts: readonly string[], module: string, args: object, signal: AbortSignal): Promise<number> => {
    const { code } = await runLines(
      {
        ...{ program: ansibleOf(props.environment), folder: props.folder, signal },
        environment: { ...childEnvironment('host-tool', props.environment), ANSIBLE_NOCOLOR: '1' },
        args: [
          ...[hosts.join(','), '--inventory', props.inventory, '--become', '--forks', String(FORKS)],
          ...['--module-name', module, '--args', JSON.stringify(args)],
        ],
      },
      () => undefined,
    );
    signal.throwIfAborted();
    return code;
  };
  return {
    async reboot(hosts, signal) {
      if (hosts.length === 0) return;
      const code = await run(hosts, 'ansible.builtin.reboot', { reboot_timeout: REBOOT_SECONDS }, signal);
      if (code !== 0) throw rebootFailed(hosts, REBOOT_SECONDS);
    },
    async powerOff(hosts, signal) {
      if (hosts.length === 0) return;
      // Later, so that the answer still comes through.
      const argv = ['systemd-run', '--on-active=5', 'systemctl', 'poweroff'];
      if ((await run(hosts, 'ansible.builtin.command', { argv }, signal)) !== 0) throw rebootFailed(hosts, 0);
    },
  };
}
