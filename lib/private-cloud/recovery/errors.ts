import { TandemError } from '../../errors/tandem-error.ts';
import { counted } from '../../text/plural.ts';
import type { MissingHost } from './position.ts';

export function recoveryNotNeeded(cloud: string, hosts: readonly string[], members: number): TandemError {
  return new TandemError({
    code: 'recovery-not-needed',
    message: `the database of ${cloud} runs on ${hosts.join(', ')} (${hosts.length} of ${counted(members, 'member')}): to found it anew would part it from them`,
    next: 'where a member is missing, start `kolla-mariadb-container` on its host: it joins by itself; where none answers within minutes, run the command again',
    details: { cloud, hosts },
  });
}

export function recoveryHostMissing(cloud: string, missing: readonly MissingHost[]): TandemError {
  const hosts = missing.map(({ host }) => host);
  const lost = hosts.join(' --without ');
  const said = missing.map(({ host, why }) => `${host} of ${cloud} ${why}`).join('; ');
  return new TandemError({
    code: 'recovery-host-missing',
    message: `${said}: the newest writes may be there`,
    next: `switch the host on, or mount the disk that holds its volumes, and run the command again; where it is lost, \`tandem cloud recover ${cloud} --without ${lost}\` goes on without, and what only it has is lost`,
    details: { cloud, hosts },
  });
}

export function recoveryContradiction(
  cloud: string,
  sides: readonly { readonly uuid: string; readonly hosts: readonly string[] }[],
): TandemError {
  const said = sides.map(({ uuid, hosts }) => `${hosts.join(', ')}: cluster ${uuid}`).join('; ');
  return new TandemError({
    code: 'recovery-contradiction',
    message: `the databases of ${cloud} belong to different clusters, and their positions cannot be compared (${said})`,
    next: `find out which cluster the services wrote to last; \`tandem cloud recover ${cloud} --without HOST\` for each host of the other one goes on without it`,
    details: { cloud },
  });
}

export function recoveryPositionUnknown(cloud: string, hosts: readonly string[]): TandemError {
  return new TandemError({
    code: 'recovery-position-unknown',
    message: `nobody knows how far the database on ${hosts.join(', ')} of ${cloud} had come: it crashed, and has not been started since`,
    next: 'start `kolla-mariadb-container` on each of these hosts: before it looks for the others it writes its position into its log; then run the command again',
    details: { cloud, hosts },
  });
}

export function recoveryStepFailed(cloud: string, step: string, why: string, log: string | undefined): TandemError {
  return new TandemError({
    code: 'recovery-step-failed',
    message: `${cloud}: step "${step}" failed: ${why}`,
    next: `${log === undefined ? '' : `read ${log}, `}fix the cause, then run \`tandem cloud recover ${cloud} --run\` again: it resumes with this step`,
    details: { cloud, step },
  });
}
