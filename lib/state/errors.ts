import { TandemError } from '../errors/tandem-error.ts';

interface Holder {
  readonly stack: string;
  readonly owner: string;
  readonly processId: number;
  readonly verb: string;
  readonly since: string;
  /** How long it has been held, in words: `3 min`. */
  readonly age: string;
}

export function stateLocked(holder: Holder): TandemError {
  return new TandemError({
    code: 'state-locked',
    message: `${holder.stack} is locked by ${holder.owner} (process ${holder.processId}), which has been running \`${holder.verb}\` for ${holder.age}`,
    next: `wait for it (verbs with --lock-timeout SECONDS do), ask ${holder.owner}, or, if that run has ended for certain, release the lock with \`tandem unlock ${holder.stack}\``,
    details: { ...holder },
  });
}

export function notLocked(stack: string): TandemError {
  return new TandemError({
    code: 'not-locked',
    message: `${stack} is not locked`,
    next: 'nothing needs to be done: `tandem deploy` acquires the lock itself',
  });
}

export function lockLost(stack: string, holder: Omit<Holder, 'age'> | undefined, brokenBy?: string): TandemError {
  const by = brokenBy === undefined ? '' : ` by ${brokenBy}`;
  const now =
    holder === undefined
      ? `was released${by} while this run held it`
      : `was taken from this run, and ${holder.owner} (process ${holder.processId}) runs \`${holder.verb}\` with it`;
  return new TandemError({
    code: 'lock-lost',
    message: `the lock of ${stack} ${now}; nothing more was begun`,
    next: `find out who works on ${stack} (\`tandem list ${stack}\` shows its lock)`,
    details: { stack, ...(holder === undefined ? {} : { holder }), ...(brokenBy === undefined ? {} : { brokenBy }) },
  });
}

export function brokenLock(stack: string, where: string, why: string): TandemError {
  return new TandemError({
    code: 'broken-lock',
    message: `the lock of ${stack} cannot be read (${where}): ${why}; who holds it is unknown`,
    next: `make sure that nobody works on ${stack}, then release it with \`tandem unlock ${stack}\``,
    details: { stack, where },
  });
}

export function brokenStateFile(where: string, why: string): TandemError {
  return new TandemError({
    code: 'broken-state-file',
    message: `${where} cannot be read: ${why}`,
    next: 'restore it from a backup, or run `tandem doctor --repair`, which moves it aside and keeps a copy',
    details: { where },
  });
}

export function stateUnreachable(where: string, why: string): TandemError {
  return new TandemError({
    code: 'state-unreachable',
    message: `the state in ${where} cannot be reached: ${why}`,
    next: 'check the service, the network and the credentials, and run again',
    details: { where },
  });
}

export function stateFull(where: string, why: string): TandemError {
  return new TandemError({
    code: 'state-full',
    message: `the state in ${where} cannot be written: ${why}`,
    next: 'make room there (disk or quota of that service), and run again',
    details: { where },
  });
}

export function stateReadOnly(where: string, why: string): TandemError {
  return new TandemError({
    code: 'state-read-only',
    message: `the state in ${where} cannot be written: ${why}`,
    next: 'have the service made writable, or this user permitted to write there, and run again',
    details: { where },
  });
}

export function noStateKey(keyFile: string | undefined): TandemError {
  return new TandemError({
    code: 'state-key',
    message: `the state is encrypted, and no age identity here opens it; looked in TANDEM_SECRETS_KEY and ${keyFile ?? 'no key file, without HOME'}`,
    next: 'get an identity that is among `state.recipients` of config/tandem.yaml from somebody who deploys, and put it into one of the two',
    details: { keyFile: keyFile ?? null },
  });
}

export function notARecipient(own: readonly string[]): TandemError {
  return new TandemError({
    code: 'not-a-recipient',
    message: `your age identity (${own.join(', ')}) is not among \`state.recipients\`: you could not read the state that you write`,
    next: 'add its public key to `state.recipients` in config/tandem.yaml, or use an identity that is in the list',
    details: { own },
  });
}

interface StateVersionFacts {
  readonly lineage: string;
  readonly serial: number;
}

export function stateDiverged(
  stack: string,
  kept: StateVersionFacts | undefined,
  own: StateVersionFacts | undefined,
): TandemError {
  const told = (facts: StateVersionFacts | undefined): string =>
    facts === undefined ? 'is no state' : `has serial ${facts.serial}, lineage ${facts.lineage}`;
  return new TandemError({
    code: 'state-diverged',
    message: `the state of ${stack} was written by another run meanwhile: what is kept ${told(kept)}; what was to be written ${told(own)}`,
    next: `\`tandem state list ${stack}\` shows the versions; keep the one that has the resources, with \`tandem state restore ${stack} VERSION\``,
    details: { stack, kept: kept ?? null, own: own ?? null },
  });
}

export function stateMoved(stack: string): TandemError {
  return new TandemError({
    code: 'state-moved',
    message: `the state of ${stack} changed while it was being replaced; it was left as it is`,
    next: `see who works on it with \`tandem list\`, and run again`,
    details: { stack },
  });
}

export function stateInUse(stack: string, holder: string): TandemError {
  return new TandemError({
    code: 'state-in-use',
    message: `the state of ${stack} is in use by ${holder}`,
    next: 'wait until that Terraform has ended, and run again',
    details: { stack, holder },
  });
}

export function noSuchVersion(stack: string, version: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-version',
    message: `${stack} has no version "${version}"`,
    next:
      known.length === 0
        ? 'no version of it is kept'
        : `\`tandem state list ${stack}\` shows them; the newest is ${known[0] ?? ''}`,
    details: { stack, version },
  });
}
