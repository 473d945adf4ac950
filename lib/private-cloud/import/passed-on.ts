import { type Structure, structureKey } from '../../config/schema/cloud-kolla.ts';
import { hasTemplate, isMap, type Plain } from './source.ts';

/** A variable as `kolla.globals` and `kolla.inventory` take it. */
export type PassedOn = Structure;

/** Longest text of a variable in the configuration. */
const LONGEST = 2000;
/** How deep lists and maps of a variable may be. */
const DEEPEST = 4;

/**
 * A variable as the configuration passes it on: text, numbers, truth values, lists and maps as they are, templates as expressions, all else
 * as the template that makes the same. Undefined where it is longer than a variable may be.
 */
export function passedOn(value: Plain): PassedOn | undefined {
  const structure = typeof value === 'object' && value !== null ? structured(value, DEEPEST) : undefined;
  return structure ?? single(value);
}

function single(value: Plain): PassedOn | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const isPlainText =
    typeof value === 'string' && !hasTemplate(value) && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
  if (isPlainText) return value.length > LONGEST ? undefined : value;
  const expression = typeof value === 'string' && !/[\r\n]/.test(value) ? value : `{{ ${literal(value)} }}`;
  return expression.length > LONGEST ? undefined : { expression };
}

/** Undefined where some part has no place in a list or map of the configuration. */
function structured(value: Plain, depth: number): PassedOn | undefined {
  if (typeof value !== 'object') return single(value);
  if (value === null || depth === 0) return undefined;
  if (!isMap(value)) {
    const items = value.map((each) => structured(each, depth - 1));
    return items.includes(undefined) ? undefined : (items as PassedOn[]);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, structured(each, depth - 1)] as const);
  const isSound = entries.every(([key, each]) => each !== undefined && structureKey.safeParse(key).success);
  // A map with this one key would be an expression.
  return isSound && !Object.hasOwn(value, 'expression') ? (Object.fromEntries(entries) as PassedOn) : undefined;
}

/** A value as it stands in the rendered file once it is passed on: for comparing, itself where it is not. */
export function asPassedOn(value: Plain): Plain {
  const passed = passedOn(value);
  return passed === undefined ? value : standing(passed);
}

function standing(passed: PassedOn): Plain {
  if (typeof passed !== 'object') return passed;
  if (Array.isArray(passed)) return (passed as readonly PassedOn[]).map(standing);
  const { expression, ...others } = passed as Readonly<Record<string, PassedOn>>;
  if (typeof expression === 'string' && Object.keys(others).length === 0) return expression;
  return Object.fromEntries(Object.entries(passed).map(([key, each]) => [key, standing(each)]));
}

/** A value as Jinja writes it; a template within is an expression there. */
function literal(value: Plain): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value !== 'object') return String(value);
  if (!isMap(value)) return `[${value.map(literal).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${keyLiteral(key)}: ${literal(each)}`)
    .join(', ')}}`;
}

/** `a{{ b }}c` is `"a" ~ (b) ~ "c"`. Blocks (`{% if %}`) have no such form, and stay text that Ansible evaluates once more. */
function textLiteral(text: string): string {
  if (!hasTemplate(text) || /\{[%#]/.test(text)) return JSON.stringify(text);
  const parts = text.split(/(\{\{.*?\}\})/s).filter((part) => part !== '');
  const said = parts.map((part) => (part.startsWith('{{') ? `(${part.slice(2, -2).trim()})` : JSON.stringify(part)));
  return said.join(' ~ ');
}

function keyLiteral(key: string): string {
  const text = textLiteral(key);
  return text.startsWith('"') ? text : `(${text})`;
}
