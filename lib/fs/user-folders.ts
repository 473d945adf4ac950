import { isAbsolute, join } from 'node:path';

/**
 * This user's own folders for Tandem, by the XDG specification. Undefined where the environment names none, as without HOME: then nothing
 * is kept, and nothing is written into the project instead.
 */
export function userFolder(kind: 'cache' | 'state', environment: NodeJS.ProcessEnv): string | undefined {
  const [variable, standard] = kind === 'cache' ? ['XDG_CACHE_HOME', '.cache'] : ['XDG_STATE_HOME', '.local/state'];
  const named = environment[variable];
  // The specification has relative ones ignored.
  if (named !== undefined && isAbsolute(named)) return join(named, 'tandem');
  const home = environment['HOME'];
  return home !== undefined && isAbsolute(home) ? join(home, standard, 'tandem') : undefined;
}
