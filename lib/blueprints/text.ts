import { table } from '../text/table.ts';
import { costText, needText } from './page.ts';
import type { BlueprintView } from './view.ts';

/** A blueprint for a terminal. */
export function renderBlueprint(view: BlueprintView): string {
  const { name, description, tiers, parameters } = view;
  const lines = [
    `${name}: ${description}`,
    needText(view),
    '',
    ...table(
      tiers.map(({ name: tier, count, flavor, runs, survival }) => [
        tier,
        `${count}`,
        flavor,
        runs.map(({ name: component, version }) => `${component} ${version}`).join(', '),
        survival.says,
      ]),
      { head: ['tier', 'servers', 'flavor', 'runs', 'if a zone is lost'], right: [1] },
    ),
    ...(parameters.length === 0
      ? []
      : [
          '',
          ...table(
            parameters.map(({ name: parameter, default: fallback, description: said }) => [
              parameter,
              `${fallback}`,
              said,
            ]),
            { head: ['parameter', 'default', 'meaning'], right: [] },
          ),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** All blueprints, a line each. */
export function renderBlueprints(views: readonly BlueprintView[]): string {
  const rows = views.map((view) => [view.name, `${view.need.servers}`, costText(view), view.description]);
  return `${table(rows, { head: ['blueprint', 'servers', 'a month', 'what it is'], right: [1] }).join('\n')}\n`;
}
