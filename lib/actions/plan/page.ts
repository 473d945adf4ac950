import type { Project } from '../../config/project.ts';
import type { Plan } from '../../plan/model.ts';
import { renderHtml } from '../../plan/render/html/page.ts';
import { drawCloud } from '../../private-cloud/diagram/draw.ts';
import { failureInputs } from '../../private-cloud/failure/inputs.ts';
import { touchedClouds } from '../../review/availability/availability.ts';
import type { ActionContext } from '../context.ts';
import { checkoutOf } from './review.ts';

/** The plan as a page, with a picture of each cloud that it touches. */
export async function pageOf(context: ActionContext, plan: Plan, project: Project): Promise<string> {
  const pictures = touchedClouds(plan).flatMap((name): [string, string][] => {
    const cloud = project.clouds.get(name);
    return cloud === undefined ? [] : [[name, drawCloud(cloud.value, failureInputs(project, cloud))]];
  });
  return renderHtml(plan, { ...(await checkoutOf(context)), at: context.now(), pictures: new Map(pictures) });
}
