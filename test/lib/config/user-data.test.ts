import { describe, expect, it } from 'vitest';
import { type ConfigFiles, memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { Origin } from '../../../lib/config/origin.ts';
import { readComponents, readTexts } from '../../../lib/config/own-components.ts';

const tandem = `organisation: { name: acme, contact: cloud@acme.example.org }
defaultCloud: paris
`;
const blueprint = `description: One tier
tiers:
  web: { image: debian-12, flavor: small, userData: cloud-init/web.sh }
`;

function load(more: Record<string, string | Uint8Array>): ReturnType<typeof loadProject> {
  const files: ConfigFiles = memoryFiles({
    'config/tandem.yaml': tandem,
    'config/blueprints/di.yaml': blueprint,
    ...more,
  });
  return loadProject(files);
}

describe('user data of a blueprint', () => {
  it('is read as it is', () => {
    const { project } = load({ 'cloud-init/web.sh': '#!/bin/sh\necho $HOME\n' });
    expect(project?.userData?.get('cloud-init/web.sh')).toBe('#!/bin/sh\necho $HOME\n');
  });

  it.each([
    ['is missing', {}, 'there is no such file'],
    ['is too large', { 'cloud-init/web.sh': 'x'.repeat(41 * 1024) }, 'it has 41 KiB, and user data has at most 40 KiB'],
    ['is no text', { 'cloud-init/web.sh': new Uint8Array([0xff, 0x00]) }, 'not UTF-8'],
  ])('fails where the file %s', (_, files, message) => {
    const [problem] = load(files).problems;
    expect(problem).toMatchObject({ file: 'config/blueprints/di.yaml', line: 3, path: 'tiers.web.userData' });
    expect(problem?.message).toContain(message);
  });
});

describe('a file of an own component', () => {
  it('is looked for in the folder of the component, and the advice says so', () => {
    const files = memoryFiles({ 'components/custom/probe/component.yaml': 'files: [{ from: probe.sh }]\n' });
    const layers = [...readComponents(files).layers.values()];
    const [problem] = readTexts(files, 'probe', [{ from: 'probe.sh' }], new Origin(layers)).problems;
    expect(problem?.fix).toBe('write the file, or correct the path; it is relative to components/custom/probe/');
  });
});
