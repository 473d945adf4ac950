import { TandemError } from '../../errors/tandem-error.ts';

export function noWayIn(name: string, blueprint: string): TandemError {
  return new TandemError({
    code: 'no-way-in',
    message: `nobody logs in to ${name}: blueprint ${blueprint} has no \`ssh\``,
    next: `add \`ssh\` with a tier and sources to config/blueprints/${blueprint}.yaml, and run \`tandem env update ${name}\``,
    details: { name, blueprint },
  });
}

export function noKeyOfLease(name: string): TandemError {
  return new TandemError({
    code: 'no-ssh-key',
    message: `nobody logs in to ${name}: its lease has no SSH key`,
    next: `add \`sshKeys\` with the line of a .pub file to config/dev/${name}.yaml, and run \`tandem env update ${name}\``,
    details: { name },
  });
}

export function noSuchServer(server: string, name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-server',
    message: `${name} has no server "${server}"`,
    next: `name one of: ${known.join(', ')}`,
    details: { server, name, known },
  });
}

export function noConsole(server: string, status: string): TandemError {
  return new TandemError({
    code: 'no-console',
    message: `${server} has no console log: it is ${status}`,
    next: 'start it first (`tandem env thaw NAME` for a frozen environment)',
    details: { server, status },
  });
}

export function noSsh(): TandemError {
  return new TandemError({
    code: 'no-ssh',
    message: 'there is no `ssh` on this machine',
    next: 'install the client of OpenSSH (package openssh-client)',
  });
}
