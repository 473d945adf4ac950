import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeFileAtomic } from '../../fs/files.ts';
import type { DevPorts } from '../ports.ts';
import { noKeyOfLease, noWayIn } from './errors.ts';
import { hostKeysIn, isKnown, withHostKeys } from './host-keys.ts';
import { findServer, serversOf } from './servers.ts';
import { aliasOf, type LoginServer, sshConfig } from './ssh-config.ts';

/** A login that only has to be begun. */
export interface Login {
  readonly server: LoginServer;
  /** `ssh -F FILE alice-web-1`: what follows it is run there. */
  readonly command: readonly string[];
  /** Servers on the way whose host keys are not known: they are taken as they first answer. */
  readonly unknown: readonly string[];
}

function folderOf(root: string, name: string): string {
  return join(root, '.tandem/ssh', name);
}

/**
 * Prepares a login: writes a file for `ssh -F` with the servers of the lease, and the host keys that their consoles show, which the
 * cloud's API tells. Copies no key.
 * @param server `web-1`, or a tier, whose first server it is @default - the one that SSH comes in through
 * @throws TandemError `no-way-in`, `no-ssh-key`, `no-such-server`
 */
export async function prepareLogin(ports: DevPorts, name: string, server?: string): Promise<Login> {
  const known = await serversOf(ports, name);
  const { environment, servers, entry } = known;
  if (entry === undefined) throw noWayIn(name, environment.blueprint.name);
  if (environment.lease.value.sshKeys.length === 0) throw noKeyOfLease(name);
  const target = server === undefined ? entry : findServer(known, server);
  const folder = folderOf(ports.root, name);
  const knownHosts = join(folder, 'known_hosts');
  const before = readIfThere(knownHosts) ?? '';
  const cloud = ports.cloud(environment.cloud);
  let text = before;
  const unknown: string[] = [];
  for (const each of new Set([entry, target])) {
    if (isKnown(text, aliasOf(each))) continue;
    // A console that is not told is no reason not to log in: then the key is taken as the server first shows it.
    const console = (await cloud.consoleOf(each.id)) ?? '';
    const keys = hostKeysIn(console);
    if (keys.length === 0) unknown.push(each.name);
    else text = withHostKeys(text, aliasOf(each), keys);
  }
  if (text !== before) writeFileAtomic(knownHosts, text);
  const file = join(folder, 'config');
  const trusted = new Set(servers.filter((each) => isKnown(text, aliasOf(each))).map((each) => each.name));
  writeFileAtomic(file, sshConfig({ servers, entry: entry.name, knownHosts, known: trusted }));
  return { server: target, command: ['ssh', '-F', file, target.name], unknown };
}

/** What was written for logins is of no use once the environment is gone. */
export function forgetLogins(root: string, name: string): void {
  rmSync(folderOf(root, name), { recursive: true, force: true });
}
