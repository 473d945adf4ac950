import { defineGroup } from '../../group.ts';
import { cloudAddVerb } from './add.ts';
import { cloudBackupVerb } from './backup.ts';
import { cloudCapacityVerb } from './capacity.ts';
import { cloudCertificatesVerb } from './certificates.ts';
import { cloudCheckVerb } from './check.ts';
import { cloudDiagramVerb } from './diagram.ts';
import { cloudDrillVerb } from './drill.ts';
import { cloudGrowVerb } from './grow.ts';
import { cloudImportVerb } from './import.ts';
import { cloudMaintainVerb } from './maintain.ts';
import { cloudRecoverVerb } from './recover.ts';
import { cloudRemoveVerb } from './remove.ts';
import { cloudRenderVerb } from './render.ts';
import { cloudReplaceVerb } from './replace.ts';
import { cloudRestoreVerb } from './restore.ts';
import { cloudSimulateFailureVerb } from './simulate-failure.ts';
import { cloudStatusVerb } from './status.ts';

export const cloudGroup = defineGroup(
  'Check, render and draw the private cloud, change its hosts, and simulate its failures',
  {
    check: cloudCheckVerb,
    capacity: cloudCapacityVerb,
    status: cloudStatusVerb,
    render: cloudRenderVerb,
    import: cloudImportVerb,
    add: cloudAddVerb,
    remove: cloudRemoveVerb,
    replace: cloudReplaceVerb,
    grow: cloudGrowVerb,
    maintain: cloudMaintainVerb,
    diagram: cloudDiagramVerb,
    'simulate-failure': cloudSimulateFailureVerb,
    drill: cloudDrillVerb,
    backup: cloudBackupVerb,
    restore: cloudRestoreVerb,
    recover: cloudRecoverVerb,
    certificates: cloudCertificatesVerb,
  },
);
