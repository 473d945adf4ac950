import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type LabSecrets, render, templateValues } from './render.ts';
import type { Sandbox } from './sandbox.ts';
import type { LabHypervisor } from './types.ts';

const HERE = import.meta.dirname;

/** Every setting, into the sandbox's memory; secrets among them never reach a disk. */
export async function writeConfiguration(
  sandbox: Sandbox,
  secrets: LabSecrets,
  hypervisors: readonly LabHypervisor[],
): Promise<void> {
  const values = templateValues(secrets);
  for (const file of await filesBelow(join(HERE, 'etc'))) {
    const text = await readFile(file, 'utf8');
    await sandbox.write(join('/etc', relative(join(HERE, 'etc'), file)), render(text, values));
  }
  await copyInto(sandbox, 'wsgi', '/etc/lab/wsgi');
  await copyInto(sandbox, 'python', '/usr/lib/python3/dist-packages/tandem_lab');
  for (const script of ['chassis.sh', 'ovn-db.sh', 'prepare.sh']) {
    await sandbox.write(`/etc/lab/${script}`, await readFile(join(HERE, 'scripts', script), 'utf8'));
  }
  for (const { name } of hypervisors) {
    await sandbox.write(
      `/etc/nova/hosts/${name}.conf`,
      `[DEFAULT]\nhost = ${name}\nstate_path = /var/lib/nova/${name}\n`,
    );
    await writeFile(sandbox.log(`nova-compute-${name}`), '');
  }
  for (const directory of ['fernet-keys', 'credential-keys']) {
    for (const index of ['0', '1']) {
      const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      await sandbox.write(`/etc/keystone/${directory}/${index}`, key, 0o600);
    }
  }
  const hosts = hypervisors.map(({ name }) => name);
  await sandbox.run('prepare', { user: 'root', argv: ['/bin/sh', '/etc/lab/prepare.sh', ...hosts] });
}

async function copyInto(sandbox: Sandbox, from: string, to: string): Promise<void> {
  for (const file of await filesBelow(join(HERE, from))) {
    const target = sandbox.path(join(to, relative(join(HERE, from), file)));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
  }
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
