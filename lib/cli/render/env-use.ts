import type { UpdatedEnvironments, UpdatedLease } from '../../actions/env/update.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';

export function renderUpdated({ leases, waves, dryRun, pullRequest }: UpdatedEnvironments): string {
  const lines = leases.map((lease) => `${lease.name} ${SAID[lease.standing](lease)}.`);
  const plan = dryRun ? waves.map(({ share, names }, at) => `wave ${at + 1} (${share}): ${names.join(', ')}`) : [];
  const end = dryRun ? ['This was a dry run: nothing was changed.'] : [];
  const request = pullRequest === null ? [] : [`  open the pull request: ${pullRequest}`];
  return asLines([...lines, ...plan, ...end, ...request]);
}

const SAID: Readonly<Record<UpdatedLease['standing'], (lease: UpdatedLease) => string>> = {
  changes: ({ servers, others }) => `changes: ${counted(servers.length, 'server')}, ${counted(others, 'other change')}`,
  approved: ({ version }) => `may be updated to version ${version}, its owner says`,
  current: () => 'is as its blueprint says',
  updated: ({ changes }) => `is updated (${counted(changes, 'change')})`,
  waits: ({ owner }) => `waits for the approval of ${owner}`,
  frozen: () => 'is frozen, and left as it is',
  unmade: () => 'was never made',
  unfinished: () => 'is left as it is: another command on it was interrupted',
};
