#!/usr/bin/env node
/** `npx tandem`. */
import { fail, isCheckout, root, start } from './runtime.mjs';

if (isCheckout) {
  const { missing } = await import('../scripts/state.mjs');
  const found = missing(root);
  if (found.length > 0) fail(`${found.join(' and ')}; run \`npm run setup\``);
}
await start('lib/cli/main');
