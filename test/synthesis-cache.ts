import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtefactCache } from '../lib/synthesis/artefact-cache.ts';

/** What the tests of one worker synthesized: most edits of a configuration leave most stacks as they are. */
export const synthesisCache = new ArtefactCache(mkdtempSync(join(tmpdir(), 'tandem-synthesized-')), randomBytes(32));
