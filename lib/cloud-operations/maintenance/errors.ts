import { TandemError } from '../../errors/tandem-error.ts';
import { firstOf } from '../../text/listed.ts';

/** @param resume the whole command */
export function maintenanceStepFailed(cloud: string, step: string, why: string, resume: string): TandemError {
  return new TandemError({
    code: 'maintenance-step-failed',
    message: `${cloud}: step "${step}" failed: ${why}`,
    next: `remove the cause, then run \`${resume}\` again: it goes on with this step; with \`--give-back\` the hosts go back into service as they are, and the rest is left`,
    details: { cloud, step },
  });
}

export function maintenanceNotWhole(cloud: string, faults: readonly string[]): TandemError {
  return new TandemError({
    code: 'maintenance-not-whole',
    message: `${cloud} misses something already: ${firstOf(faults, 3, '; ')}`,
    next: `\`tandem cloud status ${cloud}\` has all of it; take hosts out of service once it is whole`,
    details: { cloud, faults },
  });
}

export function maintenanceUnfinished(cloud: string, verb: string, resume: string): TandemError {
  return new TandemError({
    code: 'maintenance-unfinished',
    message: `${cloud}: \`tandem ${verb}\` is unfinished, and this would work on the same hosts`,
    next: `finish it first: \`${resume}\``,
    details: { cloud, verb },
  });
}

export function maintenanceNeedsOperator(cloud: string): TandemError {
  return new TandemError({
    code: 'maintenance-needs-operator',
    message: `${cloud}: hosts are out of service, and nobody can be asked whether the work on them is done`,
    next: 'run the command again on a terminal; --reboot and --command ask nobody',
    details: { cloud },
  });
}

export function nothingToGiveBack(cloud: string): TandemError {
  return new TandemError({
    code: 'nothing-to-give-back',
    message: `no maintenance of ${cloud} is unfinished`,
    next: `\`tandem cloud status ${cloud}\` shows hosts that are out of service`,
    details: { cloud },
  });
}
