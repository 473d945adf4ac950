import { drawBlueprint } from '../../blueprints/draw.ts';
import { pageOf } from '../../blueprints/page.ts';
import { type BlueprintView, viewOf } from '../../blueprints/view.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { blueprintNamed, requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { writeText } from '../write-text.ts';

export interface BlueprintOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
}

export interface BlueprintDrawing {
  readonly blueprint: string;
  readonly svg: string;
}

/** Every blueprint as it is on a cloud. @throws TandemError `no-such-cloud` */
export function listBlueprints(context: ActionContext, options: BlueprintOptions): { blueprints: BlueprintView[] } {
  const project = requireProject(context);
  const cloud = chooseCloud(project, options.cloud);
  return { blueprints: [...project.blueprints.values()].map((blueprint) => viewOf(project, blueprint, cloud)) };
}

/** One blueprint, and its page of Markdown. @throws TandemError `no-such-cloud`, `no-such-blueprint` */
export function showBlueprint(
  context: ActionContext,
  name: string,
  options: BlueprintOptions,
): { blueprint: BlueprintView; page: string } {
  const project = requireProject(context);
  const cloud = chooseCloud(project, options.cloud);
  const view = viewOf(project, blueprintNamed(project, name), cloud);
  return { blueprint: view, page: pageOf(view, `${name}.svg`) };
}

/** Draws a blueprint as SVG. @throws TandemError `no-such-cloud`, `no-such-blueprint`, `cannot-write` */
export async function drawBlueprintFile(
  context: ActionContext,
  name: string,
  { out, ...options }: BlueprintOptions & { readonly out?: string | undefined },
): Promise<BlueprintDrawing> {
  const { blueprint } = showBlueprint(context, name, options);
  const svg = await drawBlueprint(blueprint);
  if (out !== undefined) writeText(out, svg);
  return { blueprint: name, svg };
}
