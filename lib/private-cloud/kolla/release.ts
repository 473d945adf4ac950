import data from './data/release.json' with { type: 'json' };

/** Where a service runs by default, and the role (also the tag) that deploys it. */
export interface ReleaseService {
  readonly role: string;
  readonly group: string;
}

/**
 * The release of Kolla-Ansible that the tree is written for, as `scripts/kolla-data.mjs` read it from the released package: the
 * groups of its multinode inventory with their children, in order, and the services of its roles.
 */
export const RELEASE: {
  readonly version: string;
  readonly release: string;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly services: Readonly<Record<string, ReleaseService>>;
} = data;
