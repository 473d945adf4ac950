import type { CertificatesResult } from '../../actions/cloud/certificates.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { stepLines } from './kolla-action.ts';

/** What is wrong with a file that says nothing itself. */
const UNREAD: Readonly<Record<string, readonly string[]>> = {
  missing: ['it is missing, or its key'],
  encrypted: [
    'it is encrypted, expiry unknown: `ansible-vault view` shows it; Prometheus tells of what balancers show',
  ],
};

/** Every certificate with its end and what is wrong with it; then the steps of a rotation. */
export function renderCertificates(result: CertificatesResult): string {
  const { cloud, folder, certificates, steps, executed } = result;
  if (certificates.length === 0) return `The settings of ${cloud} ask for no certificate.\n`;
  const rows = certificates.map(({ name, state, notAfter, daysLeft, issuer, serves }) => [
    ...[name, state, notAfter?.slice(0, 10) ?? '', daysLeft === null ? '' : String(daysLeft), issuer ?? '', serves],
  ]);
  const lines = table(rows, { head: ['certificate', 'state', 'ends', 'days', 'issuer', 'serves'], right: [3] });
  for (const { file, state, problems } of certificates)
    for (const problem of [...problems, ...(UNREAD[state] ?? [])]) lines.push(`${folder}/${file}: ${problem}`);
  if (executed) lines.push('', 'Rotated: clients meet the new certificates.');
  else if (steps.length > 0) {
    const total = `${counted(steps.length, 'step')}. Nothing was executed: --run does.`;
    lines.push('', ...stepLines(steps), total);
  }
  return asLines(lines);
}
