import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../lib/blueprints/view.ts';
import { loadChecked } from '../../../lib/private-cloud/checks/load-checked.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { configured } from '../../configured.ts';
import { LINK } from '../config/broken/links.ts';
import { minimal, TODAY } from '../config/minimal.ts';
import { blueprint, checked, GEARMAN } from './project.ts';

const QUORUM = {
  ...GEARMAN,
  'components/custom/gearman/component.yaml': `${GEARMAN['components/custom/gearman/component.yaml'] ?? ''}quorum: majority\n`,
};

describe('components of a tier', () => {
  it('may be the project’s own, with settings of their own', () => {
    expect(
      checked({ ...GEARMAN, ...blueprint('runs: { gearman: { threads: 8, clients: [office] } }') }).problems,
    ).toEqual([]);
  });

  it.each([
    ['runs: [germane]', ':7:5 tiers.node.runs.germane: got "germane"; there is no such component'],
    [
      'runs: { gearman: { threds: 8 } }',
      ':7:24 tiers.node.runs.gearman.threds: got "threds"; there is no such key here; write threads',
    ],
    ['runs: { gearman: { threads: 80 } }', ':7:33 tiers.node.runs.gearman.threads: got 80; '],
    [
      'runs: { gearman: { clients: [offices] } }',
      ':7:34 tiers.node.runs.gearman.clients[0]: got "offices"; there is no such peer',
    ],
  ])('fail for %s', (tier, said) => {
    const { problems } = checked({ ...GEARMAN, ...blueprint(tier) });
    expect(problems).toEqual([expect.stringContaining(`config/blueprints/trial.yaml${said}`)]);
  });

  it('fail where a file of theirs is not there', () => {
    const { 'components/custom/gearman/files/default': _, ...rest } = GEARMAN;
    expect(checked(rest).problems).toEqual([
      expect.stringMatching(
        /^components\/custom\/gearman\/component\.yaml:\d+:\d+ files\[0\]\.from: got "files\/default"; there is no such file/,
      ),
    ]);
  });

  it('fail where one needs more memory than the flavor has', () => {
    const large = GEARMAN['components/custom/gearman/component.yaml']?.replace('MiB: 512', 'MiB: 999999') ?? '';
    const files = { ...GEARMAN, 'components/custom/gearman/component.yaml': large, ...blueprint('runs: [gearman]') };
    expect(checked(files).problems).toEqual([
      expect.stringMatching(
        /trial\.yaml:5:13 tiers\.node\.flavor: got a flavor of \d+ MiB; Gearman needs 999999 MiB; write a larger flavor$/,
      ),
    ]);
  });
});

describe('agents that ask for the discovery of a link', () => {
  const leased = 'config/blueprints/trial.yaml';
  const trial = (more: string) => {
    const shown = blueprint('runs: { consul-agent: { servers: link } }', { count: 1 });
    const text = shown[leased] ?? '';
    return { [leased]: `${more}${text}` };
  };
  const link = (more = '') => ({ 'config/links/main.yaml': `${LINK}${more}` });
  const own = ({ problems }: ReturnType<typeof checked>) => problems.filter((each) => each.includes('servers'));

  it('are fine where the blueprint and the link of its cloud say so', () => {
    expect(own(checked({ ...trial('link: true\n'), ...link('discovery: {}\n') }))).toEqual([]);
  });

  it('fail in a blueprint that is joined to nothing', () => {
    expect(own(checked({ ...trial(''), ...link('discovery: {}\n') }))).toEqual([
      `${leased}:7:38 tiers.node.runs.consul-agent.servers: got link; the network of the blueprint is joined to none, for it does not say \`link: true\`; write link: true into the blueprint, or name a tier of its own`,
    ]);
  });

  it('fail where the link has none', () => {
    expect(own(checked({ ...trial('link: true\n'), ...link() }))).toEqual([
      `${leased}:8:38 tiers.node.runs.consul-agent.servers: got link; link main of cloud north has no servers of Consul; write \`discovery: {}\` into config/links/main.yaml, or name a tier`,
    ]);
  });
});

describe('programs that decide by majority', () => {
  const said = (options: { count?: number }, more = '') =>
    checked({ ...QUORUM, ...blueprint(`${more}runs: [gearman]`, options) }).problems;

  it('have an odd number of members', () => {
    expect(said({ count: 4 }, 'survives: server\n')).toEqual([
      expect.stringContaining('trial.yaml:6:12 tiers.node.count: got 4; Gearman decides by majority'),
    ]);
  });

  it('fail where a zone holds so many that the others cannot go on without it', () => {
    expect(said({ count: 3 })).toEqual([expect.stringMatching(/tiers\.node\.count: got 3; .* survives: server/)]);
  });

  it('may say that they survive a server only', () => {
    expect(said({ count: 3 }, 'survives: server\n')).toEqual([]);
  });

  it('promise nothing with a single member', () => {
    expect(said({ count: 1 })).toEqual([]);
  });

  it('go by the members that vote: seven of twelve, two or three of them in each of three zones', () => {
    const tier = 'image: debian-12, flavor: medium, count: 12, volumes: { data: { sizeGiB: 10 } }, runs: [mongodb]';
    const file = `description: Documents\ntiers:\n  documents: { ${tier} }\n`;
    const shipped = configured(CODE_ROOT, [], { 'config/blueprints/documents.yaml': file });
    const { project, problems } = loadChecked(shipped, TODAY);
    expect(problems.filter((each) => each.file.endsWith('documents.yaml'))).toEqual([]);
    const [blueprint, lab] = [project?.blueprints.get('documents'), project?.clouds.get('lab')];
    if (project === undefined || blueprint === undefined || lab === undefined) throw new Error('it did not load');
    expect(viewOf(project, blueprint, lab).tiers[0]?.survival).toMatchObject({ lost: 4, left: 8, serves: 'yes' });
  });
});

describe('programs with secrets', () => {
  const NORTH = 'config/clouds/north.yaml';
  const said = (cloud: string) => checked({ ...blueprint('runs: [redis]', { count: 1 }), [NORTH]: cloud }).problems;
  const north = minimal()[NORTH] ?? '';

  it('run where the cloud hands servers their secrets', () => {
    expect(said(north)).toEqual([]);
  });

  it('fail where it does not', () => {
    const silent = north.replace(/^bootSecrets: .*\n/m, '');
    expect(silent).not.toBe(north);
    expect(said(silent)).toEqual([
      'config/blueprints/trial.yaml:7:5 tiers.node.runs.redis: got redis; Redis needs secrets, and cloud north, the default, does not say how its servers get them; write bootSecrets: { service: barbican } in config/clouds/north.yaml, or let it name a Vault',
    ]);
  });
});
