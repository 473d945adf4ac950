import type { CertificatesResult } from '../../actions/cloud/certificates.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { actionLine } from './kolla-action.ts';

/** Every certificate with its end and what is wrong with it; then the steps of a rotation. */
export function renderCertificates(result: CertificatesResult): string {
  const { cloud, folder, certificates, steps, executed } = result;
  if (certificates.length === 0) return `The settings of ${cloud} ask for no certificate.\n`;
  const rows = certificates.map(({ name, state, notAfter, daysLeft, issuer, serves }) => [
    ...[name, state, notAfter?.slice(0, 10) ?? '', daysLeft === null ? '' : String(daysLeft), issuer ?? '', serves],
  ]);
  const lines = table(rows, { head: ['certificate', 'state', 'ends', 'days', 'issuer', 'serves'], right: [3] });
  for (const { file, problems } of certificates)
    lines.push(...problems.map((problem) => `${folder}/${file}: ${problem}`));
  for (const { file, state } of certificates)
    if (state === 'missing') lines.push(`${folder}/${file} is missing, or its key`);
  for (const { file, state } of certificates)
    if (state === 'encrypted')
      lines.push(
        `${folder}/${file} is encrypted, expiry unknown: \`ansible-vault view\` shows it; Prometheus tells of what balancers show`,
      );
  if (executed) lines.push('', 'Rotated: clients meet the new certificates.');
  else if (steps.length > 0) {
    lines.push('');
    for (const { key, unavailable, actions } of steps) {
      lines.push(key, ...unavailable.map((what) => `   unavailable: ${what}`));
      lines.push(...actions.map((action) => `   ${actionLine(action)}`));
    }
    lines.push('', `${counted(steps.length, 'step')}. Nothing was executed: --run does.`);
  }
  return asLines(lines);
}
