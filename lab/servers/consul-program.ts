import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goBuild } from '../openstack/go.ts';
import { FORM_FOLDER, type RootFiles } from './roots.ts';

/**
 * Consul as servers have it before its component is installed, so that nothing is fetched from its makers: built from the Go module
 * registry, once a machine; three minutes on two cores.
 * @param version the one that `consul/go.mod` asks for
 * @param path where servers have it
 */
export async function consulProgram(version: string, path: string): Promise<RootFiles> {
  const folder = join(FORM_FOLDER, 'programs');
  const output = join(folder, `consul-${version}`);
  if (!existsSync(output)) {
    const tools = join(folder, 'tools');
    const log = join(folder, 'log');
    for (const each of [tools, log]) mkdirSync(each, { recursive: true });
    const module = join(import.meta.dirname, 'consul');
    const build = { what: 'Consul', module, package: 'github.com/hashicorp/consul', output };
    await goBuild(build, { tools, log }, new AbortController().signal);
    await rm(tools, { recursive: true, force: true });
  }
  return { [path]: output };
}
