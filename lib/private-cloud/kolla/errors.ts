import { TandemError } from '../../errors/tandem-error.ts';

export function kollaKeyTaken(cloud: string, key: string, from: string | undefined): TandemError {
  return new TandemError({
    code: 'kolla-key-taken',
    message: `config/clouds/${cloud}.yaml kolla.globals.${key}: Tandem writes "${key}" itself`,
    next:
      from === undefined ? `remove kolla.globals.${key}` : `remove kolla.globals.${key}, and change ${from} instead`,
    details: { cloud, key },
  });
}

export function notKolla(cloud: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'not-kolla',
    message: `cloud "${cloud}" is not deployed by Kolla-Ansible: config/clouds/${cloud}.yaml has no \`kolla\``,
    next:
      known.length > 0
        ? `clouds deployed by Kolla-Ansible are ${known.join(', ')}`
        : `add the section \`kolla\` to config/clouds/${cloud}.yaml`,
    details: { cloud },
  });
}
