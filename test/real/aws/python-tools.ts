import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** Pinned: another version finds other things. */
const PACKAGES = [
  'cfn-lint[sarif]==1.58.0',
  'checkov==3.3.30',
  'moto[secretsmanager,server]==5.2.1',
  'securesystemslib[crypto]==1.6.0',
  'in-toto-attestation==0.9.3',
];

/** Other emulators of AWS, which the packages above don't go with. */
export const EMULATORS = { moto: '5.2.1', ministack: '1.5.33' };
const OF_EMULATORS = [
  `moto[server,ec2,autoscaling,cloudwatch,sqs,ssm]==${EMULATORS.moto}`,
  `ministack==${EMULATORS.ministack}`,
];

export function pythonTools(): string {
  return installed('python-tools', PACKAGES);
}

export function emulatorPrograms(): string {
  return installed('emulators', OF_EMULATORS);
}

/** By a shell that holds a lock until it ends, however that is. */
const INSTALL = `folder=$1 stamp=$2; shift 2
[ -e "$stamp" ] && exit 0
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet "$@"
touch "$stamp"`;

/**
 * Folder of the programs, installed from PyPI into a virtual environment of their own; about a minute, once a set of versions. Of files
 * that run at the same time one installs, the others wait for it.
 */
function installed(name: string, packages: readonly string[]): string {
  const cache = join(root, '.tandem/cache');
  const folder = join(cache, name);
  const stamp = join(folder, `${packages.join(' ')}.installed`);
  if (!existsSync(stamp)) {
    mkdirSync(cache, { recursive: true });
    const args = ['-e', '-c', INSTALL, 'sh', folder, stamp, ...packages];
    execFileSync('flock', [join(cache, `${name}.lock`), 'sh', ...args], { stdio: 'pipe' });
  }
  return join(folder, 'bin');
}
