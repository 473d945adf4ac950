import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { formatProblem } from '../../../lib/config/diagnostic.ts';
import { fileError, memoryFiles } from '../../../lib/config/files.ts';
import { minimal, TODAY } from './minimal.ts';

const FOLDER = 'config/clouds/north.kolla';
const deployed = (more: Readonly<Record<string, string | Uint8Array>>) => {
  const files = minimal();
  const cloud = `${files['config/clouds/north.yaml'] ?? ''}\nkolla: { secrets: /etc/kolla/north }\n`;
  return { ...files, 'config/clouds/north.yaml': cloud, ...more };
};
const load = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const { problems, project } = loadAndCheck(memoryFiles(files), TODAY);
  return {
    project,
    lines: problems.filter(({ file }) => file.startsWith(FOLDER) || file.includes('.kolla')).map(formatProblem),
  };
};

describe('the folder of a cloud for Kolla-Ansible', () => {
  it('is read with the cloud, hidden files and notes left out', () => {
    const own = '[DEFAULT]\nadmin_password = {{ keystone_admin_password }}\n';
    const { project, lines } = load(
      deployed({
        [`${FOLDER}/nova.conf`]: own,
        [`${FOLDER}/haproxy/services.d/own.cfg`]: 'listen own\n',
        [`${FOLDER}/README.md`]: '# ours',
        [`${FOLDER}/.nova.conf.swp`]: 'x',
      }),
    );
    expect(lines).toEqual([]);
    expect(project?.clouds.get('north')?.value.ownFiles).toEqual({
      'haproxy/services.d/own.cfg': 'listen own\n',
      'nova.conf': own,
    });
  });

  it('fails as a file, and as a link to outside the project, which nobody would read', () => {
    expect(load(deployed({ [FOLDER]: 'x' })).lines).toEqual([expect.stringContaining('reads no file of this name')]);
    const files = memoryFiles(deployed({}));
    const list = (folder: string) => {
      if (folder === FOLDER) throw fileError('EOUTSIDE');
      return folder === 'config/clouds' ? [...files.list(folder), 'north.kolla'] : files.list(folder);
    };
    const { problems } = loadAndCheck({ ...files, list }, TODAY);
    expect(problems.map(formatProblem)).toEqual([expect.stringContaining('it is a symbolic link to outside')]);
  });

  it.each([
    [
      'a secret',
      'nova.conf',
      '[a]\n\ntransport_url = rabbit://nova:hunter2@queue:5672\n',
      'nova.conf:3:1: it has a password in a URL (not shown)',
    ],
    ['a private key', 'own.conf', '-----BEGIN PRIVATE KEY-----\n', 'own.conf:1:1: it has a private key (not shown)'],
    [
      'the name of a secret',
      'nova/ceph.client.nova.keyring',
      '[client]\n',
      'keyring:1:1: its name is that of a file with a secret; lay it into `config/` of the folder kolla.secrets',
    ],
    ['bytes', 'horizon/themes/acme/logo.png', new Uint8Array([0x89, 0xff]), 'logo.png:1:1: it is not UTF-8 text'],
    ['what nobody sees', 'nova.conf', 'a = 1\nb = \u202e2\n', 'nova.conf:2:1: it has an invisible character'],
    ['too much', 'nova.conf', '#'.repeat(300_000), 'it has more than 256 KiB'],
  ])('fails for %s', (_, path, content, line) => {
    const { lines, project } = load(deployed({ [`${FOLDER}/${path}`]: content }));
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(project?.clouds.get('north')?.value.ownFiles).toEqual({});
  });

  it('fails beside no cloud, and beside one that Kolla-Ansible does not deploy', () => {
    expect(load(deployed({ 'config/clouds/nort.kolla/nova.conf': '' })).lines).toEqual([
      'config/clouds/nort.kolla:1:1: it is the folder of files for Kolla-Ansible of a cloud "nort", and there is no nort.yaml; rename it to north.kolla',
    ]);
    expect(load({ ...minimal(), [`${FOLDER}/nova.conf`]: '' }).lines).toEqual([
      `${FOLDER}:1:1: Kolla-Ansible does not deploy cloud north: config/clouds/north.yaml has no \`kolla\`; add the section \`kolla\`, or remove the folder`,
    ]);
  });
});
