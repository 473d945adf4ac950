import { randomBytes } from 'node:crypto';
import { TerraformDataSource, type TerraformResource } from 'cdktf';

/** Stands around expressions until the artefact is made. Nobody who writes a configuration can know it. */
const MARK = `\uFDD0${randomBytes(9).toString('base64url')}\uFDD0`;

/** The block of a root in which Terraform evaluates nothing. */
const SETTINGS = 'terraform';

/**
 * What an attribute of another resource will be, as Terraform writes it. Plain text instead of a token: nothing is left to resolve,
 * and indexes are written as people write them. It is marked: only what comes from here is an expression in the artefact of a
 * `TandemTerraformStack`, and all other text stays text.
 * @param path e.g. `id`, `all_fixed_ips[0]`
 */
export function attributeOf(resource: TerraformResource | TerraformDataSource, path = 'id'): string {
  const prefix = TerraformDataSource.isTerraformDataSource(resource) ? 'data.' : '';
  return expression(`${prefix}${resource.terraformResourceType}.${resource.friendlyUniqueId}.${path}`);
}

/** What a variable will be. @param part - Of a list between commas, which begins anew after its end @default - all of it */
export function variableOf(name: string, part?: number): string {
  return expression(part === undefined ? `var.${name}` : `element(split(",", var.${name}), ${part})`);
}

function expression(text: string): string {
  return `${MARK}\${${text}}${MARK}`;
}

/**
 * A root in which Terraform evaluates what `attributeOf` made, and nothing else. Its `terraform` block is left as it is: Terraform
 * evaluates nothing in there, escapes neither.
 */
export function withTextAsText(root: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(root).map(([key, value]) => [key, key === SETTINGS ? value : textIn(value)]),
  );
}

/** What is text already is handed on as it is: most of a large root is, and copies of it are a burden. */
function textIn(value: unknown): unknown {
  if (typeof value === 'string') return escaped(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const texts = value.map(textIn);
    return texts.every((each, at) => each === value[at]) ? value : texts;
  }
  const own = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(own);
  const texts = keys.map((key) => textIn(own[key]));
  if (keys.every((key, at) => texts[at] === own[key] && escaped(key) === key)) return value;
  return Object.fromEntries(keys.map((key, at) => [escaped(key), texts[at]]));
}

/** Every other part is an expression. Text that ends in a dollar would escape the expression after it. */
function escaped(text: string): string {
  if (!text.includes('{')) return text;
  return text
    .split(MARK)
    .map((part, index, parts) => {
      if (index % 2 === 1) return part;
      const literal = part.replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);
      return index < parts.length - 1 ? literal.replace(/\$$/, '$${"$$"}') : literal;
    })
    .join('');
}
