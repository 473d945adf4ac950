import { TandemError } from '../../errors/tandem-error.ts';

export function noSuchCertificate(cloud: string, name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-certificate',
    message: `${cloud} has no certificate "${name}"`,
    next: known.length === 0 ? 'its settings ask for none' : `its certificates are ${known.join(', ')}`,
    details: { cloud, name },
  });
}

/** @param why - One line a certificate */
export function certificateUnfit(cloud: string, folder: string, why: readonly string[]): TandemError {
  return new TandemError({
    code: 'certificate-unfit',
    message: `new certificates in ${folder} cannot be taken for ${cloud}: ${why.join('; ')}`,
    next: 'lay down the whole chain with its key there, each under the path of the old file; an authority that nobody trusts yet goes into certificates/ca first, and to the containers by `kolla-ansible reconfigure` with kolla_copy_ca_into_containers',
    details: { cloud, folder },
  });
}

/** @param log - File on this machine with what Ansible said */
export function rotationFailed(
  cloud: string,
  names: readonly string[],
  step: string,
  why: string,
  log?: string,
): TandemError {
  return new TandemError({
    code: 'rotation-failed',
    message: `rotation in ${cloud}: step "${step}": ${why}`,
    next: `${log === undefined ? 'look at that host' : `read ${log}`}, fix the cause, then \`tandem cloud certificates ${cloud} --rotate ${names.join(' --rotate ')} --run\` again: it goes on with this step; hosts that were not reached show the old certificate, which is still good`,
    details: { cloud, step },
  });
}
