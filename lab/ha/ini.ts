/** Edits of INI files that leave every other line as it was: what a reader compares is what was changed. */

/** The options of a section in their order, comments and blanks left out. */
export function optionsOf(text: string, section: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let current = '';
  for (const line of text.split('\n')) {
    current = sectionOf(line) ?? current;
    const option = optionOf(line);
    if (option !== undefined && current === section) found.set(option.key, option.value);
  }
  return found;
}

/** Sets an option, in place where it is there, else at the end of its section, which is made where there is none. */
export function setOption(text: string, section: string, key: string, value: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const at = lineOf(lines, section, key);
  const wanted = `${key} = ${value}`;
  if (at !== undefined) return `${lines.with(at, wanted).join('\n')}\n`;
  const head = lines.findIndex((line) => sectionOf(line) === section);
  if (head < 0) return `${[...lines, '', `[${section}]`, wanted].join('\n')}\n`;
  return `${lines.toSpliced(head + 1, 0, wanted).join('\n')}\n`;
}

/** Without an option; the same text where it is not there. */
export function dropOption(text: string, section: string, key: string): string {
  const lines = text.split('\n');
  const at = lineOf(lines, section, key);
  return at === undefined ? text : lines.toSpliced(at, 1).join('\n');
}

function lineOf(lines: readonly string[], section: string, key: string): number | undefined {
  let current = '';
  for (const [index, line] of lines.entries()) {
    current = sectionOf(line) ?? current;
    if (current === section && optionOf(line)?.key === key) return index;
  }
  return undefined;
}

function sectionOf(line: string): string | undefined {
  return /^\[([^\]]+)\]\s*$/.exec(line)?.[1];
}

function optionOf(line: string): { key: string; value: string } | undefined {
  const match = /^([A-Za-z][A-Za-z0-9_.-]*)\s*(?:=\s*(.*))?$/.exec(line);
  return match === null ? undefined : { key: match[1] ?? '', value: (match[2] ?? '').trim() };
}
