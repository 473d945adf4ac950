import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommand } from '../openstack/command.ts';
import { haLayout } from './layout.ts';

const SCRIPTS = join(import.meta.dirname, 'scripts');

/**
 * Runs `scripts/single/SCRIPT.sh` in a throw-away copy of the lab's packages: one program and its clients, without a cluster, in name spaces that end
 * with it. Gives what it printed.
 * @param given - Files that it finds in /given
 */
export async function runSingle(options: {
  readonly directory: string;
  /** A folder of the caller's, which takes the files. */
  readonly folder: string;
  readonly script: 'restore' | 'rotate';
  readonly given: Readonly<Record<string, string>>;
}): Promise<string> {
  const { folder, script } = options;
  await mkdir(folder, { recursive: true });
  await copyFile(join(SCRIPTS, 'single', `${script}.sh`), join(folder, `${script}.sh`));
  await copyFile(join(SCRIPTS, 'mariadb-backup.sh'), join(folder, 'mariadb-backup.sh'));
  await copyFile(join(import.meta.dirname, 'python/tls_client.py'), join(folder, 'tls_client.py'));
  for (const [name, content] of Object.entries(options.given)) await writeFile(join(folder, name), content);
  const { root } = haLayout(options.directory);
  const inside = [join(SCRIPTS, 'single/inside.sh'), root, folder, `${script}.sh`];
  return await readCommand([
    ...['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child=SIGKILL', '--'],
    ...['timeout', '300', '/bin/sh', ...inside],
  ]);
}
