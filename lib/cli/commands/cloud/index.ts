import { buildRouteMap } from '@stricli/core';
import { cloudCheckCommand } from './check.ts';

export const cloudRoutes = buildRouteMap({
  routes: {
    check: cloudCheckCommand,
  },
  docs: { brief: 'The private cloud: check it, render it, grow it, and see what a failure takes away' },
});
