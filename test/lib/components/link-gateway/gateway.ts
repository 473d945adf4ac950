import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, manifestOf } from '../../../../lib/bring-up/manifest.ts';
import { bringUpMetadata } from '../../../../lib/bring-up/metadata.ts';
import { PROGRAM } from '../../../../lib/bring-up/program.ts';
import { LINK_PROGRAM } from '../../../../lib/components/link-gateway/program.ts';
import {
  type GivenToGateway,
  linkGatewayMetadata,
  linkGatewaySoftware,
} from '../../../../lib/components/link-gateway/software.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import { LINK } from '../../config/broken/links.ts';
import { minimal } from '../../config/minimal.ts';

export const hasPython = spawnSync('python3', ['--version']).status === 0;

export const GIVEN: GivenToGateway = {
  address: '203.0.113.1',
  tunnelAddresses: ['198.51.100.11', '198.51.100.12'],
  resolverAddresses: ['10.3.0.10', '10.3.1.10'],
};
const servers = {
  gateway: [1, 2].map((index) => ({ name: `link-main-gateway-${index}`, address: `10.9.0.${index + 1}` })),
};

/** The gateways of the small configuration with one link. @param more lines of the link, or what replaces its text */
export function gatewaysOf(change: (link: string) => string = (link) => link, tenants?: string) {
  const files: Record<string, string> = { ...minimal(), 'config/links/main.yaml': change(LINK) };
  const cloud = 'config/clouds/north.yaml';
  if (tenants !== undefined) files[cloud] = files[cloud]?.replace('dev: {', `${tenants}\n  dev: {`) ?? '';
  const { project, problems } = loadProject(memoryFiles(files));
  const [link, north, prod] = [
    project?.links.get('main'),
    project?.clouds.get('north'),
    project?.environments.get('prod'),
  ];
  if (link === undefined || north === undefined || prod === undefined) throw new Error(JSON.stringify(problems));
  const software = linkGatewaySoftware(link, north, prod);
  const metadata = (index: 1 | 2, given: Partial<GivenToGateway> = {}) => ({
    ...bringUpMetadata(software, { index, name: `link-main-gateway-${index}`, volumes: {}, servers }),
    ...linkGatewayMetadata(link, index, { ...GIVEN, ...given }),
  });
  return { software, metadata, link };
}

/** The files of a gateway as they stand on it, and what its own program makes of their lists: the text by path. */
export function onGateway(
  { software, metadata }: Pick<ReturnType<typeof gatewaysOf>, 'software' | 'metadata'>,
  index: 1 | 2,
  given = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'link-gateway-'));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const root = join(folder, 'root');
    const manifest: Manifest = manifestOf(software);
    const whole = { name: `link-main-gateway-${index}`, availability_zone: 'first', meta: metadata(index, given) };
    const options = [
      write('bring-up', PROGRAM),
      '--manifest',
      write('manifest.json', JSON.stringify(manifest)),
      '--metadata',
      write('metadata.json', JSON.stringify(whole)),
    ];
    execFileSync('python3', [...options, 'render', '--root', root], { stdio: 'pipe' });
    python('render(settings(), "ens3")', { TANDEM_LINK_ROOT: root });
    return (path: string) => readFileSync(join(root, path), 'utf8');
  } finally {
    // Files are read lazily by tests of the same process: removed when it ends.
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
  }
}

/** What a piece of Python prints that has all functions of the program on a gateway. */
export function python(code: string, environment: Readonly<Record<string, string>> = {}): string {
  const whole = `${LINK_PROGRAM.replace(/if __name__ == [^]*$/, '')}\n${code}\n`;
  return execFileSync('python3', ['-c', whole], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, ...environment },
  });
}
