import { parse } from 'yaml';

/** How Terraform reads a text of a root: what it writes, and what it evaluates. Agrees with Terraform itself: `test/real/lab`. */
export function readTerraform(text: string): { readonly text: string; readonly expressions: readonly string[] } {
  const expressions: string[] = [];
  const written = text.replaceAll(/([$%])\1\{|[$%]\{[^}]*\}/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `${escaped}{`;
    expressions.push(found);
    return '';
  });
  return { text: written, expressions };
}

/** Every text of a value, names of values included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** How Ansible reads variables: texts that it evaluates, and those that it does not. */
export function readAnsible(yaml: string): { readonly evaluated: string[]; readonly text: string[] } {
  const text: string[] = [];
  const unsafe = { tag: '!unsafe', resolve: (value: string) => (text.push(value), '') };
  const all = textsIn(parse(yaml, { customTags: [unsafe] }));
  const isTemplate = (each: string) => /\{[{%#]/.test(each);
  return { evaluated: all.filter(isTemplate), text: [...text, ...all.filter((each) => !isTemplate(each))] };
}
