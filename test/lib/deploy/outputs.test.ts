import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { outputsOf } from '../../../lib/deploy/outputs.ts';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import { minimal, TODAY } from '../config/minimal.ts';

const { project } = loadAndCheck(memoryFiles(minimal()), TODAY);
if (project === undefined) throw new Error('the minimal configuration does not load');
const ports = { records: { list: async () => [] } } as unknown as DeployPorts;
const outputs = (selector: string) =>
  outputsOf(ports, project, selector, { signal: new AbortController().signal, parallelism: 1 });

describe('outputs', () => {
  it('fails for what is no stack, without advice to deploy it', async () => {
    await expect(outputs('nonsense')).rejects.toMatchObject({ code: 'no-such-stack' });
  });

  it('fails for a stack that was never deployed, with how to deploy it', async () => {
    await expect(outputs('openstack/north/base')).rejects.toMatchObject({
      code: 'not-deployed',
      next: expect.stringContaining('`tandem deploy openstack/north/base`'),
    });
  });
});
