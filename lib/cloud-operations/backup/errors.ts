import { TandemError } from '../../errors/tandem-error.ts';

export function noBackupConfigured(cloud: string, file: string): TandemError {
  return new TandemError({
    code: 'no-backup-configured',
    message: `${file} has no kolla.backup: nothing says where backups of ${cloud} go and who may read them`,
    next: `add kolla.backup with destination and recipients to ${file}, then \`tandem deploy kolla/${cloud}\`, which lets the database take backups`,
    details: { cloud },
  });
}

/** @param log - File on this machine with what Ansible said */
export function backupFailed(cloud: string, step: string, why: string, log?: string): TandemError {
  return new TandemError({
    code: 'backup-failed',
    message: `backup of ${cloud}: ${step}: ${why}`,
    next: `${log === undefined ? 'look at that host' : `read ${log}`}, fix the cause, then \`tandem cloud backup ${cloud} --now\`; earlier backups are as they were`,
    details: { cloud, step },
  });
}

export function noFullBackup(cloud: string): TandemError {
  return new TandemError({
    code: 'no-full-backup',
    message: `an incremental backup of ${cloud} stands on a full one, and the full one that the database host kept is in no backup here`,
    next: `take a full one: \`tandem cloud backup ${cloud} --now\``,
    details: { cloud },
  });
}

export function noSuchBackup(cloud: string, id: string, known: readonly string[]): TandemError {
  const newest = known.slice(-3).reverse().join(', ');
  return new TandemError({
    code: 'no-such-backup',
    message: `there is no backup ${id} of ${cloud}`,
    next:
      known.length === 0
        ? `take one: \`tandem cloud backup ${cloud} --now\``
        : `the newest are ${newest}; \`tandem cloud backup ${cloud}\` lists all`,
    details: { cloud, id },
  });
}

export function backupUnfit(cloud: string, id: string, why: string): TandemError {
  return new TandemError({
    code: 'backup-unfit',
    message: `backup ${id} cannot be restored into ${cloud}: ${why}`,
    next: `choose another: \`tandem cloud backup ${cloud} --check\` reads every one to its end`,
    details: { cloud, id },
  });
}

export function backupKeyMissing(cloud: string, id: string): TandemError {
  return new TandemError({
    code: 'backup-key-missing',
    message: `backup ${id} of ${cloud} is encrypted, and no key here opens it`,
    next: 'set TANDEM_SECRETS_KEY to the secret key of one of its recipients, or let one of them restore; `tandem secret key` prints the public key that you have',
    details: { cloud, id },
  });
}

export function databaseAlive(cloud: string, id: string, hosts: readonly string[]): TandemError {
  return new TandemError({
    code: 'database-alive',
    message: `the database of ${cloud} answers on ${hosts.join(', ')}: a restore replaces all that was written since the backup`,
    next: `take a backup first (\`tandem cloud backup ${cloud} --now\`), then \`tandem cloud restore ${id} --cloud ${cloud} --run --over-live\``,
    details: { cloud, id, hosts },
  });
}

/** @param log - File on this machine with what Ansible said */
export function restoreFailed(cloud: string, id: string, step: string, why: string, log?: string): TandemError {
  return new TandemError({
    code: 'restore-failed',
    message: `restore of ${cloud}: step "${step}": ${why}`,
    next: `${log === undefined ? 'look at that host' : `read ${log}`}, fix the cause, then \`tandem cloud restore ${id} --cloud ${cloud} --run\` again: it goes on with this step`,
    details: { cloud, id, step },
  });
}

export function comparisonFailed(cloud: string, id: string, why: string): TandemError {
  return new TandemError({
    code: 'comparison-failed',
    message: `what exists in ${cloud} could not be compared with what its services know: ${why}`,
    next: `look at that host, then \`tandem cloud restore ${id} --cloud ${cloud} --compare\`, which changes nothing`,
    details: { cloud, id },
  });
}
