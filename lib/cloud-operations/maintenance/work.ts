import { MARK } from './drain.ts';
import { maintenanceNeedsOperator } from './errors.ts';
import { type MaintenancePlace, runAll } from './place.ts';
import type { MaintenancePorts, Work } from './ports.ts';

/** What an operator may have a command take, in seconds. */
const COMMAND_SECONDS = 3600;

/**
 * Does what hosts were taken out of service for. After an interruption, hosts that have restarted since they were drained are not
 * restarted again.
 * @throws TandemError `maintenance-needs-operator`, `reboot-failed`; StepFault
 */
export async function work(
  what: Work,
  hosts: readonly string[],
  ports: MaintenancePorts,
  { topology, signal }: MaintenancePlace,
): Promise<void> {
  const named = hosts.join(', ');
  const ask = async (text: string): Promise<void> => {
    if (!(await ports.waitForOperator(text))) throw maintenanceNeedsOperator(topology.cloud);
  };
  switch (what.kind) {
    case 'reboot': {
      await ports.power.reboot(await notRestarted(hosts, ports, signal), signal);
      return;
    }
    case 'off': {
      await ports.power.powerOff(await notRestarted(hosts, ports, signal), signal);
      await ask(`${named}: switched off. Switch them on again once the work is done, then press Enter`);
      return;
    }
    case 'pause': {
      await ask(`${named}: nothing depends on them now. Press Enter once the work is done and they run again`);
      return;
    }
    case 'command': {
      const argv = ['sh', '-c', what.text];
      await runAll(
        ports,
        hosts.map((host) => ({ host, argv, timeoutSeconds: COMMAND_SECONDS })),
        signal,
      );
    }
  }
}

/** Those that have the mark of their draining still. One that does not answer is on its way. */
async function notRestarted(
  hosts: readonly string[],
  { surveys }: MaintenancePorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = hosts.map((host) => ({ host, argv: ['test', '-e', MARK] }));
  const found = await surveys.survey(hosts, asked, signal);
  signal.throwIfAborted();
  return hosts.filter((host) => found.get(host)?.answers[0]?.code === 0);
}
