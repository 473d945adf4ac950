import { buildCommand } from '@stricli/core';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { requireProject } from '../../workspace.ts';
import { cloudParameter, offFlag } from './parameters.ts';

interface DiagramFlags extends CommonFlags {
  readonly off?: string;
  readonly out?: string;
}

async function diagram(this: TandemContext, flags: DiagramFlags, name?: string): Promise<void> {
  const { chooseCloud } = await import('../../../private-cloud/topology/choose-cloud.ts');
  const { failureInputs, parseOff } = await import('../../../private-cloud/failure/inputs.ts');
  const { drawCloud } = await import('../../../private-cloud/diagram/draw.ts');
  const project = requireProject(this);
  const cloud = chooseCloud(project, name);
  const inputs = failureInputs(project, cloud);
  const svg = drawCloud(cloud.value, inputs, flags.off === undefined ? [] : parseOff(inputs.model, flags.off));
  if (flags.out !== undefined) {
    const { writeText } = await import('../../../actions/write-text.ts');
    writeText(flags.out, svg);
  }
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.diagram/1', cloud: cloud.name, svg }, null, 2)}\n`);
  else if (flags.out === undefined) this.out(svg);
}

export const cloudDiagramCommand = buildCommand({
  func: diagram,
  parameters: {
    flags: {
      ...commonFlags,
      off: offFlag,
      out: {
        kind: 'parsed',
        parse: String,
        brief: 'File to write; default: stdout',
        optional: true,
        placeholder: 'FILE',
      },
    },
    positional: cloudParameter,
  },
  docs: {
    brief: 'Draw the cloud as SVG: planes, VIPs, racks, hosts, services, and what a failure takes away',
    fullDescription: [
      'Examples:',
      '  tandem cloud diagram paris --out paris.svg',
      '  tandem cloud diagram paris --off rack/b --out rack-b.svg',
      '  tandem cloud diagram | display',
    ].join('\n'),
  },
});
