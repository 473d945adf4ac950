import { hasTemplate, isMap, type Plain } from './source.ts';

/** A variable as `kolla.globals` and `kolla.inventory` take it. */
export type PassedOn = string | number | boolean | { readonly expression: string };

/** Longest text of a variable in the configuration. */
const LONGEST = 2000;

/**
 * A variable as the configuration passes it on: text, numbers and truth values as they are, all else as the template that makes the
 * same. Undefined where it is longer than a variable may be.
 */
export function passedOn(value: Plain): PassedOn | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const isPlainText =
    typeof value === 'string' && !hasTemplate(value) && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
  if (isPlainText) return value.length > LONGEST ? undefined : value;
  const expression = typeof value === 'string' && !/[\r\n]/.test(value) ? value : `{{ ${literal(value)} }}`;
  return expression.length > LONGEST ? undefined : { expression };
}

/** A value as it stands in the rendered file once it is passed on: for comparing, itself where it is not. */
export function asPassedOn(value: Plain): Plain {
  const passed = passedOn(value);
  return passed === undefined ? value : typeof passed === 'object' ? passed.expression : passed;
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
