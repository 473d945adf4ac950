import { TandemError } from '../../../errors/tandem-error.ts';
import type { Remark } from '../../../private-cloud/import/source.ts';

/** @param line counts from 1 */
export function importUnreadable(path: string, line: number, why: string, next: string): TandemError {
  return new TandemError({
    code: 'import-unreadable',
    message: `${path}:${line}: ${why}`,
    next,
    details: { path, line },
  });
}

export function importExists(file: string, cloud: string): TandemError {
  return new TandemError({
    code: 'import-exists',
    message: `${file} is there already; nothing was written`,
    next: 'give another --name or --out and compare both, or give --overwrite',
    details: { file, cloud },
  });
}

/** @param got what was given, or the path that no name can be made of */
export function importNameless(got: string): TandemError {
  return new TandemError({
    code: 'import-nameless',
    message: `got "${got}"; the name of a cloud has lowercase letters and digits only, and starts with a letter`,
    next: 'give one: --name paris',
    details: { got },
  });
}

export function importWithoutHosts(inventory: string, remarks: readonly Remark[]): TandemError {
  const [first] = remarks;
  const why = first === undefined ? '' : `; ${first.path}:${first.line}: ${first.text}`;
  return new TandemError({
    code: 'import-without-hosts',
    message: `${inventory} has no host in a group of Kolla (control, compute, network, storage, monitoring)${why}`,
    next: 'name the inventory that kolla-ansible is given with -i; of Kayobe, the folder with `groups` and `hosts`',
    details: { inventory, remarks },
  });
}
