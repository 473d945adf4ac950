import { TandemError } from '../../errors/tandem-error.ts';

export function drillPredictionsChanged(file: string): TandemError {
  return new TandemError({
    code: 'drill-predictions-changed',
    message: `${file} was changed after the drill began, so its predictions cannot be compared`,
    next: 'run the drill again, without changing the file',
    details: { file },
  });
}

export function drillUnknown(received: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'drill-unknown',
    message: `there is no drill "${received}"`,
    next: `write one of ${known.join(', ')}`,
    details: { received, known },
  });
}

/** @throws TandemError `drill-failed`, whatever it failed with */
export async function asDrill<T>(name: string, playing: Promise<T>): Promise<T> {
  return await playing.catch((error: unknown) => {
    throw drillFailed(name, error);
  });
}

function drillFailed(name: string, cause: unknown): TandemError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TandemError({
    code: 'drill-failed',
    message: `drill ${name}: ${reason}`,
    next: 'read the logs in the folder of the lab; `tandem lab down --ha`, then `tandem lab up --ha`, starts it anew',
    cause,
    details: { drill: name },
  });
}
