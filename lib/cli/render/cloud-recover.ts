import type { RecoverCloudResult } from '../../actions/cloud/recover.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';
import { stepLines } from './kolla-action.ts';

/** What the hosts said, who founds the database anew, and the steps as one would type them. */
export function renderRecovery({ cloud, positions, founder, why, steps, executed }: RecoverCloudResult): string {
  const said = positions.map(({ host, uuid, seqno }) =>
    uuid === null ? `  ${host}: no data` : `  ${host}: last write ${seqno ?? 'unknown'} of cluster ${uuid}`,
  );
  const chosen = `${founder} founds the database of ${cloud} anew: ${why}.`;
  if (executed) return asLines([...said, chosen, 'Every database, broker and member of OVN is back.']);
  const typed = steps.map(({ first = [], play, commands, ...step }) => ({
    ...step,
    actions: [
      ...first.map((command) => ({ kind: 'command', command }) as const),
      ...(play === undefined ? [] : [{ kind: 'play', play } as const]),
      ...commands.map((command) => ({ kind: 'command', command }) as const),
    ],
  }));
  const total = `${counted(steps.length, 'step')}. Nothing was executed: --run does.`;
  return asLines([...said, chosen, '', ...stepLines(typed), total]);
}
