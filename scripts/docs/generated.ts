import { blueprintFiles } from '../../lib/blueprints/files.ts';
import { reference } from '../../lib/blueprints/reference.ts';
import { loadAndCheck } from '../../lib/config/check.ts';
import { directoryFiles } from '../../lib/config/files.ts';
import { pictureFiles } from '../../lib/private-cloud/diagram/pictures.ts';
import { alarmFiles } from './alarms.ts';
import { commandFiles } from './commands.ts';
import { decisionFiles } from './decisions.ts';
import { dependencyFiles } from './dependencies.ts';
import { errorFiles } from './errors.ts';
import { policyFiles } from './policies.ts';
import { roomsFiles } from './rooms-picture.ts';
import { simulationFiles } from './simulation.ts';

/** Every generated page and picture of `docs/`: path from the root to content. */
export async function generatedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const { project } = loadAndCheck(directoryFiles(root), new Date());
  if (project === undefined) throw new Error('the shipped configuration does not load; npx tandem validate says why');
  return new Map([
    ...reference(),
    ...pictureFiles(project),
    ...(await blueprintFiles(project)),
    ...alarmFiles(),
    ...policyFiles(),
    ...decisionFiles(root),
    ...dependencyFiles(root),
    ...errorFiles(root),
    ...(await commandFiles()),
    ...(await roomsFiles(root)),
    ...(await simulationFiles()),
  ]);
}
