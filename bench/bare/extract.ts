import { readFileSync, writeFileSync } from 'node:fs';

type Json = Readonly<Record<string, unknown>>;

/** Values of these are maps of users' own keys, which are no argument names. */
const FREE_KEYS = new Set(['metadata', 'value_specs', 'extra_specs', 'properties', 'scheduler_hints']);

/** Writes the resources of a synthesized lease as the arguments of the constructs that make them. Returns how many there are. */
export function extractLease(artefact: string, file: string): number {
  const { resource } = JSON.parse(readFileSync(artefact, 'utf8')) as { resource: Record<string, Record<string, Json>> };
  const resources = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([id, body]) => {
      const words = type.replace(/^openstack_/, '').split('_');
      const { '//': _metadata, ...config } = body;
      return { module: words.join('-'), class: words.map(capital).join(''), id, config: camel(config) };
    }),
  );
  writeFileSync(file, JSON.stringify({ resources }));
  return resources.length;
}

/** The resources of an artefact without the library's metadata: equal for Tandem and the yardstick. */
export function resourcesOf(artefact: string): string {
  const { resource } = JSON.parse(readFileSync(artefact, 'utf8')) as { resource: Record<string, Record<string, Json>> };
  return JSON.stringify(resource, (key, value: unknown) => (key === '//' ? undefined : value));
}

function camel(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => camel(each, key));
  if (typeof value !== 'object' || value === null || (FREE_KEYS.has(key) && key !== 'scheduler_hints')) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      name === 'depends_on' && Array.isArray(inner) ? inner.map((fqn: unknown) => ({ fqn })) : camel(inner, name),
    ]),
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
