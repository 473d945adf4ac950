import { join } from 'node:path';
import { z } from 'zod';
import { loginUserOf } from '../config/choices.ts';
import { linkNameOf } from '../config/link/name.ts';
import { hostKeysIn, isKnown, withHostKeys } from '../dev/use/host-keys.ts';
import { remoteCommand, runSsh } from '../dev/use/run-ssh.ts';
import { aliasOf, sshConfig } from '../dev/use/ssh-config.ts';
import type { Outputs } from '../engines/engine.ts';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';
import { StackId } from '../stack/id.ts';
import type { LinkAndSides } from './choose.ts';
import { gatewayNotMade } from './errors.ts';
import { type GatewayShell, gatewayName } from './gateways.ts';

export interface SshShellProps {
  /** The project's root: what is known of hosts stands below it. */
  readonly root: string;
  /** Variables of the operator. */
  readonly environment: NodeJS.ProcessEnv;
  /** Of a stack of the link; throws where it was never deployed. */
  readonly outputs: (stack: StackId) => Promise<Outputs>;
  /** What a server printed when it started; undefined where nobody tells. */
  readonly consoleOf: (serverId: string) => Promise<string | undefined>;
}

/** In seconds: a gateway that is off answers nothing at all. */
const CONNECT_SECONDS = 10;

const address = z.string().min(1);

/**
 * Runs commands by SSH on the floating addresses, with the operator's own keys, as the image's user, who may become root. Host keys are
 * those that the console shows; where it shows none, the one that is seen first.
 */
export function sshShell(props: SshShellProps, chosen: LinkAndSides): GatewayShell {
  const { link, cloud } = chosen;
  const folder = join(props.root, '.tandem/ssh', linkNameOf(link.name));
  const knownHosts = join(folder, 'known_hosts');
  // An engine takes seconds to tell them, and what reads them here holds its stacks, or only looks.
  const told = new Map<StackId, Promise<Outputs>>();
  const outputsOf = (stack: StackId): Promise<Outputs> => {
    const known = told.get(stack) ?? props.outputs(stack);
    told.set(stack, known);
    return known;
  };
  return {
    async run(gateway, command) {
      const name = gatewayName(chosen, gateway);
      const [addresses, servers] = await Promise.all([
        outputsOf(StackId.linkAddresses(cloud.name)),
        outputsOf(StackId.link(cloud.name)),
      ]);
      const [host, id] = [addresses[`gateway_${gateway}_address`], servers[`gateway_${gateway}_server`]].map(
        (output) => address.safeParse(output?.value).data,
      );
      if (host === undefined || id === undefined) throw gatewayNotMade(name, StackId.link(cloud.name));
      const server = {
        name,
        id,
        tier: 'gateway',
        address: host,
        user: loginUserOf(cloud.value, link.value.gateways.image),
      };
      const isTrusted = await knowHost(props, knownHosts, aliasOf(server), id);
      const file = join(folder, name);
      const known = new Set(isTrusted ? [name] : []);
      writeFileAtomic(file, sshConfig({ servers: [server], entry: name, knownHosts, known }));
      const way = ['ssh', '-o', `ConnectTimeout=${CONNECT_SECONDS}`, '-F', file, name];
      return await runSsh([...way, '--', remoteCommand(['sudo', ...command])], {
        environment: props.environment,
        terminal: false,
      });
    },
  };
}

/** Whether the host's keys are known, after the console was asked for them. */
async function knowHost({ consoleOf }: SshShellProps, file: string, alias: string, id: string): Promise<boolean> {
  const known = (): string => readIfThere(file) ?? '';
  if (isKnown(known(), alias)) return true;
  const keys = hostKeysIn((await consoleOf(id)) ?? '');
  if (keys.length === 0) return false;
  // Read anew: the other gateway, which is asked at the same time, may have written its own meanwhile.
  writeFileAtomic(file, withHostKeys(known(), alias, keys));
  return true;
}
