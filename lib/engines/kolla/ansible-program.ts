import { dirname, isAbsolute, join } from 'node:path';

/** `ansible` beside the kolla-ansible that the operator named, else on the path. */
export function ansibleOf(environment: NodeJS.ProcessEnv): string {
  const kolla = environment['TANDEM_KOLLA_ANSIBLE'];
  return kolla !== undefined && isAbsolute(kolla) ? join(dirname(kolla), 'ansible') : 'ansible';
}
