/** A server that people log in to. */
export interface LoginServer {
  /** `alice-web-1` */
  readonly name: string;
  /** Nova's id: a server that was replaced is another host, with keys of its own. */
  readonly id: string;
  readonly tier: string;
  /** In the environment's network; of the one that SSH comes in through, the address that is reached from outside. */
  readonly address: string;
  /** Undefined where the image says none: then who the user's own settings say. */
  readonly user: string | undefined;
}

export interface SshConfigInputs {
  readonly servers: readonly LoginServer[];
  /** Name of the server that SSH comes in through. */
  readonly entry: string;
  /** Absolute path. */
  readonly knownHosts: string;
  /** Names of servers whose host keys are known: others are taken as they are when they first answer. */
  readonly known: ReadonlySet<string>;
}

/** As `known_hosts` has a server. */
export function aliasOf({ name, id }: Pick<LoginServer, 'name' | 'id'>): string {
  return `${name}.${id}`;
}

/**
 * A file for `ssh -F` with every server of a lease, each through the one that SSH comes in by. The user's own settings come after it, for
 * keys and agents; what it says itself they cannot change. No agent is forwarded, and no key is named or copied. Pure.
 */
export function sshConfig({ servers, entry, knownHosts, known }: SshConfigInputs): string {
  const blocks = servers.flatMap((server) => [
    `Host ${server.name}`,
    `  HostName ${server.address}`,
    `  HostKeyAlias ${aliasOf(server)}`,
    ...(server.user === undefined ? [] : [`  User ${server.user}`]),
    ...(server.name === entry ? [] : [`  ProxyJump ${entry}`]),
    `  StrictHostKeyChecking ${known.has(server.name) ? 'yes' : 'accept-new'}`,
    `  UserKnownHostsFile "${knownHosts}"`,
    '  GlobalKnownHostsFile /dev/null',
    '  CheckHostIP no',
    '  UpdateHostKeys no',
    '  ForwardAgent no',
    '',
  ]);
  const head = '# Written by `tandem env ssh`, each time anew.';
  return [head, ...blocks, 'Match all', 'Include ~/.ssh/config', ''].join('\n');
}
