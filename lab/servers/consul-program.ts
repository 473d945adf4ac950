import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goBuild } from '../../../../lab/openstack/go.ts';
import { FORM_FOLDER, type RootFiles } from '../../../../lab/servers/roots.ts';
import { CONSUL, CONSUL_VERSION } from '../../../../lib/components/consul/install.ts';

/**
 * Consul as servers have it before its component is installed, so that nothing is fetched from its makers: built from the Go module
 * registry, once a machine; three minutes on two cores.
 */
export async function consulFiles(): Promise<RootFiles> {
  const folder = join(FORM_FOLDER, 'programs');
  const output = join(folder, `consul-${CONSUL_VERSION}`);
  if (!existsSync(output)) {
    const tools = join(folder, 'tools');
    const log = join(folder, 'log');
    for (const each of [tools, log]) mkdirSync(each, { recursive: true });
    const module = join(import.meta.dirname, 'consul');
    const build = { what: 'Consul', module, package: 'github.com/hashicorp/consul', output };
    await goBuild(build, { tools, log }, new AbortController().signal);
    await rm(tools, { recursive: true, force: true });
  }
  return { [CONSUL]: output };
}
