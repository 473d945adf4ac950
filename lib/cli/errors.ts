import { TandemError } from '../errors/tandem-error.ts';

export function noProjectHere(folder: string): TandemError {
  return new TandemError({
    code: 'no-project',
    message: `there is no config/tandem.yaml in ${folder} or in any folder above it`,
    next: 'change to a folder of a Tandem project, or name the project: --project DIR',
    details: { folder },
  });
}

export function unreachable(where: string, why: string): TandemError {
  return new TandemError({
    code: 'not-reachable',
    message: `${where} cannot be reached: ${why}`,
    next: 'check that it runs and that this machine may reach it (address, proxy, VPN, firewall), then run the command again',
    details: { where },
  });
}

export function nameNotFound(host: string): TandemError {
  return new TandemError({
    code: 'name-not-found',
    message: `the name ${host} has no address here`,
    next: 'check how it is written, and the name servers of this machine (`getent hosts NAME`; a VPN may have its own), then run the command again',
    details: { host },
  });
}

export function certificateRefused(why: string): TandemError {
  return new TandemError({
    code: 'certificate-refused',
    message: `a server's certificate is not accepted: ${why}`,
    next: 'have the certificate renewed, or name the authority that signed it (NODE_EXTRA_CA_CERTS, or `cacert` in clouds.yaml); check the clock of this machine',
  });
}

export function programMissing(program: string): TandemError {
  return new TandemError({
    code: 'program-missing',
    message: `the program ${program} is not installed, or not on the PATH`,
    next: 'install it, then run the command again',
    details: { program },
  });
}

export function programNotExecutable(program: string): TandemError {
  return new TandemError({
    code: 'program-not-executable',
    message: `the program ${program} may not be executed`,
    next: 'make it executable (`chmod +x`), or move it to a file system that is not mounted noexec, then run the command again',
    details: { program },
  });
}

export function fileInTheWay(path: string, why: string): TandemError {
  return new TandemError({
    code: 'file-in-the-way',
    message: `${path} cannot be used: ${why}`,
    next: 'see what is there (`ls -ld` on it and on the folders above it), put it right, then run the command again',
    details: { path },
  });
}

export function workingFolderGone(): TandemError {
  return new TandemError({
    code: 'working-folder-gone',
    message: 'the working folder does not exist any more',
    next: 'change to a folder that exists, then run the command again',
  });
}

export function outOfMemory(why: string): TandemError {
  return new TandemError({
    code: 'out-of-memory',
    message: `the system refused memory or another process: ${why}`,
    next: 'lower --parallelism, or give the machine more memory or processes (`ulimit -u`), then run the command again',
  });
}

export function timedOut(why: string): TandemError {
  return new TandemError({
    code: 'timed-out',
    message: `something that was asked did not answer in time: ${why}`,
    next: 'run the command again; if it stays so, check the network and the service',
  });
}

/** @param command - As it was given @param review - The command that shows what would be done; undefined where all that is known was shown */
export function noTerminal(command: string, question: string, review: string | undefined): TandemError {
  const first = review === undefined ? '' : `review what would be done (\`${review}\`), then `;
  return new TandemError({
    code: 'no-terminal',
    message: `somebody has to say yes, and there is no terminal to ask on: ${question}`,
    next: `${first}run \`${command} --yes\``,
  });
}
