import { failureInputs, parseOff } from '../../private-cloud/failure/inputs.ts';
import { type FailureReport, reportFailures } from '../../private-cloud/failure/report.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { writeText } from '../write-text.ts';

export interface SimulateFailureOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Failures to judge, each as names with commas. @default every single one */
  readonly off: readonly string[];
  /** Judges every two things off at once as well. @default false */
  readonly pairs?: boolean;
  /** File that gets a picture of the cloud with what is off; of the worst failure where nothing is named. */
  readonly svg?: string | undefined;
}

/** What stops when parts of a cloud fail. Asks no cloud. @throws TandemError `no-such-cloud`, `no-such-part`, `ambiguous-part`, `cannot-write` */
export async function simulateFailure(
  context: ActionContext,
  { cloud: name, off, pairs = false, svg }: SimulateFailureOptions,
): Promise<FailureReport> {
  const project = requireProject(context);
  const cloud = chooseCloud(project, name);
  const inputs = failureInputs(project, cloud);
  const named = off.map((names) => parseOff(inputs.model, names));
  const report = reportFailures(inputs, named.length === 0 ? { pairs } : { pairs, failures: named });
  if (svg !== undefined) {
    const { drawCloud } = await import('../../private-cloud/diagram/draw.ts');
    const all = named.flat();
    writeText(svg, drawCloud(cloud.value, inputs, all.length > 0 ? all : (report.failures[0]?.failure ?? [])));
  }
  return report;
}
