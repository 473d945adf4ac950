import { TandemError } from './tandem-error.ts';

export function kollaKeyTaken(cloud: string, key: string, from: string | undefined): TandemError {
  return new TandemError({
    code: 'kolla-key-taken',
    message: `config/clouds/${cloud}.yaml kolla.globals.${key}: Tandem writes "${key}" itself`,
    next: from === undefined ? 'take it out' : `take it out, and change ${from} instead`,
    details: { cloud, key },
  });
}

export function kollaTreeEdited(cloud: string, folder: string, files: readonly string[]): TandemError {
  const shown = files.slice(0, 3).join(', ');
  return new TandemError({
    code: 'kolla-tree-edited',
    message: `${folder}: ${shown}${files.length > 3 ? ` and ${files.length - 3} more` : ''} ${files.length === 1 ? 'was' : 'were'} edited by hand; what is deployed comes from config/clouds/${cloud}.yaml alone`,
    next: `bring the change into config/clouds/${cloud}.yaml (kolla.globals takes variables), then \`tandem cloud render ${cloud} --overwrite\`, which loses the edits`,
    details: { cloud, files },
  });
}

export function notKolla(cloud: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'not-kolla',
    message: `cloud "${cloud}" is not deployed by Kolla-Ansible: config/clouds/${cloud}.yaml has no \`kolla\``,
    next: known.length > 0 ? `clouds that are: ${known.join(', ')}` : 'give a cloud the section `kolla`',
    details: { cloud },
  });
}
