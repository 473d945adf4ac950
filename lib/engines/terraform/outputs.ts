import { z } from 'zod';
import type { Outputs } from '../engine.ts';

const schema = z.record(z.string(), z.looseObject({ sensitive: z.boolean().default(false), value: z.unknown() }));

/** `terraform output -json`, read. Sensitive values are in it: whoever prints, looks at `sensitive` first. */
export function readOutputs(text: string): Outputs {
  const outputs = schema.parse(text.trim() === '' ? {} : JSON.parse(text));
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, sensitive }]) => [name, { value, sensitive }]),
  );
}
