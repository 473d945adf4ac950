import { canonical } from '../../plan/difference/json.ts';
import { isRecord, mapOf } from '../../text/json.ts';
import { referencesIn } from './difference/references.ts';
import { addressOf, type Body, listOf } from './difference/root.ts';

/** What is looked up again although nothing names anything else: `openstack_compute_instance_v2.web_server-1.image_name`. */
export type Unpinned = readonly string[];

/**
 * The wanted root, in which Terraform acts on an argument that resources keep (`//.pinned`: names that are looked up when a resource is
 * made) only where the configuration names something else than what was applied. So an image that is made anew under its name
 * rebuilds nobody, and a tier with another image is rebuilt. Pure.
 * @param applied the root that was last applied; undefined where nobody knows, so that everything is kept
 */
export function liftPins(applied: string | undefined, wanted: string, unpinned: Unpinned = []): string {
  if (!wanted.includes('"pinned"')) return wanted;
  const root = JSON.parse(wanted) as Body;
  const pinned = at(root, '//', 'pinned');
  if (!isRecord(pinned)) return wanted;
  const before = applied === undefined ? undefined : (JSON.parse(applied) as Body);
  const formerly = new Map(
    listOf(root['moved']).map(({ from, to }) => [addressOf(to), addressOf(from).split('.')[1] ?? ''] as const),
  );
  let isLifted = false;
  for (const [type, names] of Object.entries(pinned)) {
    for (const [name, body] of Object.entries(mapOf(at(root, 'resource', type)))) {
      const lifecycle = at(body, 'lifecycle') as { ignore_changes?: unknown } | undefined;
      if (!Array.isArray(lifecycle?.ignore_changes)) continue;
      const old =
        at(before, 'resource', type, name) ?? at(before, 'resource', type, formerly.get(`${type}.${name}`) ?? '');
      const kept = lifecycle.ignore_changes.filter((argument: string) => {
        if (!(Array.isArray(names) && names.includes(argument))) return true;
        if (unpinned.includes(`${type}.${name}.${argument}`)) return false;
        return !isRecord(old) || meaning(before, old[argument]) === meaning(root, at(body, argument));
      });
      if (kept.length === lifecycle.ignore_changes.length) continue;
      isLifted = true;
      lifecycle.ignore_changes = kept;
    }
  }
  return isLifted ? JSON.stringify(root, null, 2) : wanted;
}

/** A value with what it reads from data sources: a reference means what is asked for, not how it is written. */
function meaning(root: unknown, value: unknown): string {
  const asked =
    typeof value === 'string' ? referencesIn(value).map(({ address }) => at(root, ...address.split('.'))) : [];
  return canonical([value ?? null, asked.map((body) => (isRecord(body) ? { ...body, '//': null } : null))]);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}
