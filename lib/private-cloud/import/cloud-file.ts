import { stringify } from 'yaml';
import type { Adoption } from './adopt.ts';
import { answered } from './open.ts';

const LINES = { lineWidth: 140, flowCollectionPadding: true };

/** The text of `config/clouds/<name>.yaml`. What is open is left out and asked for in `open`. */
export function cloudFile(
  { cloud, questions }: Pick<Adoption, 'cloud' | 'questions'>,
  from: readonly string[],
): string {
  const lines = [
    '# yaml-language-server: $schema=../../docs/reference/schema/cloud.schema.json',
    `# Imported from ${from.join(', ')}.`,
    ...(questions.size === 0
      ? []
      : ['# What the tree does not say is under `open`: write each value, and remove its line.']),
  ];
  const open = questions.size === 0 ? {} : { open: Object.fromEntries(questions) };
  return `${lines.join('\n')}\n${stringify({ ...open, ...(answered(cloud) as object) }, LINES)}`;
}
