import type { RecoverCloudResult } from '../../actions/cloud/recover.ts';
import type { RecoveryStep } from '../../private-cloud/recovery/plan.ts';
import { counted } from '../../text/plural.ts';

/** What the hosts said, who founds the database anew, and the steps as one would type them. */
export function renderRecovery({ cloud, positions, founder, why, steps, executed }: RecoverCloudResult): string {
  const said = positions.map(({ host, uuid, seqno }) =>
    uuid === null ? `  ${host}: no data` : `  ${host}: last write ${seqno ?? 'unknown'} of cluster ${uuid}`,
  );
  const chosen = `${founder} founds the database of ${cloud} anew: ${why}.`;
  if (executed) return `${[...said, chosen, 'Every database, broker and member of OVN is back.'].join('\n')}\n`;
  const lines = steps.flatMap((step) => [
    `${step.key}: ${step.why}`,
    ...commandsOf(step).map((line) => `   ${line}`),
    '',
  ]);
  const total = `${counted(steps.length, 'step')}. Nothing was executed: --run does.`;
  return `${[...said, chosen, '', ...lines, total].join('\n')}\n`;
}

function commandsOf({ first = [], play, commands }: RecoveryStep): readonly string[] {
  const typed = (list: RecoveryStep['commands']) => list.map(({ host, argv }) => `${host}$ ${argv.join(' ')}`);
  const own = typed(commands);
  if (play === undefined) return own;
  const limit = play.limit.length === 0 ? [] : ['--limit', play.limit.join(',')];
  return [...typed(first), `$ ${['kolla-ansible', play.verb, ...limit, ...(play.extra ?? [])].join(' ')}`, ...own];
}
