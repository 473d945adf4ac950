import { TandemError } from '../lib/errors/tandem-error.ts';

/** The lab's part of the error catalogue: `lab-…`. */
export function labInvalidHypervisors(facts: { received: number; minimum: number; maximum: number }): TandemError {
  return new TandemError({
    code: 'lab-invalid-hypervisors',
    message: `a lab cannot have ${facts.received} hypervisors`,
    next: `use a whole number from ${facts.minimum} to ${facts.maximum}`,
    details: facts,
  });
}

export function labNotRoot(facts: { uid: number }): TandemError {
  return new TandemError({
    code: 'lab-not-root',
    message: `the lab needs root to create namespaces and to run services as their own users; got uid ${facts.uid}`,
    next: 'run the same command as root, for example with sudo',
    details: facts,
  });
}

export function labUnsupportedSystem(facts: { found: string }): TandemError {
  return new TandemError({
    code: 'lab-unsupported-system',
    message: `the lab runs on Debian 12 on amd64; this is ${facts.found}`,
    next: 'run it on a Debian 12 machine or virtual machine',
    details: facts,
  });
}

export function labToolMissing(facts: { tool: string; purpose: string }): TandemError {
  return new TandemError({
    code: 'lab-tool-missing',
    message: `${facts.tool} is not on this machine; the lab needs it ${facts.purpose}`,
    next: `install ${facts.tool} and run the command again`,
    details: facts,
  });
}

export function labPortTaken(facts: {
  ports: readonly { port: number; service: string; owner: string }[];
}): TandemError {
  const list = facts.ports.map((taken) => `${taken.port} (${taken.service}) by ${taken.owner}`).join(', ');
  return new TandemError({
    code: 'lab-port-taken',
    message: `ports that the lab listens on are taken: ${list}`,
    next: 'stop the processes that listen on them, and run the command again',
    details: facts,
  });
}

export function labNoSpace(facts: { directory: string; freeMib: number; neededMib: number }): TandemError {
  return new TandemError({
    code: 'lab-no-space',
    message: `${facts.directory} has ${facts.freeMib} MiB free; the lab needs ${facts.neededMib} MiB`,
    next: 'free some space, or give another directory',
    details: facts,
  });
}

export function labNoMemory(facts: { availableMib: number; neededMib: number }): TandemError {
  return new TandemError({
    code: 'lab-no-memory',
    message: `${facts.availableMib} MiB of memory are available; the lab needs ${facts.neededMib} MiB`,
    next: 'stop other programs, use fewer hypervisors, or a larger machine',
    details: facts,
  });
}

export function labBusy(facts: { directory: string; pid: number }): TandemError {
  return new TandemError({
    code: 'lab-busy',
    message: `process ${facts.pid} is already starting or stopping the lab in ${facts.directory}`,
    next: 'wait for it, or stop that process and run the command again',
    details: facts,
  });
}

export function labDirectoryInUse(facts: { directory: string; found: string }): TandemError {
  return new TandemError({
    code: 'lab-directory-in-use',
    message: `${facts.directory} is not a lab: it holds ${facts.found}`,
    next: 'name an empty directory, or one that an earlier lab created',
    details: facts,
  });
}

export function labPackagesFailed(facts: { logTail: string; log: string }, cause?: unknown): TandemError {
  return new TandemError({
    code: 'lab-packages-failed',
    message: `the packages could not be installed: ${reasonOf(cause)}; the log ends:\n${facts.logTail}`,
    next: `check that this machine reaches its Debian package registry; the log is ${facts.log}`,
    cause,
    details: facts,
  });
}

export function labBuildFailed(facts: { what: string; logTail: string; log: string }, cause?: unknown): TandemError {
  return new TandemError({
    code: 'lab-build-failed',
    message: `${facts.what} could not be built: ${reasonOf(cause)}; the log ends:\n${facts.logTail}`,
    next: `check that this machine reaches its Go module registry (GOPROXY); the log is ${facts.log}`,
    cause,
    details: facts,
  });
}

export function labServiceFailed(
  facts: { service: string; reason: string; logTail: string; log: string },
  cause?: unknown,
): TandemError {
  return new TandemError({
    code: 'lab-service-failed',
    message: `${facts.service} ${facts.reason}${facts.logTail === '' ? '' : `; its log ends:\n${facts.logTail}`}`,
    next: `read ${facts.log}; everything that had been started was stopped; run the command again`,
    cause,
    details: facts,
  });
}

export function labSandboxFailed(facts: { logTail: string }, cause?: unknown): TandemError {
  return new TandemError({
    code: 'lab-sandbox-failed',
    message: `the lab's namespaces could not be created: ${facts.logTail}`,
    next: 'run it where root may mount overlay and tmpfs file systems and create namespaces (CAP_SYS_ADMIN)',
    cause,
    details: facts,
  });
}

export function labNotRunning(facts: { directory: string }): TandemError {
  return new TandemError({
    code: 'lab-not-running',
    message: `no lab runs in ${facts.directory}`,
    next: 'start one with `tandem lab up`',
    details: facts,
  });
}

export function labAborted(): TandemError {
  return new TandemError({
    code: 'lab-aborted',
    message: 'interrupted; nothing is running',
    next: 'run `tandem lab up` again; installed packages are reused',
  });
}

export function labFailed(facts: { phase: string; log: string }, cause: unknown): TandemError {
  return new TandemError({
    code: 'lab-failed',
    message: `phase ${facts.phase} failed: ${reasonOf(cause)}`,
    next: `read the logs in ${facts.log}; everything that had been started was stopped; run the command again`,
    cause,
    details: facts,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no reason was given';
}

export function labTimeout(facts: { what: string; seconds: number }): TandemError {
  return new TandemError({
    code: 'lab-timeout',
    message: `within ${facts.seconds} s it did not happen that ${facts.what}`,
    next: 'run the command again; the machine may have been too busy',
    details: facts,
  });
}

export function labNoServers(facts: { why: string }): TandemError {
  return new TandemError({
    code: 'lab-no-servers',
    message: `servers cannot be formed on this machine: ${facts.why}`,
    next: 'run the same command as root on Debian 12',
    details: facts,
  });
}
