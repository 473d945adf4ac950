/** What `import … from 'tandem'` gives: lib/index.ts of a checkout, or as it is compiled in a package. */
import { createRequire } from 'node:module';
import { moduleFile } from './runtime.mjs';

/** @type {typeof import('../lib/index.ts')} */
const tandem = createRequire(import.meta.url)(moduleFile('lib/index'));

export const { cite, definePolicy, defineStack, ref } = tandem;
