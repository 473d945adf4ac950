import { describe } from 'vitest';
import { cloudApiContract } from './cloud-api.contract.ts';
import { FakeCloud, resource } from './fake-cloud.ts';

describe('the fake cloud', () => {
  const cloud = new FakeCloud();
  const project = { id: 'p-1', name: 'contract', tags: [], description: '', enabled: true };
  cloud.all.push(project);
  cloud.resources.push(resource('network', 'p-1'), resource('volume', 'p-1'), resource('volume-snapshot', 'p-1'));
  cloud.resources.push(resource('network', 'p-2'));
  cloudApiContract(() => Promise.resolve({ cloud, projectId: project.id, projectName: project.name }));
});
