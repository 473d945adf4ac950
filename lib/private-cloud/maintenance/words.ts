import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import type { Unplaced } from '../placement/placement.ts';
import type { Refusal } from './judge.ts';

const NAMED = 3;

/** Why hosts may not go at once, as the rest of a sentence. */
export function reasonOf(refusal: Refusal): string {
  if (refusal.kind === 'racks') return `they stand in racks ${refusal.racks.join(' and ')}`;
  if (refusal.kind === 'promise')
    return `the cloud survives the loss of one host (\`survives: host\`), and ${refusal.hosts.join(', ')} carry its services`;
  if (refusal.kind === 'deployment') return `Tandem runs on ${refusal.host}`;
  if (refusal.kind === 'limit') {
    const { limit, hosts } = refusal;
    const left = limit.hosts.size - hosts.length;
    return `${limit.what} would have ${left} of ${counted(limit.hosts.size, 'member')}, and may miss ${limit.most === 0 ? 'none' : limit.most}`;
  }
  const { unplaced, beside } = refusal;
  const when = beside === undefined ? '' : `if ${beside} fails meanwhile, `;
  const who = unplaced.map(({ server }) => server.id);
  return `${when}${counted(unplaced.length, 'server has', 'servers have')} no host (${firstOf(who, NAMED)}): ${lackOf(unplaced)}`;
}

function lackOf(unplaced: readonly Unplaced[]): string {
  const [first] = unplaced;
  const zone = first?.server.zone;
  const where = zone === undefined ? 'no zone' : `zone ${zone}`;
  if (first?.why === 'zone') return `${where} has no other host`;
  if (first?.why === 'apart') return `each host of ${where} with room has one of ${first.server.group ?? ''}`;
  const { vcpus = 0, memoryMiB = 0 } = first?.server ?? {};
  return `no host of ${where} has ${vcpus} vCPUs and ${memoryMiB} MiB left`;
}
