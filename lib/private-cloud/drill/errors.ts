import { TandemError } from '../../errors/tandem-error.ts';

/** Drills' part of the error catalogue: `drill-…`. */
export function drillPredictionsChanged(file: string): TandemError {
  return new TandemError({
    code: 'drill-predictions-changed',
    message: `${file} is not what it was when the drill began, so that nothing can be said of its predictions`,
    next: 'leave the file alone and run the drill again',
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

export function drillFailed(name: string, reason: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'drill-failed',
    message: `drill ${name}: ${reason}`,
    next: 'read the logs in the lab’s folder; `tandem lab down --ha` and `tandem lab up --ha` start afresh',
    cause,
    details: { drill: name },
  });
}
