import type { LabDown, LabKind, LabStatus, LabUp } from '../../actions/lab/kind.ts';
import { duration } from '../../text/duration.ts';
import { asLines } from '../../text/lines.ts';

const NAMES: Readonly<Record<LabKind, string>> = {
  openstack: 'The lab',
  ha: 'The lab of three controllers',
  aws: 'The AWS emulator',
};

export function renderLabUp({ kind, alreadyRunning, seconds, notes, variables }: LabUp): string {
  const exports = Object.entries(variables).map(([name, value]) => `  export ${name}=${value}`);
  return asLines([
    alreadyRunning ? `${NAMES[kind]} is already running.` : `${NAMES[kind]} is up after ${duration(seconds)}.`,
    ...notes,
    ...(exports.length > 0 ? ['To use it:', ...exports] : []),
  ]);
}

export function renderLabDown({ kind, wasRunning, seconds }: LabDown): string {
  return asLines([
    wasRunning ? `${NAMES[kind]} is down after ${duration(seconds)}.` : `${NAMES[kind]} was not running.`,
  ]);
}

export function renderLabStatus({ kind, state, services }: LabStatus): string {
  return asLines([
    `${NAMES[kind]} is ${state}.`,
    ...services.map(({ name, healthy, detail }) => `  ${healthy ? 'ok  ' : 'FAIL'} ${name}: ${detail}`),
  ]);
}
