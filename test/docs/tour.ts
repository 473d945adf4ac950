/** An edit of a page: the lines of a file to be replaced, and what by. */
export interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A command of a page, and what it prints there. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** One part of a page: its edits and the commands that run on them, in their order. */
export interface Section {
  readonly title: string;
  readonly steps: readonly (Edit | Shown)[];
}

/**
 * The sections of a page with commands that run in one place, and the edits before them: blocks marked `console`, whose output is shown,
 * and `sh`, without.
 * @param place `aws` for blocks marked `console aws` and `sh aws`, which run at the emulator; `here` needs neither root nor clouds
 */
export function sectionsOf(page: string, place: 'here' | 'aws'): readonly Section[] {
  const kinds =
    place === 'here' ? /^```(diff|console|sh here)\n([\s\S]*?)^```$/gm : /^```(console aws|sh aws)\n([\s\S]*?)^```$/gm;
  const parts = page.split(/^## /m).map((part) => {
    const steps = [...part.matchAll(kinds)].flatMap(([, kind = '', body = '']): readonly (Edit | Shown)[] => {
      if (kind === 'diff') return [editOf(body)];
      return kind.startsWith('sh') ? linesOf(body) : commandsOf(body);
    });
    return { title: part.split('\n')[0] ?? '', steps };
  });
  return parts.filter(({ steps }) => steps.some((step) => 'command' in step));
}

function editOf(diff: string): Edit {
  const [header = '', ...lines] = diff.trimEnd().split('\n');
  if (!header.startsWith('--- '))
    throw new Error(`a diff begins with the file that it edits: '--- FILE'; got '${header}'`);
  const side = (sign: string): string =>
    lines
      .filter((line) => line.startsWith(sign) || line.startsWith(' '))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { file: header.slice(4), before: side('-'), after: side('+') };
}

/** Whatever they print. */
function linesOf(block: string): readonly Shown[] {
  return block
    .trimEnd()
    .split('\n')
    .map((line) => ({ command: line.replace(/\s+#.*$/, ''), output: '...' }));
}

function commandsOf(block: string): readonly Shown[] {
  return block
    .split(/^\$ /m)
    .filter((each) => each !== '')
    .map((each) => {
      const [command = '', ...output] = each.trimEnd().split('\n');
      return { command, output: output.join('\n') };
    });
}

/** The text with an edit made. @throws Error where its lines are not there, or there more than once */
export function applyEdit(text: string, { file, before, after }: Edit): string {
  const parts = text.split(before);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times:\n${before}`);
  return parts.join(after);
}

/** Matches an output that a page shows: a line `...` stands for any lines, `...` within a line for anything in it. */
export function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').map((line) =>
    line === '...'
      ? String.raw`(?:.*\n)*?`
      : `${line
          .split('...')
          .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
          .join('.*')}\n`,
  );
  return new RegExp(`^${lines.join('')}$`);
}
