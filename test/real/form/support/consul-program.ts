import { consulProgram } from '../../../../lab/servers/consul-program.ts';
import type { RootFiles } from '../../../../lab/servers/roots.ts';
import { CONSUL, CONSUL_VERSION } from '../../../../lib/components/consul/install.ts';

/** Consul for servers that are formed. */
export async function consulFiles(): Promise<RootFiles> {
  return consulProgram(CONSUL_VERSION, CONSUL);
}
