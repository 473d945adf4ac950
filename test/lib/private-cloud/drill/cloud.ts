import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Cloud, cloudSchema } from '../../../../lib/config/schema/cloud.ts';

/** The cloud that drills are played on. */
export function drillCloud(): Cloud {
  const file = join(import.meta.dirname, '../../../../lab/ha/cloud.yaml');
  return cloudSchema.parse(parse(readFileSync(file, 'utf8')));
}
