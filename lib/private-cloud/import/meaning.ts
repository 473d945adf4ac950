import { isMap, type Plain } from './source.ts';

/**
 * Whether two values mean the same to Kolla: `yes`, `true` and `True` are one, and so are 51 and "51"; spaces at the ends of a template
 * say nothing.
 */
export function meansSame(left: Plain, right: Plain): boolean {
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}

function normal(value: Plain): Plain {
  if (typeof value === 'string') {
    const text = value
      .trim()
      .replace(/\{\{-?\s*/g, '{{ ')
      .replace(/\s*-?\}\}/g, ' }}');
    if (/^(?:true|yes|on)$/i.test(text)) return true;
    if (/^(?:false|no|off)$/i.test(text)) return false;
    return text;
  }
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (!isMap(value)) return value.map(normal);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, normal(each)]),
  );
}

/** A value, through variables that are nothing but the name of another: `"{{ network_interface }}"`. */
export function resolved(value: Plain, lookup: (name: string) => Plain | undefined): Plain {
  let current = value;
  for (let steps = 0; steps < 8; steps += 1) {
    const name = typeof current === 'string' ? /^\{\{\s*(\w+)\s*(?:\|\s*bool\s*)?\}\}$/.exec(current)?.[1] : undefined;
    const next = name === undefined ? undefined : lookup(name);
    if (next === undefined) return current;
    current = next;
  }
  return current;
}
