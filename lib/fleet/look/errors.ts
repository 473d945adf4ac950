import { TandemError } from '../../errors/tandem-error.ts';

export function clusterMissing(environment: string, parameter: string): TandemError {
  return new TandemError({
    code: 'cluster-missing',
    message: `environment ${environment} has no cluster yet: there is no SSM parameter ${parameter} in its account and Region`,
    next: `\`tandem deploy aws/${environment}/cluster\` creates it`,
    details: { environment, parameter },
  });
}

export function clusterUnreadable(environment: string, parameter: string): TandemError {
  return new TandemError({
    code: 'cluster-unreadable',
    message: `the SSM parameter ${parameter} of environment ${environment} is no worker configuration that this version of Tandem knows`,
    next: `\`tandem deploy aws/${environment}/cluster\` writes it anew; where a later version wrote it, use that one`,
    details: { environment, parameter },
  });
}

export function groupMissing(environment: string, group: string): TandemError {
  return new TandemError({
    code: 'group-missing',
    message: `environment ${environment} has no Auto Scaling group ${group}`,
    next: `\`tandem drift aws/${environment}/cluster\` shows what else was removed; \`tandem deploy aws/${environment}/cluster\` brings it back`,
    details: { environment, group },
  });
}
