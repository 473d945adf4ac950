import type { ApiModel, Shape } from './shapes.ts';

/**
 * Properties of a template in the types of an API's shape: templates may write numbers and booleans as text, and times as ISO 8601.
 * What the shape does not have is left out.
 */
export function fromTemplate(model: ApiModel, shapeName: string, value: unknown): unknown {
  const shape = model.shapes[shapeName];
  if (shape === undefined || value === undefined) return value;
  if (shape.type === 'list' && Array.isArray(value))
    return value.map((item) => fromTemplate(model, shape.of ?? '', item));
  if (shape.type === 'structure' && typeof value === 'object' && value !== null) {
    const from = value as Readonly<Record<string, unknown>>;
    const known = Object.entries(shape.members ?? {}).filter(([name]) => from[name] !== undefined);
    return Object.fromEntries(known.map(([name, member]) => [name, fromTemplate(model, member.shape, from[name])]));
  }
  return scalar(shape, value);
}

function scalar({ type }: Shape, value: unknown): unknown {
  if (['integer', 'long', 'float', 'double'].includes(type)) return Number(value);
  if (type === 'boolean') return String(value) === 'true';
  if (type === 'timestamp') return Date.parse(String(value));
  return type === 'string' ? String(value) : value;
}
