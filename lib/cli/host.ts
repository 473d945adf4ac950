import { resolve } from 'node:path';
import type { ActionContext, Io, Question } from '../actions/context.ts';
import { declined } from '../deploy/errors.ts';
import { printable } from '../text/printable.ts';
import { type TandemContext, trustedRoot } from './context.ts';
import { noTerminal } from './errors.ts';
import type { GlobalFlags } from './flags.ts';
import { paints } from './paint.ts';
import { openReporter, type Reporter } from './reporter.ts';
import type { View } from './view.ts';

/** What the command line gives an action, and takes back at its end. */
export interface Host {
  readonly context: ActionContext;
  readonly view: View;
  /** Takes the moving line of progress away; may be called again. */
  end(): void;
}

/** Flags that a verb may have, besides those that all have. */
interface HostFlags extends GlobalFlags {
  readonly yes?: boolean;
  readonly autoApprove?: boolean;
  readonly verbose?: boolean;
  readonly resourceParallelism?: number | undefined;
}

/** The host of an action on a terminal, or where there is none. @param streams `--json` prints events as lines */
export function openHost(context: TandemContext, flags: HostFlags, streams: boolean): Host {
  const { process } = context;
  const { stdout, env: environment } = process;
  const isColorful = !flags.noColor && environment['NO_COLOR'] === undefined && stdout.isTTY;
  const view: View = { colors: paints(isColorful), columns: stdout.isTTY ? stdout.columns : 100 };
  const reporter = openReporter(process.stderr, (text) => context.draw(text), view.colors);
  const { parallelism, resourceParallelism } = flags;
  let root: string | undefined;
  return {
    view,
    context: {
      get root() {
        root ??= flags.project === undefined ? context.root() : trustedRoot(flags.project);
        return root;
      },
      folder: resolve(flags.project ?? '.'),
      environment,
      now: () => new Date(),
      // Who reads it stops by it; what never does is left at once.
      get signal() {
        return context.interruption.signal;
      },
      ...{ parallelism, resourceParallelism },
      io: ioOf(context, flags, reporter, view, streams),
    },
    end: () => reporter.end(),
  };
}

function ioOf(context: TandemContext, flags: HostFlags, reporter: Reporter, view: View, streams: boolean): Io {
  return {
    emit(event) {
      reporter.emit(event);
      if (streams && flags.json) context.json(`${JSON.stringify(event)}\n`);
    },
    confirm: (question) => reporter.suspend(() => ask(context, flags, view, question)),
    text: (prompt) => reporter.suspend(() => readText(context, flags, prompt)),
    secret: (prompt) => reporter.suspend(() => readSecret(context, flags, prompt)),
  };
}

/** The default is no. @throws TandemError `no-terminal` where nobody can be asked and nothing said yes */
async function ask(context: TandemContext, flags: HostFlags, view: View, question: Question): Promise<boolean> {
  const { plan, details, text } = question;
  if (details !== undefined) context.log(`${details}\n`);
  if (plan !== undefined) {
    const { renderText } = await import('../plan/render/text.ts');
    context.log(renderText(plan, { ...view, verbose: flags.verbose === true }));
  }
  if (flags.yes === true || flags.autoApprove === true) return true;
  const { stdin, stderr } = context.process;
  if (flags.nonInteractive || !stdin.isTTY || !stderr.isTTY)
    throw noTerminal(context.command, text, reviewOf(context.command, question));
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({
    message: printable(text),
    initialValue: false,
    output: stderr,
    signal: context.interruption.signal,
  });
  return !isCancel(answer) && answer;
}

/** The command that shows what a yes would carry out, and touches nothing. */
function reviewOf(command: string, { plan, hasDryRun = false }: Question): string | undefined {
  if (hasDryRun) return `${command} --dry-run`;
  return plan === undefined ? undefined : 'tandem plan --live';
}

async function readText(
  context: TandemContext,
  { nonInteractive }: HostFlags,
  prompt: string,
): Promise<string | undefined> {
  const { stdin, stderr } = context.process;
  if (nonInteractive || !stdin.isTTY || !stderr.isTTY) return undefined;
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message: printable(prompt), output: stderr, signal: context.interruption.signal });
  if (isCancel(answer)) throw declined();
  return answer;
}

/** Typed without an echo, or from a pipe less the one line break that a shell adds. */
async function readSecret(
  context: TandemContext,
  { nonInteractive }: HostFlags,
  prompt: string,
): Promise<string | undefined> {
  const { stdin, stderr } = context.process;
  if (!stdin.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }
  if (nonInteractive) return undefined;
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message: printable(prompt), output: stderr, signal: context.interruption.signal });
  return isCancel(answer) ? undefined : answer;
}
