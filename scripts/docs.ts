/** `npm run docs`: writes the reference under `docs/reference/` from the schemas. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { referenceFiles } from '../lib/config/reference.ts';

const root = join(import.meta.dirname, '..');
for (const [file, text] of referenceFiles()) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(file);
}
