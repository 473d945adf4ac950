import type { OperateResult } from '../../actions/fleet/operate.ts';

/** What `--json` prints of a result. */
function document({ environment, verb, plan, report }: OperateResult) {
  return {
    ...{ environment, verb },
    plan:
      plan === undefined
        ? null
        : {
            group: plan.group,
            machines: plan.machines.map((each) => ({
              id: each.id,
              zone: each.zone,
              rung: each.rung,
              stage: each.stage,
            })),
            skipped: plan.skipped,
            floorPercent: plan.policy.floorPercent,
            budget: plan.policy.budget ?? null,
            ...{ suspends: plan.suspends, waves: plan.waves, forecast: plan.forecast },
          },
    outcome:
      report === undefined
        ? null
        : {
            ...{ operation: report.operation, seconds: report.seconds },
            machines: report.machines.map(({ id, zone, rung: how, end = null, why = null }) => ({
              id,
              zone,
              rung: how,
              end,
              why,
            })),
            ...{ done: report.done, failed: report.failed, gone: report.gone },
            ...{ calls: report.calls.made, throttled: report.calls.throttled },
          },
  };
}

export const operationJson = {
  format: 'tandem.fleet-operation/1',
  schema: async () => (await import('../../actions/fleet/operation-schema.ts')).operationSchema,
  events: async () => (await import('../../actions/fleet/operation-schema.ts')).operationEventSchema,
  document,
};
