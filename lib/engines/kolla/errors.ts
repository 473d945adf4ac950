import { TandemError } from '../../errors/tandem-error.ts';
import { firstOf } from '../../text/listed.ts';
import { plural } from '../../text/plural.ts';

export function kollaTreeEdited(cloud: string, folder: string, files: readonly string[]): TandemError {
  return new TandemError({
    code: 'kolla-tree-edited',
    message: `${folder}: ${firstOf(files, 3)} ${plural(files.length, 'was', 'were')} edited by hand; what is deployed comes from config/clouds/${cloud}.yaml alone`,
    next: `bring the change into config/clouds/${cloud}.yaml (kolla.globals takes variables), then \`tandem cloud render ${cloud} --overwrite\`, which loses the edits`,
    details: { cloud, files },
  });
}

export function noKolla(program: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'no-kolla-ansible',
    message: `${program} cannot be run`,
    next: 'install kolla-ansible 22.x in a virtual environment and put its bin/ on the path, or name it: TANDEM_KOLLA_ANSIBLE',
    cause,
  });
}

export function noAnsible(program: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'no-ansible',
    message: `${program} cannot be run`,
    next: 'install kolla-ansible 22.x, which brings ansible along, and put its bin/ on the path or name it: TANDEM_KOLLA_ANSIBLE',
    cause,
  });
}

/** @param seconds that a host may take; 0 where it was only told */
export function rebootFailed(hosts: readonly string[], seconds: number): TandemError {
  const what =
    seconds === 0 ? 'could not be switched off' : `did not all restart and answer within ${seconds / 60} minutes`;
  return new TandemError({
    code: 'reboot-failed',
    message: `${hosts.join(', ')} ${what}`,
    next: 'look at their consoles; bring back those that do not answer',
    details: { hosts },
  });
}

export function kollaVersion(program: string, version: string, wanted: string): TandemError {
  return new TandemError({
    code: 'kolla-ansible-version',
    message: `${program} is version ${version}; the tree is written for ${wanted}, whose groups and variables it uses`,
    next: `install kolla-ansible ${wanted}`,
    details: { version, wanted },
  });
}

export function kollaNoSecrets(stack: string, folder: string): TandemError {
  return new TandemError({
    code: 'kolla-no-secrets',
    message: `${stack}: ${folder}/passwords.yml does not exist`,
    next: `on the deployment host: copy Kolla's passwords.yml to ${folder} and run \`kolla-genpwd --passwords ${folder}/passwords.yml\`, or have the vault write it`,
    details: { stack, folder },
  });
}

export function kollaSecrets(stack: string, cloud: string, folder: string, faults: readonly string[]): TandemError {
  return new TandemError({
    code: 'kolla-secrets',
    message: `${stack}: in ${folder}, ${firstOf(faults, 4, '; ')}: kolla-ansible would stop half way, or services would start with what clients refuse`,
    next: `have your authority issue what is wrong, and put it there; \`tandem cloud check ${cloud} --secrets\` lists every file, who reads it and until when it holds`,
    details: { stack, folder, faults },
  });
}

export function kollaNoDestroy(stack: string): TandemError {
  return new TandemError({
    code: 'kolla-no-destroy',
    message: `${stack}: Tandem does not remove a private cloud`,
    next: 'by hand, on the deployment host: `kolla-ansible destroy --yes-i-really-really-mean-it`',
    details: { stack },
  });
}

export function kollaNoDrift(stack: string): TandemError {
  return new TandemError({
    code: 'kolla-no-drift',
    message: `${stack}: drift detection is not supported: Kolla-Ansible keeps no state, and its only comparison with the hosts prints passwords`,
    next: `\`tandem cloud status ${stack.replace('kolla/', '')}\` asks hosts which containers run, of which image, and whether files changed after they started; \`tandem plan\` compares with the record of the last deployment`,
    details: { stack },
  });
}

export function hostFile(host: string, path: string, why: string): TandemError {
  return new TandemError({
    code: 'host-file',
    message: `${path} of ${host} did not come over whole: ${why}`,
    next: `try \`ssh ${host} sudo -n true\` as the login that kolla.user names; where it asks for something, set that up, then run the command again`,
    details: { host, path },
  });
}

export function hostUnreachable(host: string): TandemError {
  return new TandemError({
    code: 'host-unreachable',
    message: `${host} does not answer Ansible: it is off, its network is away, or the deployment host does not know its SSH key`,
    next: `try \`ssh ${host}\` from the deployment host, and accept its key where it is new; for a host that stays off: \`tandem cloud remove ${host} --off\``,
    details: { host },
  });
}

export function ansibleSilent(host: string, code: number): TandemError {
  return new TandemError({
    code: 'no-ansible-answer',
    message: `ansible-playbook ended with exit code ${code} before ${host} was asked`,
    next: 'put the bin/ of the virtual environment with kolla-ansible on the path, so that `ansible-playbook --version` works, then run the command again',
    details: { host, code },
  });
}

export function kollaMembersChange(
  cloud: string,
  { joining, leaving }: { readonly joining: readonly string[]; readonly leaving: readonly string[] },
  command: string,
): TandemError {
  const what = [
    ...(joining.length > 0 ? [`${joining.join(', ')} ${plural(joining.length, 'comes', 'come')}`] : []),
    ...(leaving.length > 0 ? [`${leaving.join(', ')} ${plural(leaving.length, 'goes', 'go')}`] : []),
  ];
  return new TandemError({
    code: 'kolla-members-change',
    message: `kolla/${cloud}: ${what.length > 0 ? what.join(', ') : 'services move to other hosts'}; that takes steps in an order that a deploy does not know`,
    next: `see the steps: \`${command}\`; with --run they are done, and the other changes with them`,
    details: { cloud, joining, leaving },
  });
}
