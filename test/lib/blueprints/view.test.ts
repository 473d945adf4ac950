import { describe, expect, it } from 'vitest';
import { dotOf } from '../../../lib/blueprints/dot.ts';
import { pageOf } from '../../../lib/blueprints/page.ts';
import { type BlueprintView, viewOf } from '../../../lib/blueprints/view.ts';
import { checked, GEARMAN } from '../components/project.ts';

const YAML = `description: "Jobs | and <those> who do them"
parameters:
  brokers: { type: integer, default: 3, minimum: 1, description: Brokers }
  release: { type: text, default: '', description: Archive }
ssh: { tier: way, from: [office] }
tiers:
  way: { image: debian, flavor: small, floatingAddress: true }
  web:
    image: debian
    flavor: small
    count: 3
    loadBalancer: { port: 443, from: [office] }
  broker:
    image: debian
    flavor: small
    count: { parameter: brokers }
    survives: server
    runs: { gearman: { clients: [web, doer] } }
    volumes: { data: { sizeGiB: 10 } }
  doer: { image: debian, flavor: small, count: 2, placement: any, listens: [{ port: 80, from: [doer, web] }] }
  none: { image: debian, flavor: small, count: 0 }
`;

function view(quorum: 'none' | 'majority'): BlueprintView {
  const component = `${GEARMAN['components/custom/gearman/component.yaml'] ?? ''}quorum: ${quorum}\n`;
  const { project, problems } = checked({
    ...GEARMAN,
    'components/custom/gearman/component.yaml': component,
    'config/blueprints/jobs.yaml': YAML,
  });
  const [blueprint, cloud] = [project?.blueprints.get('jobs'), project?.clouds.get('north')];
  if (project === undefined || blueprint === undefined || cloud === undefined) throw new Error(problems.join('\n'));
  return viewOf(project, blueprint, cloud);
}

const jobs = view('majority');
const survivals = (of: BlueprintView) =>
  Object.fromEntries(of.tiers.map(({ name, survival: { lost, left, serves } }) => [name, [lost, left, serves]]));

describe('the loss of a zone', () => {
  it('takes the largest share of a spread tier, and all of one that may stand anywhere', () => {
    // North has two zones.
    expect(survivals(jobs)).toEqual({
      way: [1, 0, 'no'],
      web: [2, 1, 'yes'],
      broker: [2, 1, 'no'],
      doer: [2, 0, 'no'],
      none: [0, 0, 'yes'],
    });
  });

  it('leaves a program that needs no majority with what is left', () => {
    expect(survivals(view('none'))['broker']).toEqual([2, 1, 'in part']);
  });

  it('is told in a sentence', () => {
    expect(jobs.tiers.map(({ survival }) => survival.says)).toEqual([
      'its server may be gone until the zone is back',
      'the balancer sends everybody to the 1 of 3 that are left',
      'Gearman takes no writes until the zone is back: 1 of 3 are left, and 2 are needed',
      'all its servers may be gone until the zone is back',
      'it has no servers',
    ]);
  });
});

describe('a blueprint', () => {
  it('says which ports are open to whom, those of its programs among them', () => {
    expect(jobs.tiers.find(({ name }) => name === 'broker')?.ports).toEqual([
      { port: '4730', protocol: 'tcp', from: ['web', 'doer'], name: 'jobs' },
    ]);
    expect(jobs.tiers[0]?.ports).toEqual([{ port: '22', protocol: 'tcp', from: ['office'], name: 'ssh' }]);
  });

  it('says what it needs', () => {
    expect(jobs.need).toMatchObject({ servers: 9, volumeGiB: 30, loadBalancers: 1, floatingAddresses: 1 });
  });

  it('has a page of whole tables, in which its own text stays text', () => {
    const page = pageOf(jobs, 'jobs.svg');
    expect(page).toContain('| `release` | text |  | Archive. |');
    expect(page).toContain('Jobs \\| and &lt;those> who do them.');
    expect(page).toContain('| `brokers` | integer from 1 | `3` | Brokers. |');
    expect(page).toContain('It was not run: its settings were checked alone.');
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    const widths = rows.map((row) => row.replaceAll('\\|', '').split('|').length - 2);
    expect(new Set(widths)).toEqual(new Set([3, 4, 6]));
  });

  it('keeps values of its parameters in their cells', () => {
    const [brokers] = jobs.parameters;
    const hostile = { ...brokers!, choices: ['a|b', '`c`\nd'], default: '<script>|`' };
    expect(pageOf({ ...jobs, parameters: [hostile] }, 'jobs.svg')).toContain(
      '| `brokers` | `a\\|b`, `` `c` d `` | `` <script>\\|` `` | Brokers. |',
    );
  });

  it('has an arrow from whoever connects, and none from a tier to itself', () => {
    const arrows = [...dotOf(jobs).matchAll(/^ {2}"([\w-]+)" -> "([\w-]+)" \[label="([^"]+)"\]/gm)].map((found) =>
      found.slice(1).join(' '),
    );
    expect(arrows.sort()).toEqual([
      'doer broker 4730',
      'office way 22',
      'office web 443',
      'web broker 4730',
      'web doer 80',
    ]);
  });
});
