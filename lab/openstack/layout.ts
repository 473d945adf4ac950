import { join } from 'node:path';

/** Every path under the lab's directory. `root`, `cache`, `mirror` and `bin` survive `down --keep-packages`. */
export interface LabLayout {
  readonly directory: string;
  /** The installed packages: the read-only lower layer, never changed by a run. */
  readonly root: string;
  /** Written last, so that a half-installed root is never used. */
  readonly rootMarker: string;
  /** Empty schemas of the databases. */
  readonly cache: string;
  readonly schemas: string;
  readonly mirror: string;
  readonly bin: string;
  /** Downloads and builds; removed when done. */
  readonly tools: string;
  /** Where the sandbox mounts its memory file system; empty as seen from outside. */
  readonly state: string;
  readonly log: string;
  readonly run: string;
  /** Who is at work on the lab. */
  readonly lock: string;
  /** The sandbox that runs. */
  readonly sandbox: string;
  /** The finished lab; present only after everything answered. */
  readonly lab: string;
  readonly clouds: string;
  readonly cliConfig: string;
  readonly image: string;
}

export function labLayout(directory: string): LabLayout {
  const at = (...parts: string[]): string => join(directory, ...parts);
  return {
    directory,
    root: at('root'),
    rootMarker: at('root.json'),
    cache: at('cache'),
    schemas: at('cache', 'schemas.sql'),
    mirror: at('mirror'),
    bin: at('bin'),
    tools: at('tools'),
    state: at('state'),
    log: at('log'),
    run: at('run'),
    lock: at('run', 'lock.json'),
    sandbox: at('run', 'sandbox.json'),
    lab: at('run', 'lab.json'),
    clouds: at('clouds.yaml'),
    cliConfig: at('terraform.rc'),
    image: at('images', 'debian-12.raw'),
  };
}
