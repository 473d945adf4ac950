import { firstLines } from '../../../text/listed.ts';
import { code, linked, plain } from '../../../text/markdown.ts';
import { counted, plural } from '../../../text/plural.ts';
import type { Plan } from '../../model.ts';
import { approvalTexts, costRows, costText, findingText, sortedFindings, verdictOf } from '../overview.ts';
import { head } from '../values/excerpt.ts';
import type { Link } from './details.ts';

/** Findings that are listed; the others are counted. Those that deny are all listed first. */
const FINDINGS = 30;
const TEXT = 600;

interface Context {
  readonly link: Link;
  readonly picture?: (cloud: string) => string | undefined;
}

/** What rules say of the plan, what it does to what runs and to what is paid, and who must approve. */
export function meaning(plan: Plan, context: Context): string[] {
  const cost = costText(plan);
  return [
    ...section('Findings', findings(plan, context.link)),
    ...section(
      'Impact',
      plan.impact.map(({ fleet, text }) => `- ${code(fleet)}: ${plain(head(text, TEXT))}`),
    ),
    ...section('Availability', availability(plan, context)),
    ...(cost === undefined ? [] : [`**Cost**: ${plain(head(cost, TEXT))}`, '', ...costTable(plan)]),
    ...section(
      'Needs approval',
      approvalTexts(plan).map((text) => `- ${plain(head(text, TEXT))}`),
    ),
  ];
}

/** What each part costs a month. */
function costTable(plan: Plan): string[] {
  const rows = costRows(plan).map((row) => `| ${row.map((cell) => plain(head(cell, 200))).join(' | ')} |`);
  if (rows.length === 0) return [];
  return [
    '<details><summary>Each part</summary>',
    '',
    '| stack | part | quantity | a month |',
    '|---|---|---|---|',
    ...rows,
    '',
    '</details>',
    '',
  ];
}

/** The same in counts, for where there is no room. */
export function meaningInShort(plan: Plan): string[] {
  const open = plan.findings.filter(({ override }) => override === undefined);
  const denied = open.filter(({ level }) => level === 'deny').length;
  const warned = open.length - denied;
  const people = plan.approvals.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    ...(denied > 0 ? [`${counted(denied, 'finding')} ${plural(denied, 'denies', 'deny')} it`] : []),
    ...(warned > 0 ? [`${counted(warned, 'finding')} ${plural(warned, 'warns', 'warn')}`] : []),
    ...(people > 0 ? [`it needs ${counted(people, 'approval')}`] : []),
    ...(plan.impact.length > 0 ? ['it changes what runs'] : []),
    ...(plan.availability.length > 0 ? ['it changes availability'] : []),
    ...(plan.cost === null ? [] : ['it changes what is paid']),
  ];
  return parts.length === 0 ? [] : [`Not shown here: ${parts.join('; ')}.`, ''];
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`**${title}**`, '', ...items, ''];
}

function findings(plan: Plan, link: Link): string[] {
  const sorted = sortedFindings(plan);
  const items = sorted.map((finding) => {
    const { source } = finding;
    const at =
      source === undefined || source === null
        ? ''
        : ` ([${plain(`${source.file}:${source.line}`)}](${linked(link(source))}))`;
    return `**${verdictOf(finding)}** ${code(head(finding.rule, 100))} ${plain(head(findingText(finding), TEXT))}${at}`;
  });
  const elsewhere = (plan.elsewhere ?? []).map(({ text }) => plain(head(text, TEXT)));
  return [...firstLines(items, FINDINGS), ...elsewhere].map((line) => `- ${line}`);
}

function availability(plan: Plan, { picture }: Context): string[] {
  return plan.availability.map((line) => {
    const at = picture?.(line.slice(0, Math.max(0, line.indexOf(':'))));
    return `- ${plain(line)}${at === undefined ? '' : ` ([picture](${linked(at)}))`}`;
  });
}
