import { buildCommand } from '@stricli/core';
import { formatProblem } from '../../../config/diagnostic.ts';
import type { TandemContext } from '../../context.ts';
import { type CommonFlags, commonFlags } from '../../flags.ts';
import { readConfiguration } from '../../workspace.ts';

function check(this: TandemContext, flags: CommonFlags, ...clouds: string[]): undefined {
  const { problems } = readConfiguration(this);
  const own = problems.filter(
    ({ file }) => clouds.length === 0 || clouds.some((name) => file === `config/clouds/${name}.yaml`),
  );
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.cloud-check/1', problems: own }, null, 2)}\n`);
  else for (const problem of own) this.out(`${formatProblem(problem)}\n`);
  this.process.exitCode = own.some((problem) => problem.severity === 'error') ? 1 : 0;
  return undefined;
}

export const cloudCheckCommand = buildCommand({
  func: check,
  parameters: {
    flags: commonFlags,
    positional: {
      kind: 'array',
      parameter: { brief: 'Cloud, all by default', parse: String, placeholder: 'CLOUD' },
    },
  },
  docs: {
    brief:
      'Check what must hold of a cloud before it is rendered: quorums, racks, storage, capacity, addresses, time, names',
    fullDescription: 'Examples:\n  tandem cloud check\n  tandem cloud check paris --json',
  },
});
