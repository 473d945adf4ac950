import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT: string = join(import.meta.dirname, '..');
export const NODE: string = join(ROOT, 'node_modules/.bin/node');
export const MAIN: string = join(ROOT, 'lib/cli/main.ts');

/** The shipped configuration in a folder of its own: a plan of it leaves nothing behind here. */
export function shippedProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true });
  return folder;
}

/** A blueprint that makes at least 60 resources, of the kinds that real ones make. */
const BLUEPRINT = [
  'description: Sixty resources and more',
  'prefixLength: 24',
  'ssh: { tier: bastion, from: [office] }',
  'tiers:',
  '  bastion: { image: debian-12, flavor: small, floatingAddress: true }',
  '  web:',
  '    { image: debian-12, flavor: small, count: 3, listens: [{ port: 8080, from: [web] }] }',
  '  worker: { image: debian-12, flavor: small, count: 4, listens: [{ port: 9000, from: [web] }] }',
  '  database:',
  '    image: debian-12',
  '    flavor: small',
  '    listens: [{ port: 5432, from: [web, worker] }]',
  '    volumes: { data: { sizeGiB: 10 } }',
  '',
].join('\n');

function everything(blueprints: readonly string[]): string {
  const parts = blueprints.map((name, at) => `  p${at}: { blueprint: ${name} }`);
  const tiers = ['tiers:', '  bastion: { image: debian-12, flavor: small, floatingAddress: true }'];
  return `${['description: All that is shipped', 'prefixLength: 22', 'parts:', ...parts, ...tiers].join('\n')}\n`;
}

/**
 * A project of one cloud with many leases, committed.
 * @param of `sixty`: of a blueprint of at least 60 resources without software; `everything`: of one that has all shipped ones as parts
 */
export function leasesProject(count: number, of: 'sixty' | 'everything' = 'sixty'): string {
  const folder = shippedProject();
  for (const part of ['dev', 'environments', 'links', 'clouds/lab.yaml', 'prices'])
    rmSync(join(folder, 'config', part), { recursive: true, force: true });
  mkdirSync(join(folder, 'config/dev'));
  const blueprints = join(folder, 'config/blueprints');
  const shipped = readdirSync(blueprints).map((file) => file.slice(0, -'.yaml'.length));
  if (of === 'sixty') for (const name of shipped) rmSync(join(blueprints, `${name}.yaml`));
  writeFileSync(join(blueprints, 'many.yaml'), of === 'sixty' ? BLUEPRINT : everything(shipped));
  makeRoom(folder);
  for (let index = 0; index < count; index += 1) writeLease(folder, index);
  writeFileSync(join(folder, '.gitignore'), '.tandem/\ncdktf.out/\n');
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(
    folder,
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@example.org',
    '-c',
    'commit.gpgsign=false',
    'commit',
    '-qm',
    'bench',
  );
  return folder;
}

/** @param flavor of the database, so that one lease can be changed */
export function writeLease(folder: string, index: number, flavor = 'small'): void {
  const name = `lease-${String(index).padStart(4, '0')}`;
  const text = [
    'blueprint: many',
    'owner: bench@acme.example.org',
    'since: 2026-11-16',
    'until: 2027-01-30',
    ...(flavor === 'small' ? [] : [`tiers: { database: { flavor: ${flavor} } }`]),
    '',
  ].join('\n');
  writeFileSync(join(folder, 'config/dev', `${name}.yaml`), text);
}

/** Validation counts hosts: a thousand leases need a larger cloud than the shipped one. */
function makeRoom(folder: string): void {
  const organisation = join(folder, 'config/tandem.yaml');
  writeFileSync(organisation, readFileSync(organisation, 'utf8').replace(/^defaultCloud: .*$/m, 'defaultCloud: paris'));
  const file = join(folder, 'config/clouds/paris.yaml');
  const text = readFileSync(file, 'utf8')
    .replace(/vcpus: 128, memoryGiB: 1024, diskGiB: 6400/, 'vcpus: 1024, memoryGiB: 16000, diskGiB: 64000')
    .replace(/usableGiB: \d+/, 'usableGiB: 1000000')
    .replace(/cidr: 198\.18\.0\.0\/22/, 'cidr: 198.18.0.0/20')
    .replace(/last: 198\.18\.3\.250/, 'last: 198.18.15.250');
  writeFileSync(file, text);
}

export function git(folder: string, ...args: string[]): void {
  execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
}
