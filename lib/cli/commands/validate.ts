import { buildCommand } from '@stricli/core';
import { formatProblem } from '../../config/diagnostic.ts';
import { counted } from '../../text/plural.ts';
import type { TandemContext } from '../context.ts';
import { type CommonFlags, commonFlags } from '../flags.ts';
import { readConfiguration } from '../workspace.ts';

function validate(this: TandemContext, flags: CommonFlags): Error | undefined {
  const { problems } = readConfiguration(this);
  if (flags.json) {
    this.out(`${JSON.stringify({ format: 'tandem.diagnostics/1', problems }, null, 2)}\n`);
  } else {
    for (const problem of problems) this.out(`${formatProblem(problem)}\n`);
    this.out(problems.length === 0 ? 'The configuration is valid.\n' : `${counted(problems.length, 'problem')}.\n`);
  }
  this.process.exitCode = problems.some((problem) => problem.severity === 'error') ? 1 : 0;
  return undefined;
}

export const validateCommand = buildCommand({
  func: validate,
  parameters: { flags: commonFlags },
  docs: {
    brief: 'Check the configuration: every problem at once, each with file:line:column and what to write',
    fullDescription: [
      'Checks shape, references, addresses, names, leases and capacity of everything in config/. Warnings do not fail.',
      '',
      'Examples:',
      '  tandem validate',
      '  tandem validate --json | jq .problems',
    ].join('\n'),
  },
});
