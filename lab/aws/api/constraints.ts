import { text } from '../json.ts';
import type { ApiModel, Shape } from './shapes.ts';

/** A sentence a violation, as AWS words them: `Value '51' at 'maxRecords' failed to satisfy constraint: …`. */
export function violations(model: ApiModel, shapeName: string, value: unknown, path = ''): string[] {
  const shape = model.shapes[shapeName];
  if (shape === undefined) return [];
  if (shape.type === 'structure') return structure(model, shape, value as Readonly<Record<string, unknown>>, path);
  const own = broken(shape, value).map(
    (constraint) => `Value '${told(value)}' at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  if (shape.type !== 'list' || !Array.isArray(value)) return own;
  return [
    ...own,
    ...value.flatMap((item: unknown, index) => violations(model, shape.of ?? '', item, `${path}.${index + 1}.member`)),
  ];
}

function structure(model: ApiModel, shape: Shape, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const at = (name: string): string => (path === '' ? lower(name) : `${path}.${lower(name)}`);
  const missing = (shape.required ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => `Value null at '${at(name)}' failed to satisfy constraint: Member must not be null`);
  const inner = Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
    value[name] === undefined ? [] : violations(model, member.shape, value[name], at(name)),
  );
  return [...missing, ...inner];
}

function broken(shape: Shape, value: unknown): string[] {
  const { min, max } = shape;
  const found: string[] = [];
  if (typeof value === 'number') {
    if (max !== undefined && value > max) found.push(`Member must have value less than or equal to ${max}`);
    if (min !== undefined && value < min) found.push(`Member must have value greater than or equal to ${min}`);
  } else if (typeof value === 'string' || Array.isArray(value)) {
    if (max !== undefined && value.length > max) found.push(`Member must have length less than or equal to ${max}`);
    if (min !== undefined && value.length < min) found.push(`Member must have length greater than or equal to ${min}`);
  }
  if (shape.enum !== undefined && typeof value === 'string' && !shape.enum.includes(value))
    found.push(`Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
  return found;
}

function told(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(told).join(', ')}]` : (text(value) ?? '{…}');
}
const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
