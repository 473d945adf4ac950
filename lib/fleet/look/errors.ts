import { TandemError } from '../../errors/tandem-error.ts';

export function groupMissing(environment: string, group: string): TandemError {
  return new TandemError({
    code: 'group-missing',
    message: `environment ${environment} has no Auto Scaling group ${group}`,
    next: `\`tandem drift aws/${environment}/cluster\` shows what else was removed; \`tandem deploy aws/${environment}/cluster\` brings it back`,
    details: { environment, group },
  });
}
