/** One `key = value` of an INI file, as oslo.config's parser reads it, which merges the overrides of Kolla-Ansible. */
export interface Assignment {
  /** Empty before the first section. */
  readonly section: string;
  readonly key: string;
  /** Lines that continue it behind it, each after a line break. */
  readonly value: string;
  /** The first and the last of its lines; they count from 1. */
  readonly line: number;
  readonly lastLine: number;
}

/** Assignments in order; a line that is none, such as `{% if … %}`, is one without a value. Pure; never throws. */
export function assignmentsIn(text: string): Assignment[] {
  const found: Assignment[] = [];
  let section = '';
  let isOpen = false;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trimEnd();
    const last = found.at(-1);
    if (isOpen && last !== undefined && /^\s+\S/.test(line)) {
      found[found.length - 1] = { ...last, value: `${last.value}\n${line.trim()}`, lastLine: index + 1 };
      continue;
    }
    isOpen = false;
    if (line === '' || /^\s*[#;]/.test(line)) continue;
    const name = /^\[(.*)\]/.exec(line.trim())?.[1];
    if (name !== undefined) {
      section = name;
      continue;
    }
    const [, key = line.trim(), value = ''] = /^\s*([^=:{]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    found.push({ section, key, value, line: index + 1, lastLine: index + 1 });
    isOpen = true;
  }
  return found;
}

/**
 * An INI file of Tandem's with another one laid over it: the settings of the other in the place of those with the same name, each file with
 * its own comments. A name that stood in both would have two values, which the parser keeps.
 * @param about whose the other is, for a comment above it
 */
export function overlaid(base: string, over: string, about: string): string {
  const nameOf = ({ section, key }: Assignment) => `${section}\n${key}`;
  const said = new Set(assignmentsIn(over).map(nameOf));
  const lines = base.split('\n');
  const isGone = new Set<number>();
  for (const each of assignmentsIn(base).filter((assignment) => said.has(nameOf(assignment)))) {
    for (let line = each.line; line <= each.lastLine; line += 1) isGone.add(line);
    for (let line = each.line - 1; (lines[line - 1] ?? '').startsWith('#'); line -= 1) isGone.add(line);
  }
  const head = lines.findIndex((line) => !line.startsWith('#'));
  const rest = lines.filter((_, index) => index >= head && !isGone.has(index + 1)).join('\n');
  // The other comes first: what it has before its first section belongs to none.
  return [...lines.slice(0, head), '', `# ${about}`, over.trimEnd(), withoutEmpty(rest)].join('\n');
}

/** Without sections that have nothing left in them. */
function withoutEmpty(text: string): string {
  return `${text
    .split(/\n(?=\[)/)
    .filter((part) => !/^\[[^\n]*\]\s*$/.test(part))
    .join('\n')
    .trimEnd()}\n`;
}
