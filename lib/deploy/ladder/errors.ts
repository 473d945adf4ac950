import { TandemError } from '../../errors/tandem-error.ts';
import { plural } from '../../text/plural.ts';

export function ladderNotTaken(environment: string, after: string, missing: readonly string[]): TandemError {
  return new TandemError({
    code: 'ladder-not-taken',
    message: `${environment} comes after ${after}, and ${missing.join(', ')} ${plural(missing.length, 'is', 'are')} not deployed there as this commit has it`,
    next: `run \`tandem deploy ${after}\` first, or deploy both together; in an emergency, \`--skip-ladder\` leaves that out`,
    details: { environment, after, missing },
  });
}

export function ladderCheckFailed(
  environment: string,
  after: string,
  command: readonly string[],
  why: string,
): TandemError {
  return new TandemError({
    code: 'ladder-check-failed',
    message: `${environment} comes after ${after}, whose check \`${command.join(' ')}\` failed: ${why}`,
    next: `repair ${after}, then run \`tandem deploy --resume\``,
    details: { environment, after, command },
  });
}
