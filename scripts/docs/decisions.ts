import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/decisions';

const INTRODUCTION = `# Decisions

One file a decision: the question, the positions that could be held, the decision, and what follows from it. A decision that no longer holds
stays: its status becomes \`superseded by NNNN\`. A new record takes the next number; \`npm run docs\` rewrites this index from the records' titles
and headers.
`;

/** The header of a decision record: `NNNN-slug.md` with a title and the lines `Date:` and `Status:`. */
interface Decision {
  readonly file: string;
  readonly number: string;
  readonly title: string;
  /** Of the day on which it was accepted, as YYYY-MM-DD. */
  readonly date: string;
  readonly status: string;
}

const HEADER = /^# (?<title>.+)\n\nDate: (?<date>\d{4}-\d\d-\d\d)\nStatus: (?<status>accepted|superseded by \d{4})\n\n/;

/** @throws Error that names a record without number, title, date or status, and numbers that are taken twice. */
function readDecisions(root: string): readonly Decision[] {
  const files = readdirSync(join(root, FOLDER)).filter((file) => file !== 'README.md');
  return files.sort().map((file, index) => {
    const number = file.slice(0, 4);
    // A number may be missing: a branch under way has taken it.
    if (!/^\d{4}-[a-z0-9-]+\.md$/.test(file) || files[index - 1]?.startsWith(number) === true)
      throw new Error(`${FOLDER}/${file} must be named NNNN-<slug>.md, with a number that no other record has`);
    const groups = HEADER.exec(readFileSync(join(root, FOLDER, file), 'utf8'))?.groups;
    if (groups === undefined)
      throw new Error(
        `${FOLDER}/${file} must begin with a title and the lines 'Date: YYYY-MM-DD' and 'Status: accepted'`,
      );
    const { title = '', date = '', status = '' } = groups;
    return { file, number, title, date, status };
  });
}

/** `docs/decisions/README.md`: the index. */
export function decisionFiles(root: string): ReadonlyMap<string, string> {
  const rows = readDecisions(root).map(
    ({ file, number, title, date, status }) => `| [${number}](${file}) | ${title} | ${date} | ${status} |`,
  );
  const table = ['| number | decision | date | status |', '|---|---|---|---|', ...rows];
  return new Map([[`${FOLDER}/README.md`, `${INTRODUCTION}\n${table.join('\n')}\n`]]);
}
