import data from './data/release.json' with { type: 'json' };

/** A container that a role of the release runs. */
export interface ReleaseService {
  /** Role that deploys it; also a tag. */
  readonly role: string;
  /** Group of the inventory that it runs on; an expression where that depends on variables. */
  readonly group: string;
  /** Name of the container. Null where it has none of its own, as a service that only HAProxy knows. */
  readonly container: string | null;
  /** What must be true for it to run: expressions of Jinja without their braces, all of them. */
  readonly when: readonly string[];
}

export interface ReleasePlay {
  readonly name: string;
  /** Those of its tasks among them. */
  readonly tags: readonly string[];
  /** Groups of the inventory. */
  readonly hosts: readonly string[];
}

/** A default of the release: `{{ … }}` in text is evaluated. */
export type ReleaseValue = string | number | boolean | readonly unknown[];

/** The release of Kolla-Ansible that the tree is written for, as `scripts/kolla-data.ts` read it from the released package. */
export const RELEASE: {
  readonly version: string;
  readonly release: string;
  /** Groups of the multinode inventory with their children, in order. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Plays of `site.yml` and of what it imports, in order. */
  readonly plays: readonly ReleasePlay[];
  /** By name, in the order in which a deployment sets them up. */
  readonly services: Readonly<Record<string, ReleaseService>>;
  /** Roles with a front end in HAProxy. */
  readonly balanced: readonly string[];
  /** Defaults of the variables that conditions of services are made of. */
  readonly variables: Readonly<Record<string, ReleaseValue>>;
  /** Roles that read a switch (`enable_heat`), by itself or through one made of it. */
  readonly readers: Readonly<Record<string, readonly string[]>>;
  /**
   * By role: files below `node_custom_config` that it lays over what it makes. `<host>` is a host's name, `*` what the role itself
   * could tell, a slash at the end a folder.
   */
  readonly overrides: Readonly<Record<string, readonly string[]>>;
} = data;

/** Every tag that some task of a deployment has: kolla-ansible runs nothing for another, and says nothing. */
export const RELEASE_TAGS: ReadonlySet<string> = new Set(RELEASE.plays.flatMap(({ tags }) => tags));
