import { noTerminal } from '../deploy/errors.ts';
import type { TandemContext } from './context.ts';

export interface AskFlags {
  readonly yes: boolean;
  readonly autoApprove: boolean;
  readonly nonInteractive: boolean;
}

export const askFlags = {
  yes: { kind: 'boolean', brief: 'Answer every question with yes', default: false, withNegated: false },
  autoApprove: { kind: 'boolean', brief: 'The same as --yes', default: false, withNegated: false },
} as const;

/** Asks on the terminal; the default is no. @throws TandemError `no-terminal` where nobody can be asked and nothing said yes */
export async function ask(context: TandemContext, flags: AskFlags, question: string): Promise<boolean> {
  if (flags.yes || flags.autoApprove) return true;
  const { stdin, stderr } = context.process;
  if (flags.nonInteractive || !stdin.isTTY || !stderr.isTTY) throw noTerminal();
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: question, initialValue: false, output: stderr });
  return !isCancel(answer) && answer;
}
