import type { ConsulFile } from '../../lib/aws/link-discovery.ts';
import type { ComponentFile } from '../../lib/bring-up/component.ts';
import {
  commonConfiguration,
  gossipFile,
  joinFile,
  serverConfiguration,
  serverJoin,
  tlsFiles,
} from '../../lib/components/consul/configuration.ts';
import { consulSettings } from '../../lib/components/consul/settings.ts';
import type { LinkDiscovery } from '../../lib/config/link/discovery.ts';

/** Settings of the servers and of the agents on AWS: those of the components, but for what AWS has otherwise. */
export function consulFilesOf(
  { environment: { datacenter }, cloud, servers }: LinkDiscovery,
  cluster: string,
  addresses: string,
): Readonly<Record<'server' | 'client', readonly ConsulFile[]>> {
  const { raftMultiplier, sessionTtlMinSeconds } = consulSettings.parse({});
  const common = [gossipFile(), ...tlsFiles()];
  const join = serverJoin(String(servers), JSON.stringify(cloud.addresses));
  const server = serverConfiguration({
    datacenter,
    // Agents answer their own machine, and the other side's resolvers ask the servers there.
    clients: '127.0.0.1',
    sessionTtlMin: `${sessionTtlMinSeconds}s`,
    raftMultiplier: String(raftMultiplier),
  });
  return {
    // An instance that is terminated, or waits for its turn to restart, says so: the others need not find out.
    server: [main(`${server}leave_on_terminate = true\n`), ...common, joinFile(`[${addresses}]`, join)].map(plain),
    client: [
      main(`${commonConfiguration(datacenter)}client_addr = "127.0.0.1"\n`),
      ...common,
      joinFile(`[${addresses}]`),
      // Without a check of its own, it is as well as its machine.
      {
        path: '/etc/consul.d/services.hcl',
        content: `service {\n  name = "${cluster}"\n}\n`,
        onChange: 'reload' as const,
      },
    ].map(plain),
  };
}

function main(content: string): ComponentFile {
  return { path: '/etc/consul.d/consul.hcl', content };
}

/** Whose it is, the program on the instance knows. */
function plain({ path, content, mode, onChange = 'restart' }: ComponentFile): ConsulFile {
  return { path, content, ...(mode === undefined ? {} : { mode }), onChange };
}
