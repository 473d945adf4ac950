import { leaseTaken } from './errors.ts';
import { leaseFile } from './lease-file.ts';
import type { DevPorts } from './ports.ts';

/**
 * Commits the lease as it stands in the working tree, and pushes where there is a remote. Returns the command that opens a pull
 * request where the branch is protected. What is committed already is only pushed.
 */
export async function commitLease(ports: DevPorts, name: string, message: string): Promise<string | undefined> {
  const { repository, io } = ports;
  const committed = await repository.commit(leaseFile(name), message);
  const pushed = await repository.push(name);
  if (committed)
    io.progress(`committed ${leaseFile(name)}${pushed.kind === 'pushed' ? ` and pushed it to ${pushed.branch}` : ''}`);
  if (pushed.kind !== 'branch') return undefined;
  io.progress(`branch ${pushed.base} is protected, so the commit was pushed to ${pushed.branch}`);
  return pushed.command;
}

/** @throws TandemError `lease-taken` where somebody pushed a lease of that name that this checkout does not have */
export async function requireUntaken(ports: DevPorts, name: string): Promise<void> {
  const by = await ports.repository.takenBy(leaseFile(name));
  if (by !== undefined) throw leaseTaken(name, by);
}
