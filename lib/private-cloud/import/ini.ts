import type { Draft, DraftGroup } from './draft.ts';
import { namesOf } from './host-range.ts';
import { pythonValue } from './python-literal.ts';
import type { Place, SourceFile } from './source.ts';
import { wordsOf } from './words.ts';

type Kind = 'hosts' | 'children' | 'vars';

/** Reads an inventory in Ansible's INI form. A line that cannot be read is remarked on and left out; nothing throws. */
export function readIni(draft: Draft, { path, text }: SourceFile): void {
  let kind: Kind = 'hosts';
  let group: DraftGroup | undefined = draft.group('ungrouped', { path, line: 1 }, true);
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    const at: Place = { path, line: index + 1 };
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line);
    // What begins with a range is a host: `[a:c]-node`.
    if (section !== null || (line.startsWith('[') && line.endsWith(']'))) {
      const named = section?.[2] ?? 'hosts';
      if (section === null || !isKind(named)) {
        draft.remark(at, `"${line}" is no section of an inventory: what follows it is left out up to the next section`);
        group = undefined;
        continue;
      }
      kind = named;
      group = draft.group(section[1] ?? '', at, kind !== 'vars');
    } else if (group !== undefined) READERS[kind](draft, group, line, at);
  }
}

function isKind(text: string): text is Kind {
  return text === 'hosts' || text === 'children' || text === 'vars';
}

const READERS: Readonly<Record<Kind, (draft: Draft, group: DraftGroup, line: string, at: Place) => void>> = {
  hosts: (draft, group, line, at) => {
    const [pattern = '', ...pairs] = wordsOf(line) ?? [];
    const [, named = '', port] = /^(.+?)(?::(\d{1,5}))?$/.exec(pattern) ?? [];
    const names = namesOf(named);
    if (names === undefined || named === '') {
      draft.remark(at, `"${line}" names no host that can be read: it is left out`);
      return;
    }
    for (const name of names) {
      group.hosts.add(name);
      const variables = draft.host(name);
      if (port !== undefined) draft.set(variables, 'ansible_port', Number(port), at);
      for (const pair of pairs) {
        const equals = pair.indexOf('=');
        if (equals > 0) draft.set(variables, pair.slice(0, equals), pythonValue(pair.slice(equals + 1)), at);
      }
    }
    const loose = pairs.find((pair) => pair.indexOf('=') < 1);
    if (loose !== undefined) draft.remark(at, `"${loose}" is not \`name=value\`: it is left out`);
  },
  children: (draft, group, line, at) => {
    const child = /^([^:\]\s#]+)\s*(?:#.*)?$/.exec(line)?.[1];
    if (child === undefined) draft.remark(at, `"${line}" is no name of a group: it is left out`);
    else {
      draft.group(child, at, false);
      group.children.add(child);
    }
  },
  vars: (draft, group, line, at) => {
    const equals = line.indexOf('=');
    if (equals < 1) draft.remark(at, `"${line}" is not \`name = value\`: it is left out`);
    else draft.set(group.variables, line.slice(0, equals).trim(), pythonValue(line.slice(equals + 1)), at);
  },
};
