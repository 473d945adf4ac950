import { z } from 'zod';
import { blueprintViewSchema as blueprint } from '../../blueprints/view.ts';

export const blueprintsSchema = z.strictObject({
  format: z.literal('tandem.blueprints/1'),
  blueprints: z.array(blueprint),
});

export const blueprintShowSchema = z.strictObject({
  format: z.literal('tandem.blueprint/1'),
  blueprint,
  page: z.string(),
});

export const blueprintDiagramSchema = z.strictObject({
  format: z.literal('tandem.blueprint-diagram/1'),
  blueprint: z.string(),
  svg: z.string(),
});
