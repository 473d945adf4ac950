import { buildRouteMap } from '@stricli/core';
import { cloudCapacityCommand } from './capacity.ts';
import { cloudCheckCommand } from './check.ts';
import { cloudDiagramCommand } from './diagram.ts';
import { cloudDrillCommand } from './drill.ts';
import { cloudGrowCommand } from './grow.ts';
import { cloudRenderCommand } from './render.ts';
import { cloudSimulateFailureCommand } from './simulate-failure.ts';

export const cloudRoutes = buildRouteMap({
  routes: {
    check: cloudCheckCommand,
    capacity: cloudCapacityCommand,
    render: cloudRenderCommand,
    grow: cloudGrowCommand,
    diagram: cloudDiagramCommand,
    'simulate-failure': cloudSimulateFailureCommand,
    drill: cloudDrillCommand,
  },
  docs: { brief: 'The private cloud: check it, render it, grow it, and see what a failure takes away' },
});
