import { buildRouteMap } from '@stricli/core';
import { cloudCheckCommand } from './check.ts';
import { cloudRenderCommand } from './render.ts';

export const cloudRoutes = buildRouteMap({
  routes: {
    check: cloudCheckCommand,
    render: cloudRenderCommand,
  },
  docs: { brief: 'The private cloud: check it, render it, grow it, and see what a failure takes away' },
});
