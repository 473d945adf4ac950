import { defineGroup } from '../../group.ts';
import { envCloneVerb } from './clone.ts';
import { envCreateVerb } from './create.ts';
import { envCredentialsVerb } from './credentials.ts';
import { envDestroyVerb } from './destroy.ts';
import { envExtendVerb } from './extend.ts';
import { envFreezeVerb, envThawVerb } from './freeze.ts';
import { envListVerb } from './list.ts';
import { envReapVerb } from './reap.ts';
import { envRebuildVerb } from './rebuild.ts';
import { envRepairVerb } from './repair.ts';
import { envShowVerb } from './show.ts';
import { envExecVerb, envLogsVerb, envSshVerb } from './ssh.ts';
import { envUpdateVerb } from './update.ts';

export const envGroup = defineGroup(
  'Dev environments: lease one, use it, return it',
  {
    create: envCreateVerb,
    clone: envCloneVerb,
    list: envListVerb,
    show: envShowVerb,
    ssh: envSshVerb,
    exec: envExecVerb,
    logs: envLogsVerb,
    extend: envExtendVerb,
    freeze: envFreezeVerb,
    thaw: envThawVerb,
    update: envUpdateVerb,
    rebuild: envRebuildVerb,
    repair: envRepairVerb,
    credentials: envCredentialsVerb,
    destroy: envDestroyVerb,
    reap: envReapVerb,
  },
  { delete: 'destroy', status: 'show' },
);
