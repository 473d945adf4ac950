import { execFileSync } from 'node:child_process';
import { type Lab, labDown, labStatus, labUp } from '../../../lab/openstack/index.ts';

/**
 * The lab, with every service answering. One that fell ill on a busy machine is begun anew, and said with the ends of its logs: the tests
 * are of Tandem, and those that come after would wait for it until the last of their minutes.
 */
export async function healthyLab(): Promise<Lab> {
  const { lab, alreadyRunning } = await labUp({});
  if (!alreadyRunning) return lab;
  const { state, services } = await labStatus({ timeoutSeconds: 60 });
  if (state === 'running') return lab;
  const ill = services.filter(({ healthy }) => !healthy).map(({ name, detail }) => `${name}: ${detail}`);
  const said = execFileSync('bash', [
    '-c',
    'grep -hE " (ERROR|CRITICAL) |status: 50" "$1"/log/*.log | tail -60',
    '-',
    lab.directory,
  ]);
  process.stderr.write(`The lab is ${state}, and begun anew.\n${ill.join('\n')}\n${said.toString()}\n`);
  await labDown({ keepPackages: true });
  return (await labUp({})).lab;
}
