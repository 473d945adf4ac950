import { z } from 'zod';

const changeSchema = z.looseObject({
  actions: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  importing: z.looseObject({ id: z.string().optional() }).nullish(),
});

const resourceChangeSchema = z.looseObject({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().default('managed'),
  type: z.string(),
  change: changeSchema,
  action_reason: z.string().optional(),
});

const deferredSchema = z.looseObject({
  reason: z.string().optional(),
  resource_change: z.looseObject({ address: z.string() }).optional(),
});

const checkSchema = z.looseObject({
  address: z.looseObject({ to_display: z.string().optional() }),
  status: z.string(),
  instances: z
    .array(z.looseObject({ problems: z.array(z.looseObject({ message: z.string().optional() })).optional() }))
    .optional(),
});

/** Resources of a module as `terraform show -json` tells them, of a state as of a plan. */
export interface StateModule {
  readonly resources?:
    | readonly {
        readonly address?: string | undefined;
        readonly mode: string;
        readonly type: string;
        readonly values?: unknown;
      }[]
    | undefined;
  readonly child_modules?: readonly StateModule[] | undefined;
}
export const moduleSchema: z.ZodType<StateModule> = z.lazy(() =>
  z.looseObject({
    resources: z
      .array(z.looseObject({ address: z.string().optional(), mode: z.string(), type: z.string(), values: z.unknown() }))
      .optional(),
    child_modules: z.array(moduleSchema).optional(),
  }),
);

export const planSchema = z.looseObject({
  format_version: z.string(),
  resource_changes: z.array(resourceChangeSchema).default([]),
  resource_drift: z.array(resourceChangeSchema).default([]),
  output_changes: z.record(z.string(), changeSchema).default({}),
  prior_state: z.looseObject({ values: z.looseObject({ root_module: moduleSchema.optional() }).optional() }).optional(),
  deferred_changes: z.array(deferredSchema).default([]),
  checks: z.array(checkSchema).default([]),
  applyable: z.boolean().optional(),
  complete: z.boolean().optional(),
  errored: z.boolean().optional(),
});

/** `terraform show -json` of a plan, as Terraform and OpenTofu write it. */
export type PlanJson = z.output<typeof planSchema>;

export type ResourceChange = z.output<typeof resourceChangeSchema>;
