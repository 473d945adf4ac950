import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { chooseLink } from '../../../lib/link/choose.ts';
import { LINK } from '../../lib/config/broken/links.ts';
import { minimal } from '../../lib/config/minimal.ts';

/** The link of the small configuration, with names. @param more lines of its file, such as `discovery: {}` */
export function smallLink(more = '') {
  const files: Record<string, string> = {
    ...minimal(),
    // AWS's own timers: what is measured has to be reached without shorter ones.
    'config/links/main.yaml': `${LINK}  timers: { keepaliveSeconds: 10, holdSeconds: 30 }\nnames: { zone: prod.internal.example.org }\n${more}\n`,
  };
  const cloud = 'config/clouds/north.yaml';
  files[cloud] = files[cloud]?.replace('dns:\n', 'dns:\n  nameServers: [10.2.0.53]\n') ?? '';
  const { project, problems } = loadProject(memoryFiles(files));
  if (project === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  const chosen = chooseLink(project);
  // Or nobody would answer for the cloud's names.
  if (chosen.cloud.value.dns.nameServers.length === 0) throw new Error('the small cloud tells no name servers');
  return chosen;
}
