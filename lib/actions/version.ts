import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CODE_ROOT } from '../synthesis/code.ts';

/** Of the Tandem that runs. */
export function versionOfTandem(): string {
  return (createRequire(import.meta.url)(join(CODE_ROOT, 'package.json')) as { readonly version: string }).version;
}
