import type { CloudImportResult } from '../../actions/cloud/import/import.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';

type Difference = CloudImportResult['comparison']['differences'][number];

/** What was written, what is the same, what is not and why, and what is to be answered. */
export function renderCloudImport(result: CloudImportResult): string {
  const { cloud, file, deployer, hosts, open, remarks, supplied, deployersOwn, kept, comparison } = result;
  const { same, differences } = comparison;
  const passed = kept.globals.length + kept.groups.length + kept.variables.length + kept.files.length;
  const lines = [
    `${file}: ${counted(hosts, 'host')}, from a tree of ${deployer}`,
    '',
    `the same after rendering: ${counted(same.groups, 'group')}, ${counted(same.globals, 'variable')} of globals.yml, ${counted(same.variables, 'variable')} of hosts`,
    ...(passed === 0
      ? []
      : [
          `passed on as they are: ${counted(kept.globals.length, 'global')}, ${counted(kept.groups.length, 'group')}, ${counted(kept.variables.length, 'variable')} of groups and hosts, ${counted(kept.files.length, 'file')}`,
        ]),
    ...(supplied.length === 0 ? [] : [`not in the tree, filled as the release has them: ${firstOf(supplied, 8)}`]),
    ...(deployersOwn.length === 0 ? [] : [`left to ${deployer}: ${firstOf(deployersOwn, 8)}`]),
    ...section('different', grouped(differences)),
    ...section(
      'not understood, with file and line',
      remarks.map(({ path, line, text }) => `${path}:${line}: ${text}`),
    ),
    ...section(
      'open',
      open.map(({ path, question }) => `${path}: ${question}`),
    ),
    '',
    open.length > 0
      ? `answer what is open in ${file}, then \`tandem validate\` and \`tandem cloud render ${cloud}\``
      : `next: \`tandem validate\`, \`tandem cloud render ${cloud}\``,
  ];
  return `${lines.map(printableLine).join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)];
}

/** A line for each reason and thing: the same of many hosts is one. */
function grouped(differences: readonly Difference[]): string[] {
  const byReason = new Map<string, Difference[]>();
  for (const each of differences) {
    const thing = each.what === 'variable' ? (each.name.split('.').at(-1) ?? '') : each.name;
    const key = `${each.what} ${thing}: ${short(each.tree)} in the tree, ${short(each.rendered)} rendered: ${each.reason}`;
    const bare = each.what === 'variable' ? `variable ${thing} of hosts: ${each.reason}` : key;
    byReason.set(bare, [...(byReason.get(bare) ?? []), each]);
  }
  return [...byReason].map(([line, all]) =>
    all.length === 1 || !line.startsWith('variable ') ? line : `${line} (${counted(all.length, 'host')})`,
  );
}

function short(value: unknown): string {
  const text = value === null ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
