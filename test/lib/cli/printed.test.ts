/** What other people and clouds wrote reaches a terminal as text only. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, takeFailure } from '../../../lib/cli/failure.ts';
import { paints, written, writtenMessage } from '../../../lib/cli/paint.ts';
import { openReporter } from '../../../lib/cli/reporter.ts';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { copyData } from '../../stacks/copy-project.ts';
import { tandemInProcess } from './in-process.ts';

const HOSTILE = 'a\u001b[8m\u009bK\u202E\r\nPlan: 0 to delete';

describe('colours', () => {
  const { red, bold } = paints(true);

  it('are the only sequences that are written', () => {
    expect(written(red(HOSTILE))).toBe(`\u001b[31ma${String.raw`\u001b[8m\u009bK\u202e`}\nPlan: 0 to delete\u001b[39m`);
  });

  it('may stand in each other', () => {
    expect(written(bold(red(`a${red('b')}c`)))).toBe(
      '\u001b[1m\u001b[31ma\u001b[31mb\u001b[39m\u001b[31mc\u001b[39m\u001b[22m',
    );
  });

  it('are none where none are wanted', () => {
    expect(written(paints(false).red('a'))).toBe('a');
  });
});

describe('what quotes others', () => {
  it('has no line of its own in a message', () => {
    expect(writtenMessage(HOSTILE)).toMatch(/\n {2}Plan: 0 to delete$/);
    const error = new TandemError({ code: 'x', message: HOSTILE, next: HOSTILE });
    expect(
      explain(error)
        .split('\n')
        .map((line) => line.slice(0, 6)),
    ).toEqual(['error ', '  Plan', 'next: ', '  Plan']);
    expect(explain(error)).not.toContain('\u001b');
    takeFailure();
  });

  it('is text in events and on the moving line', () => {
    let shown = '';
    const reporter = openReporter({ isTTY: true, columns: 200, rows: 24 }, (text) => (shown += text));
    reporter.emit({ kind: 'message', level: 'info', text: HOSTILE });
    reporter.emit({ kind: 'api-retry', reason: HOSTILE, attempt: 1, delaySeconds: 1 });
    reporter.end();
    expect(shown).not.toMatch(/\u001b\[8m|\u009b|\u202E|^Plan/mu);
    expect(shown).toContain(String.raw`\u001b[8m`);
  });
});

describe('a file with a hostile name', () => {
  let root: string;
  const name = 'x\u001b[31m\u202Ey.yaml';
  beforeAll(() => {
    root = copyData();
    writeFileSync(join(root, 'config/dev', name), 'blueprint: app\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([['validate'], ['plan'], ['list']])('is text in the output of %s', async (verb) => {
    const { stdout, stderr } = await tandemInProcess(root, [verb]);
    expect(`${stdout}${stderr}`).toContain(String.raw`x\u001b[31m\u202ey.yaml`);
    expect(`${stdout}${stderr}`).not.toMatch(/[\u001b\u202E]/u);
  });

  it('keeps its name in JSON', async () => {
    const { stdout } = await tandemInProcess(root, ['validate', '--json']);
    expect(stdout).not.toMatch(/[\u001b\u202E]/u);
    const { problems } = JSON.parse(stdout) as { problems: { file: string }[] };
    expect(problems.map(({ file }) => file)).toContain(`config/dev/${name}`);
  });
});

describe('the code', () => {
  it('writes to people in one place', () => {
    const lib = join(import.meta.dirname, '../../../lib');
    const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const writing = files.filter((file) =>
      /(?:stdout|stderr)\.write\(|console\.(?:log|error|warn|info)\(/.test(readFileSync(join(lib, file), 'utf8')),
    );
    // The second is what the CLIs of the libraries start; it makes printable what it writes.
    expect(writing.sort()).toEqual(['cli/context.ts', 'synthesis/run-app.ts']);
  });
});
