import { TandemError } from '../errors/tandem-error.ts';

/** What a request gives; undefined where the forge says that the thing is no longer there. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  if (!(error instanceof TandemError)) return false;
  const status = error.details['status'];
  return status === 404 || status === 410;
}
