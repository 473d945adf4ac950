import { drawCloud } from '../../private-cloud/diagram/draw.ts';
import { failureInputs, parseOff } from '../../private-cloud/failure/inputs.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { writeText } from '../write-text.ts';

export interface DiagramOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** What is off: names with commas. @default nothing */
  readonly off?: string | undefined;
  /** File that gets the picture. */
  readonly out?: string | undefined;
}

export interface DiagramResult {
  readonly cloud: string;
  readonly svg: string;
}

/** Draws a cloud as SVG. @throws TandemError `no-such-cloud`, `no-such-part`, `ambiguous-part`, `cannot-write` */
export async function diagram(
  context: ActionContext,
  { cloud: named, off, out }: DiagramOptions,
): Promise<DiagramResult> {
  const project = requireProject(context);
  const cloud = chooseCloud(project, named);
  const inputs = failureInputs(project, cloud);
  const svg = drawCloud(cloud.value, inputs, off === undefined ? [] : parseOff(inputs.model, off));
  if (out !== undefined) writeText(out, svg);
  return { cloud: cloud.name, svg };
}
