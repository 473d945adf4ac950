import type { z } from 'zod';
import type { Described } from '../text/described.ts';

/** What an action gives, by the schema of what `--json` prints of it: all but the name of the format. */
export type ResultOf<S extends z.ZodType> = Omit<Described<S>, 'format' | 'kind'>;
