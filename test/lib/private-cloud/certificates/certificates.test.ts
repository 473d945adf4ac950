import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../../../lib/private-cloud/certificates/inspect.ts';
import { refusals } from '../../../../lib/private-cloud/certificates/overlap.ts';
import { readPem } from '../../../../lib/private-cloud/certificates/pem.ts';
import { planRotation } from '../../../../lib/private-cloud/certificates/rotate.ts';
import { certificateUses } from '../../../../lib/private-cloud/certificates/uses.ts';
import { type Made, makeCertificate, withTls } from './make-certificates.ts';

let folder: string;
let root: Made;
let middle: Made;
let leaf: Made;
let later: Made;
let foreign: Made;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-certificates-'));
  root = makeCertificate(folder, 'root', { isAuthority: true, days: 3650 });
  middle = makeCertificate(folder, 'middle', { isAuthority: true, by: root, days: 1000 });
  leaf = makeCertificate(folder, 'api', { names: ['api.example.org', '192.0.2.10'], by: middle, days: 40 });
  later = makeCertificate(folder, 'api', { names: ['api.example.org', '*.example.org'], by: middle, days: 400 });
  foreign = makeCertificate(folder, 'api', { names: ['api.example.org'], days: 400 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY = 86_400_000;
const names = ['api.example.org'];
const bundle = (own: Made, chain: readonly Made[] = [middle], key = own.key) =>
  readPem([own.certificate, ...chain.map(({ certificate }) => certificate), key].join('\n'));
const trusted = () => readPem(root.certificate).certificates;
const look = (content: ReturnType<typeof readPem>, after = 0, wanted: readonly string[] = names) =>
  inspect(content, { names: wanted, needsKey: true, trusted: trusted() }, new Date(Date.now() + after), 30);

describe('a certificate', () => {
  it('is good with its chain, its key and its names', () => {
    const report = look(bundle(leaf), 0, ['api.example.org', '192.0.2.10']);
    expect(report).toMatchObject({ state: 'good', subject: 'CN=api', issuer: 'CN=middle', problems: [] });
    expect(report.daysLeft).toBeGreaterThanOrEqual(39);
    expect(report.names).toEqual(['api.example.org', '192.0.2.10']);
    expect(report.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(look(bundle(later), 0, ['other.example.org']).state).toBe('good');
  });

  it('is told before it ends, and once it has', () => {
    expect(look(bundle(leaf), 12 * DAY).state).toBe('soon');
    const over = look(bundle(leaf), 50 * DAY);
    expect(over.state).toBe('expired');
    expect(over.daysLeft).toBeLessThan(0);
    // An authority between that ends first ends the chain.
    expect(look(bundle(makeCertificate(folder, 'x', { names, by: middle, days: 2000 })), 990 * DAY).state).toBe('soon');
  });

  it.each([
    ['without its key', () => bundle(leaf, [middle], ''), 'its private key is not there'],
    ['with another key', () => bundle(leaf, [middle], later.key), 'the private key belongs to another certificate'],
    ['without the authority between', () => bundle(leaf, []), 'it was signed by CN=middle, whom neither'],
    ['with its chain in another order', () => bundle(middle, [leaf]), 'was not signed by the next in the file'],
    ['of nobody that is trusted', () => bundle(foreign, []), 'it was signed by CN=api, whom neither'],
    ['that is none', () => readPem('hello'), 'there is no certificate that can be read in it'],
  ])('fails %s', (_, content, problem) => {
    const report = look(content());
    expect(report.state).toBe('broken');
    expect(report.problems.join('; ')).toContain(problem);
  });

  it('that ansible-vault encrypted is neither good nor broken: nobody knows its end', () => {
    const vaulted = '$ANSIBLE_VAULT;1.1;AES256\n6162\n';
    expect(look(readPem(vaulted))).toMatchObject({ state: 'encrypted', problems: [], notAfter: null });
    // Its key alone: all but whether they belong together is known.
    expect(look(bundle(leaf, [middle], vaulted))).toMatchObject({ state: 'good', problems: [] });
    expect(look(bundle(leaf, [middle], vaulted), 50 * DAY).state).toBe('expired');
  });

  it('fails for a name that it lacks, and for a block that cannot be read', () => {
    expect(look(bundle(leaf), 0, ['api.example.com']).problems).toEqual(['it does not carry api.example.com']);
    const cut = readPem(
      `${leaf.certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${leaf.key}`,
    );
    expect(look(cut).problems[0]).toBe('block CERTIFICATE 2 cannot be read');
  });
});

describe('a new certificate', () => {
  const use = { ...certificateUses('cloud', withTls())[0], names } as ReturnType<typeof certificateUses>[number];
  const judge = (fresh: ReturnType<typeof readPem>, old = bundle(leaf)) =>
    refusals(use, fresh, old, trusted(), new Date());

  it('fails where ansible-vault encrypted it or its key', () => {
    const vaulted = bundle(later, [middle], '$ANSIBLE_VAULT;1.1;AES256\n6162\n');
    expect(judge(vaulted)).toEqual([expect.stringContaining('it is encrypted by ansible-vault')]);
    expect(judge(bundle(later), readPem('$ANSIBLE_VAULT;1.1;AES256\n6162\n'))).toEqual([]);
  });

  it('takes the place of the old one where everybody trusts it already and it ends later', () => {
    expect(judge(bundle(later))).toEqual([]);
    // As an interrupted rotation finds it.
    expect(judge(bundle(later), bundle(later))).toEqual([]);
  });

  it('fails to where its authority is new, it ends earlier, or lacks a name', () => {
    expect(judge(bundle(foreign, []))).toEqual([expect.stringContaining('whom neither certificates/ca')]);
    expect(judge(bundle(leaf), bundle(later))).toEqual([expect.stringContaining('no later than the old one')]);
    const nameless = makeCertificate(folder, 'api', { names: ['x.example.org'], by: middle, days: 400 });
    expect(judge(bundle(nameless))).toEqual(['it does not carry api.example.org']);
  });
});

describe('planning a rotation', () => {
  const cloud = withTls();
  const uses = certificateUses('cloud', cloud);
  const hosts = ['control-a-1', 'control-b-1', 'control-c-1'];
  const plan = (own = uses, holder: string | undefined = 'control-a-1') =>
    planRotation({ uses: own, hostsOf: () => hosts, holder, engine: 'docker' });

  it('brings it to one balancer after the other, and to the holder of the VIP last', () => {
    const steps = plan(uses.filter(({ name }) => name === 'haproxy-internal'));
    const own = ['control-b-1', 'control-c-1', 'control-a-1'].map((host) => `loadbalancer reload ${host}`);
    expect(steps.map(({ key }) => key)).toEqual(['place', ...own, 'meet']);
    expect(steps.every(({ unavailable }) => unavailable.length === 0)).toBe(true);
    const [, first] = steps;
    expect(
      first?.actions.map((each) =>
        each.kind === 'play' ? each.play.verb : each.kind === 'command' ? each.command.argv[0] : '',
      ),
    ).toEqual(['genconfig', 'sudo', 'haproxy', 'docker']);
  });

  it('says what a restart interrupts', () => {
    const steps = plan(uses.filter(({ name }) => name === 'proxysql'));
    expect(steps.at(-1)?.key).toBe('loadbalancer restart control-a-1');
    expect(steps.at(-1)?.unavailable[0]).toContain('until keepalived has moved the VIP');
    expect(steps[1]?.actions).toMatchObject([{ kind: 'play', play: { verb: 'reconfigure', limit: ['control-b-1'] } }]);
  });

  it('lets brokers read theirs again', () => {
    const { kolla } = cloud;
    const value = { ...cloud, kolla: kolla && { ...kolla, globals: { rabbitmq_enable_tls: true } } };
    const steps = plan(certificateUses('cloud', value).filter(({ name }) => name === 'rabbitmq'));
    const [, first] = steps;
    expect(first?.actions.at(-1)).toMatchObject({
      command: { argv: ['rabbitmqctl', 'eval', 'ssl:clear_pem_cache().'] },
    });
  });

  it('knows what the settings ask for', () => {
    expect(uses.map(({ name, file, renewal }) => [name, file, renewal])).toEqual([
      ['haproxy', 'certificates/haproxy.pem', 'reload'],
      ['haproxy-internal', 'certificates/haproxy-internal.pem', 'reload'],
      ['proxysql', 'certificates/proxysql-cert.pem', 'restart'],
    ]);
    expect(uses[1]).toMatchObject({ names: ['internal.cloud.example.org'], endpoint: { address: '10.10.0.250' } });
    expect(uses[2]?.keyFile).toBe('certificates/proxysql-key.pem');
    const { vips } = cloud;
    const off = { ...cloud, vips: vips && { ...vips, tls: { ...vips.tls, internal: false, external: false } } };
    expect(certificateUses('cloud', off)).toEqual([]);
  });
});
