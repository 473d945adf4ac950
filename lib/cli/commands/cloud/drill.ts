import { join } from 'node:path';
import { buildCommand } from '@stricli/core';
import { DRILL_NAMES, type DrillName } from '../../../private-cloud/drill/drills.ts';
import { drillUnknown } from '../../../private-cloud/drill/errors.ts';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';

/** Loaded when asked for: the product runs where there is no lab. */
const lab = () => import('../../../../lab/ha/index.ts');

interface DrillFlags extends CommonFlags {
  readonly drill?: readonly DrillName[];
  readonly directory?: string;
}

async function drill(this: TandemContext, flags: DrillFlags): Promise<void> {
  const { openDrillTarget, HA_CLOUD_FILE } = await lab();
  const { runDrills } = await import('../../../cloud-operations/drill/run-drills.ts');
  const { reportMarkdown } = await import('../../../private-cloud/drill/report.ts');
  const { report, json, markdown } = await runDrills({
    drills: flags.drill === undefined || flags.drill.length === 0 ? DRILL_NAMES : flags.drill,
    target: await openDrillTarget(flags.directory === undefined ? {} : { directory: flags.directory }),
    cloudFile: HA_CLOUD_FILE,
    folder: join(this.root(), '.tandem', 'drill'),
    at: this.now(),
    say: (what) => this.log(`${what}\n`),
  });
  this.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : reportMarkdown(report));
  this.log(`Written to ${markdown} and ${json}.\n`);
  this.process.exitCode = report.drills.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

function parseDrill(text: string): DrillName {
  const found = DRILL_NAMES.find((name) => name === text);
  if (found === undefined) throw drillUnknown(text, DRILL_NAMES);
  return found;
}

export const cloudDrillCommand = buildCommand({
  func: drill,
  parameters: {
    flags: {
      ...commonFlags,
      drill: {
        kind: 'parsed',
        parse: parseDrill,
        brief: 'Only this one; can be given several times. Default: all',
        optional: true,
        variadic: true,
        placeholder: 'NAME',
      },
      directory: {
        kind: 'parsed',
        parse: String,
        brief: 'Folder of the lab; default: /var/lib/tandem-lab-ha',
        optional: true,
        placeholder: 'FOLDER',
      },
    },
  },
  docs: {
    brief: 'Break the three controllers of `tandem lab up --ha` on purpose, and compare with what was predicted',
    fullDescription: [
      `Drills: ${DRILL_NAMES.join(', ')}. Predictions are frozen before anything is taken away. Exit 1 where anything acknowledged was lost,`,
      'a minority accepted something, other services failed than predicted, or something did not come back; never for a time.',
      '',
      'Examples:',
      '  tandem cloud drill',
      '  tandem cloud drill --drill holder-off --drill two-off',
    ].join('\n'),
  },
});
