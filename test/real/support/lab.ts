import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { type Lab, labDown, labStatus, labUp } from '../../../lab/openstack/index.ts';

/**
 * The lab, with every service answering. One that fell ill on a busy machine is begun anew, and said with the ends of its logs: the tests
 * are of Tandem, and those that come after would wait for it until the last of their minutes. What was said goes to the file that
 * TANDEM_LAB_ILL names too, where it is set: CI shows it at its end.
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
  const text = `The lab is ${state}, and begun anew.\n${ill.join('\n')}\n${said.toString()}\n`;
  process.stderr.write(text);
  const { TANDEM_LAB_ILL: file } = process.env;
  if (file !== undefined) appendFileSync(file, text);
  await labDown({ keepPackages: true });
  return (await labUp({})).lab;
}
