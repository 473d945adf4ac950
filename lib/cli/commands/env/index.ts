import { buildRouteMap } from '@stricli/core';
import { envExtendCommand, envFreezeCommand, envThawCommand } from './change.ts';
import { envCreateCommand } from './create.ts';
import { envDestroyCommand } from './destroy.ts';
import { envListCommand } from './list.ts';
import { envReapCommand } from './reap.ts';
import { envShowCommand } from './show.ts';

export const envRoutes = buildRouteMap({
  routes: {
    create: envCreateCommand,
    list: envListCommand,
    show: envShowCommand,
    extend: envExtendCommand,
    freeze: envFreezeCommand,
    thaw: envThawCommand,
    destroy: envDestroyCommand,
    reap: envReapCommand,
  },
  docs: { brief: 'Dev environments: lease one, use it, give it back' },
});
