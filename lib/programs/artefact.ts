import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../fs/files.ts';
import { artefactDiffers, artefactNotFetched } from './errors.ts';

/** A file of somebody else, known by its checksum. */
export interface PublishedArtefact {
  /** Path below a mirror. */
  readonly path: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** How long a download may take, in milliseconds. Consul has 60 MB. */
const TIMEOUT = 600_000;

/** Where a project keeps it. */
export function artefactFile(root: string, { path, sha256 }: PublishedArtefact): string {
  return join(root, keptAs(path, sha256));
}

function keptAs(path: string, sha256: string): string {
  return join('.tandem', 'artefacts', `${sha256}${path.slice(path.lastIndexOf('.'))}`);
}

/**
 * The file, as it stands in `.tandem/artefacts` of the project; fetched where it does not.
 * @param mirror - base URL
 * @throws TandemError `artefact-not-fetched`, `artefact-differs`
 */
export async function requireArtefact(
  root: string,
  { path, sha256 }: PublishedArtefact,
  mirror: string,
): Promise<string> {
  const kept = keptAs(path, sha256);
  const file = join(root, kept);
  if (existsSync(file)) {
    const found = hash('sha256', readFileSync(file));
    if (found !== sha256) throw artefactDiffers(kept, sha256, found);
    return file;
  }
  const url = `${mirror.replace(/\/+$/, '')}/${path}`;
  const content = await fetched(url, kept);
  const found = hash('sha256', content);
  if (found !== sha256) throw artefactDiffers(url, sha256, found);
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, content);
  return file;
}

async function fetched(url: string, kept: string): Promise<Buffer> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw artefactNotFetched(url, kept, cause instanceof Error ? cause.message : String(cause));
  }
}
