import { buildCommand } from '@stricli/core';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { requireProject } from '../../workspace.ts';
import { cloudParameter, offFlag } from './parameters.ts';

interface SimulateFlags extends CommonFlags {
  readonly off?: readonly string[];
  readonly all: boolean;
  readonly pairs: boolean;
  readonly svg?: string;
}

async function simulateFailure(this: TandemContext, flags: SimulateFlags, name?: string): Promise<void> {
  const { chooseCloud } = await import('../../../private-cloud/topology/choose-cloud.ts');
  const { failureInputs, parseOff } = await import('../../../private-cloud/failure/inputs.ts');
  const { reportFailures } = await import('../../../private-cloud/failure/report.ts');
  const project = requireProject(this);
  const cloud = chooseCloud(project, name);
  const inputs = failureInputs(project, cloud);
  const named = (flags.off ?? []).map((names) => parseOff(inputs.model, names));
  const failures = named.length > 0 ? named : undefined;
  const report = reportFailures(inputs, { ...(failures === undefined ? {} : { failures }), pairs: flags.pairs });
  if (flags.json) this.out(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderFailures } = await import('../../../private-cloud/failure/render.ts');
    this.out(renderFailures(report, { colors: this.colors, all: flags.all, details: named.length > 0 }));
  }
  if (flags.svg !== undefined) {
    const { drawCloud } = await import('../../../private-cloud/diagram/draw.ts');
    const { writeText } = await import('../../../actions/write-text.ts');
    const worst = report.failures[0]?.failure;
    writeText(flags.svg, drawCloud(cloud.value, inputs, named.flat().length > 0 ? named.flat() : (worst ?? [])));
  }
}

export const cloudSimulateFailureCommand = buildCommand({
  func: simulateFailure,
  parameters: {
    flags: {
      ...commonFlags,
      off: { ...offFlag, variadic: true },
      all: { kind: 'boolean', default: false, brief: 'One line for each failure, alike or not', withNegated: false },
      pairs: { kind: 'boolean', default: false, brief: 'Every two things off at once, too', withNegated: false },
      svg: {
        kind: 'parsed',
        parse: String,
        brief: 'Also draw the cloud with what is off; without --off the worst failure',
        optional: true,
        placeholder: 'FILE',
      },
    },
    positional: cloudParameter,
  },
  docs: {
    brief: 'What falls when a host, rack, plane, switch or power feed is off: services, VIP, servers, and for how long',
    fullDescription: [
      'Judges each single failure, or those named with --off, from the configuration alone; touches no cloud. --json is the format',
      'tandem.failure/1 (docs/failure-simulation.md).',
      '',
      'Examples:',
      '  tandem cloud simulate-failure                              each thing off, worst first',
      '  tandem cloud simulate-failure paris --off b                a rack, with every gap and what it is the sum of',
      '  tandem cloud simulate-failure --off queue-a-1,queue-b-1    two hosts at once',
      '  tandem cloud simulate-failure --pairs --json               every two things at once',
      '  tandem cloud simulate-failure --off rack/b --svg b.svg     as a picture',
    ].join('\n'),
  },
});
