import { paginateDescribeInstanceInformation, SendCommandCommand } from '@aws-sdk/client-ssm';
import type { OpenFleetClients } from '../../aws-api/fleet-clients.ts';
import type { WorkerCommand } from '../cloud.ts';
import { collect } from './look.ts';

const UNIT = 'tandem-worker.service';

/**
 * What each command runs. Nothing waits: a stopping worker finishes its job, which may take hours. A unit that systemd gave up on is started
 * all the same. The agent ends its job at the second signal: the first is that of `stop`.
 */
const SCRIPTS: Readonly<Record<WorkerCommand, readonly string[]>> = {
  stop: [`systemctl --no-block stop ${UNIT}`],
  'give-back': [
    `systemctl --no-block stop ${UNIT}`,
    'sleep 2',
    `systemctl kill --kill-whom=main --signal=SIGTERM ${UNIT} || true`,
  ],
  start: [`systemctl reset-failed ${UNIT} || true`, `systemctl --no-block start ${UNIT}`],
};

/** How long Systems Manager tries to reach an instance: the shortest that it takes, in seconds. */
const DELIVERY_SECONDS = 30;
const RUN_SECONDS = '60';

/**
 * Runs a command on instances, all at once. Those whose agent of Systems Manager is not online are left out, and given back: one of them
 * would make AWS refuse the call.
 */
export async function runCommand(
  { looking, acting }: Pick<OpenFleetClients, 'looking' | 'acting'>,
  ids: readonly string[],
  command: WorkerCommand,
): Promise<string[]> {
  const known = paginateDescribeInstanceInformation(
    { client: looking.ssm, pageSize: 50 },
    { Filters: [{ Key: 'InstanceIds', Values: [...ids] }] },
  );
  const information = await collect(known, ({ InstanceInformationList = [] }) => InstanceInformationList);
  const online = new Set(information.flatMap((each) => (each.PingStatus === 'Online' ? (each.InstanceId ?? []) : [])));
  const reached = ids.filter((id) => online.has(id));
  if (reached.length > 0)
    await acting.ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: reached,
        Comment: `tandem: ${command} the worker`,
        Parameters: { commands: [...SCRIPTS[command]], executionTimeout: [RUN_SECONDS] },
        TimeoutSeconds: DELIVERY_SECONDS,
        // By default, 50 at a time, and one failure stops the rest.
        MaxConcurrency: '100%',
        MaxErrors: '100%',
      }),
    );
  return ids.filter((id) => !online.has(id));
}
