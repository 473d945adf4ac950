import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import { formatProblem } from '../../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { placedLeases } from '../../../../lib/config/placed-leases.ts';
import { blueprintOf, type Project } from '../../../../lib/config/project.ts';
import { minimal, TODAY } from '../minimal.ts';

const RING = `description: A ring
parameters:
  nodes: { type: integer, default: 3, minimum: 1, maximum: 5, description: Servers }
  size: { type: text, default: small, choices: [small, large], description: Flavor }
tiers:
  node:
    image: debian
    flavor: { parameter: size }
    count: { parameter: nodes }
    listens: [{ port: 7000, from: [node] }]
    loadBalancer: { port: 80, from: [node, office] }
    runs: [ring, agent]
`;
const USER = `description: Takes a ring
parameters:
  ring: { type: integer, default: 1, description: Servers }
parts:
  left: { blueprint: ring, parameters: { nodes: { parameter: ring } } }
  right: { blueprint: ring, parameters: { size: large } }
tiers:
  app:
    image: debian
    flavor: small
    runs:
      proxy: { clients: [office], backend: { tier: left-node } }
`;

function load(files: Readonly<Record<string, string>>) {
  return loadAndCheck(memoryFiles({ ...minimal(), ...files }), TODAY);
}

function projectOf(files: Readonly<Record<string, string>>): Project {
  const { project, problems } = load(files);
  expect(problems.map(formatProblem)).toEqual([]);
  if (project === undefined) throw new Error('no project');
  return project;
}

const both = { 'config/blueprints/ring.yaml': RING, 'config/blueprints/user.yaml': USER };

describe('a blueprint with parts', () => {
  const user = projectOf(both).blueprints.get('user');

  it("has its parts' tiers after its own, with the values that it gives", () => {
    const tiers = Object.entries(user?.value.tiers ?? {}).map(([name, { count, flavor }]) => [name, count, flavor]);
    expect(tiers).toEqual([
      ['app', 1, 'small'],
      ['left-node', 1, 'small'],
      ['right-node', 3, 'large'],
    ]);
  });

  it('calls them by their names there, wherever a tier is named', () => {
    const node = user?.value.tiers['left-node'];
    expect(node?.listens[0]?.from).toEqual(['left-node']);
    expect(node?.loadBalancer?.from).toEqual(['left-node', 'office']);
    expect(user?.value.tiers['app']?.runs['proxy']).toEqual({ clients: ['office'], backend: { tier: 'left-node' } });
  });

  it('takes a list of components for the map that it stands for', () => {
    expect(user?.value.tiers['right-node']?.runs).toEqual({ agent: { clients: [] }, ring: { clients: [] } });
  });

  it('knows where each value is written', () => {
    const { file, line } = user?.origin.at('tiers', 'right-node', 'count').position ?? {};
    expect([file, line]).toEqual(['config/blueprints/ring.yaml', 9]);
    // A value that another blueprint chose is where it was chosen.
    expect(user?.origin.at('tiers', 'right-node', 'flavor').position.line).toBe(6);
    expect(user?.origin.at('tiers').at('app', 'flavor').position.line).toBe(10);
    expect(user?.origin.files).toEqual(['config/blueprints/user.yaml', 'config/blueprints/ring.yaml']);
  });
});

describe('a lease with parameters', () => {
  const alice = minimal()['config/dev/alice.yaml'] ?? '';
  const leased = (parameters: string) => alice.replace('blueprint: app', `blueprint: user\nparameters: ${parameters}`);

  it('has a blueprint of its own, and what it takes is counted from that', () => {
    const project = projectOf({ ...both, 'config/dev/alice.yaml': leased('{ ring: 2 }') });
    const lease = project.leases.get('alice');
    if (lease === undefined) throw new Error('no lease');
    expect(blueprintOf(project, lease)?.value.tiers['left-node']?.count).toBe(2);
    expect(project.blueprints.get('user')?.value.tiers['left-node']?.count).toBe(1);
    expect(placedLeases(project).find((each) => each.lease === lease)?.demand.instances).toBe(1 + 2 + 3);
  });

  it.each([
    ['{ rings: 2 }', 'parameters.rings: got "rings"; there is no such parameter in blueprint user; write ring'],
    ['{ ring: many }', 'parameters.ring: got "many"; the parameter is a whole number; write a whole number'],
    ['{ ring: 2.5 }', 'parameters.ring: got 2.5; the parameter is a whole number; write a whole number'],
  ])('fails for %s', (parameters, said) => {
    const { problems } = load({ ...both, 'config/dev/alice.yaml': leased(parameters) });
    expect(problems.map(formatProblem)).toEqual([expect.stringMatching(/^config\/dev\/alice.yaml:\d+:\d+ /)]);
    expect(problems.map(formatProblem)[0]).toContain(said);
  });

  it('fails where a value that it gives a part is none of its choices, in the blueprint that says so', () => {
    const huge = USER.replace('size: large', 'size: huge');
    const { problems } = load({ ...both, 'config/blueprints/user.yaml': huge });
    expect(problems.map(formatProblem)).toEqual([
      'config/blueprints/user.yaml:6:49 parts.right.parameters.size: got "huge"; it is none of the choices of the parameter; write one of small, large',
    ]);
  });
});
