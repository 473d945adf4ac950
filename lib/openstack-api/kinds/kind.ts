import type { ResourceKind } from '../resource-kinds.ts';
import type { ServiceName } from '../session.ts';

export type Item = Readonly<Record<string, unknown>>;

/**
 * How one kind of thing is listed, recognised and deleted. Names of fields are those of the service's answers; a path with dots goes
 * through objects and lists.
 */
export interface KindOfResource {
  readonly kind: ResourceKind;
  readonly service: ServiceName;
  /** Neutron's extension that brings the kind; where it is not offered, nothing is asked. @default - always there */
  readonly extension?: string;
  /** Kind below whose things its own are kept: `list` then gets a parent's id. @default - a collection of its own */
  readonly below?: ResourceKind;
  /** Which of those have any. @default - all */
  readonly parents?: (parent: Item) => boolean;
  /** Paths of collections, as asked for by somebody who may see all projects. */
  readonly lists: (projectId: string) => readonly string[];
  readonly key: string;
  /** Path of one. */
  readonly one: (id: string, parent: string) => string;
  readonly id?: string;
  /** Field with the project; undefined where only a token of that project, or its parent, says whose it is. */
  readonly project: string | undefined;
  /** Asked with a token of the project itself: the service tells nobody else. @default false */
  readonly inside?: boolean;
  readonly name?: string | ((item: Item) => string);
  readonly size?: (item: Item) => number;
  /** @default status */
  readonly state?: string;
  /** Fields with ids of what it uses: that can go only after it. */
  readonly uses: readonly string[];
  /** Fields with ids of what uses it: that has to go before it. */
  readonly usedBy?: readonly string[];
  /** Id of what takes it along, and has to be asked instead, while it is there. */
  readonly goesWith?: (item: Item) => string | undefined;
  /** Headers that the service needs. */
  readonly headers?: (projectId: string) => Readonly<Record<string, string>>;
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const gib = (item: Item): number => (typeof item['size'] === 'number' ? item['size'] : 0);

/** Values at a path with dots, through lists and objects; of maps only the values. Numbers and nulls are left out. */
export function valuesAt(item: unknown, path: string): string[] {
  const [head = '', ...rest] = path.split('.');
  if (Array.isArray(item)) return item.flatMap((each) => valuesAt(each, path));
  if (path === '') return typeof item === 'string' && item !== '' ? [item] : [];
  if (typeof item !== 'object' || item === null) return [];
  const value = (item as Record<string, unknown>)[head];
  return Array.isArray(value)
    ? value.flatMap((each) => valuesAt(each, rest.join('.')))
    : valuesAt(value, rest.join('.'));
}
