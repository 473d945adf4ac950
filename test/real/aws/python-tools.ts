import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

/** Folder of the programs, installed from PyPI into a virtual environment of their own; about a minute, once a set of versions. */
function installed(name: string, packages: readonly string[]): string {
  const folder = join(root, '.tandem/cache', name);
  const stamp = join(folder, `${packages.join(' ')}.installed`);
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', ...packages], { stdio: 'pipe' });
    writeFileSync(stamp, '');
  }
  return join(folder, 'bin');
}
