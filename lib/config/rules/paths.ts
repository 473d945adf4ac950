import { realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { RuleInput } from './rule.ts';

/**
 * Folders of the deployer that the configuration may name besides the project, by what they are for: the lab's own, and where packages put
 * such files. Further ones are the operator's to allow, in TANDEM_ALLOWED_PATHS: whoever commits could otherwise have any file of the
 * deployer's read, or sent away as an image.
 */
const ALLOWED = {
  clientConfig: ['/var/lib/tandem-lab', '/var/lib/tandem-lab-ha', '/etc/openstack'],
  cliConfig: ['/var/lib/tandem-lab', '/var/lib/tandem-lab-ha', '/etc/terraform.d', '/etc/tofu.d'],
  image: ['/var/lib/tandem-lab/images', '/var/lib/tandem-lab-ha/images'],
  kolla: ['/etc/kolla'],
  secrets: [],
  program: [],
} as const;

/** Files and folders that the configuration names are the project's, or where the operator allows. */
export function checkPaths({ organisation, clouds, environments, root }: RuleInput): Problem[] {
  const problems: Problem[] = [];
  const check = (origin: Origin, path: string | undefined, kind: keyof typeof ALLOWED): void => {
    if (path === undefined || isAllowed(path, ALLOWED[kind], root)) return;
    const message = `got "${path}"; it is outside the project, and not where such files may be`;
    problems.push(origin.problem('path-not-allowed', message, adviceOn(ALLOWED[kind])));
  };
  if (organisation !== undefined)
    check(organisation.origin.at('secrets', 'path'), organisation.value.secrets.path, 'secrets');
  for (const { value, origin } of clouds.values()) {
    check(origin.at('endpoint', 'clientConfig'), value.endpoint.clientConfig, 'clientConfig');
    check(origin.at('terraform', 'cliConfig'), value.terraform.cliConfig, 'cliConfig');
    check(origin.at('kolla', 'secrets'), value.kolla?.secrets, 'kolla');
    for (const [name, { file }] of Object.entries(value.images))
      check(origin.at('images', name, 'file'), file, 'image');
  }
  for (const { value, origin } of environments.values()) {
    const at = origin.at('cluster', 'worker', 'program', 'archive', 'path');
    check(at, value.cluster.worker.program?.archive?.path, 'program');
  }
  return problems;
}

function adviceOn(folders: readonly string[]): string {
  const [first] = folders;
  const there = first === undefined ? '' : ` or ${first}`;
  return `put it into the project${there}, or have the deployer name its folder in TANDEM_ALLOWED_PATHS`;
}

function isAllowed(path: string, folders: readonly string[], root: string | undefined): boolean {
  const own = (process.env['TANDEM_ALLOWED_PATHS'] ?? '').split(delimiter).filter(isAbsolute);
  if (isAbsolute(path)) return [...folders, ...own].some((folder) => isInside(normalize(path), normalize(folder)));
  if (normalize(path).split(sep)[0] === '..') return false;
  // Nor by a link, where the file or a folder above it is there to look at.
  if (root === undefined) return true;
  const [real, home] = [realOf(join(root, path)), realOf(root)];
  return [home, ...own].some((folder) => isInside(real, folder));
}

/** Where a path leads; of what is not there, where the folder above it does. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realOf(dirname(path)), path.slice(dirname(path).length));
  }
}

function isInside(path: string, folder: string): boolean {
  const home = folder.endsWith(sep) ? folder.slice(0, -1) : folder;
  return path === home || path.startsWith(home + sep);
}
