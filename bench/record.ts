/** A benchmark's row in docs/benchmarks.md. */
export interface Row {
  readonly name: string;
  readonly claim: string;
  /** The ratio that must not be exceeded. */
  readonly atMost: number;
  /** Ratios of the last two runs, the newest last. */
  readonly seen: readonly string[];
  /** Day of the newest, as 2026-11-29. */
  readonly day: string;
  /** Why a goal is missed, written by hand. */
  readonly note: string;
}

const HEAD = ['| benchmark | claim | at most | seen, last two runs | day | |', '|---|---|---|---|---|---|'] as const;
const RUNS = 2;

/** The rows of the page's table. */
export function rowsOf(page: string): Row[] {
  return page.split('\n').flatMap((line) => {
    const [, name, claim, atMost, seen, day, note] = line.split('|').map((cell) => cell.trim());
    if (name === undefined || !/^`[\w-]+`$/.test(name)) return [];
    return [
      {
        ...{ name: name.slice(1, -1), claim: claim ?? '', atMost: Number(atMost), day: day ?? '', note: note ?? '' },
        seen: (seen ?? '').split(', ').filter((each) => each !== ''),
      },
    ];
  });
}

/** The page with the figures of a run; rows of others, and notes, stay. */
export function recorded(page: string, run: Omit<Row, 'seen' | 'note'> & { readonly ratio: string }): string {
  const { ratio, ...known } = run;
  const rows = rowsOf(page);
  const before = rows.find(({ name }) => name === run.name);
  const row: Row = { ...known, note: before?.note ?? '', seen: [...(before?.seen ?? []), ratio].slice(-RUNS) };
  const all = [...rows.filter(({ name }) => name !== run.name), row].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  const lines = page.split('\n');
  const start = lines.indexOf(HEAD[0]);
  const [above, rest] = start < 0 ? [[page.trimEnd(), ''], ['']] : [lines.slice(0, start), lines.slice(start)];
  const size = rest.findIndex((line) => !line.startsWith('|'));
  const table = all.map(
    (each) =>
      `| \`${each.name}\` | ${each.claim} | ${each.atMost} | ${each.seen.join(', ')} | ${each.day} | ${each.note} |`,
  );
  return [...above, ...HEAD, ...table, ...(size < 0 ? [''] : rest.slice(size))].join('\n');
}
