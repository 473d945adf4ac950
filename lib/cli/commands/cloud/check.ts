import { buildCommand } from '@stricli/core';
import { formatProblem } from '../../../config/diagnostic.ts';
import { noSuchCloud } from '../../../private-cloud/errors.ts';
import { CATALOGUE } from '../../../private-cloud/rules/catalogue.ts';
import { table } from '../../../text/table.ts';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { readConfiguration } from '../../workspace.ts';

type CheckFlags = CommonFlags & { readonly rules: boolean };

/** A lease that no longer fits is its cloud's problem too: `from this lease on …`. */
const OF_LEASES = new Set(['no-capacity', 'no-placement', 'no-spare-capacity', 'no-spare-host']);

async function check(this: TandemContext, flags: CheckFlags, ...asked: string[]): Promise<undefined> {
  if (flags.rules) {
    const rules = Object.entries(CATALOGUE).map(([code, { asks, severity }]) => [code, severity, asks]);
    for (const line of table(rules)) this.out(`${line}\n`);
    return undefined;
  }
  const { project, problems } = readConfiguration(this);
  const known = [...(project?.clouds.keys() ?? [])];
  const files = (names: readonly string[]) => names.map((name) => `config/clouds/${name}.yaml`);
  const missing = asked.find(
    (name) => !known.includes(name) && !problems.some(({ file }) => file === `config/clouds/${name}.yaml`),
  );
  if (missing !== undefined) throw noSuchCloud(missing, known);
  const own = problems.filter(
    ({ file, code, message }) =>
      (asked.length === 0 ? file.startsWith('config/clouds/') : files(asked).includes(file)) ||
      (OF_LEASES.has(code) && (asked.length === 0 || asked.some((name) => message.includes(` cloud ${name} `)))),
  );
  const sound = (asked.length === 0 ? known : asked).filter(
    (name) => !own.some(({ file }) => files([name]).includes(file)),
  );
  if (flags.json) {
    const { roomLeft } = await import('../../../private-cloud/placement/capacity.ts');
    const capacity =
      project === undefined ? {} : Object.fromEntries(sound.map((name) => [name, roomLeft(project, name)]));
    this.out(`${JSON.stringify({ format: 'tandem.cloud-check/1', problems: own, capacity }, null, 2)}\n`);
  } else {
    for (const problem of own) this.out(`${formatProblem(problem)}\n`);
    for (const name of sound) {
      this.out(`${name}: every rule holds for layout ${project?.clouds.get(name)?.value.layout ?? ''}\n`);
    }
  }
  this.process.exitCode = own.some((problem) => problem.severity === 'error') ? 1 : 0;
  return undefined;
}

export const cloudCheckCommand = buildCommand({
  func: check,
  parameters: {
    flags: {
      ...commonFlags,
      rules: { kind: 'boolean', brief: 'List every rule and what it asks for', default: false, withNegated: false },
    },
    positional: {
      kind: 'array',
      parameter: { brief: 'Cloud, all by default', parse: String, placeholder: 'CLOUD' },
    },
  },
  docs: {
    brief: 'Check what must hold of a cloud: quorums, racks, storage, spare capacity, addresses, time, names',
    fullDescription: [
      'Part of `tandem validate` too. Refused where the layout promises high availability; a starter is warned, or left alone.',
      '',
      'Examples:',
      '  tandem cloud check',
      '  tandem cloud check paris --json | jq .capacity',
      '  tandem cloud check --rules',
    ].join('\n'),
  },
});
