import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkGateway } from '../../../lib/components/link-gateway/component.ts';
import { linkGatewaySoftware } from '../../../lib/components/link-gateway/software.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { type LinkZone, linkZones } from '../../../lib/config/link/zones.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { linkSchema } from '../../../lib/config/schema/link.ts';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { appWith, linkInputsOf } from '../../stacks/aws/environments.ts';
import { outputFolder } from '../../stacks/folders.ts';

const { project } = loadProject(directoryFiles(process.cwd()));
const [cloud, environment, shipped] = [
  project?.clouds.get('paris'),
  project?.environments.get('prod'),
  project?.links.get('main'),
];
if (cloud === undefined || environment === undefined || shipped === undefined) throw new Error('no shipped link');

const inputs = fc.record({
  nameServers: fc.subarray(['10.2.0.53', '10.2.0.54']),
  names: fc.option(fc.constantFrom('prod.acme.example.org', 'aws.dev.acme.example.org', 'example.org')),
  discovery: fc.option(fc.constantFrom(3, 5)),
});

/** A link with names and discovery, or without, of a cloud that tells name servers, or none. */
function linkOf(names: string | null, servers: number | null) {
  const { names: _, discovery: __, ...value } = shipped?.value ?? {};
  const asked = {
    ...(names === null ? {} : { names: { zone: names } }),
    ...(servers === null ? {} : { discovery: { servers } }),
  };
  return { kind: 'link' as const, name: 'main', value: linkSchema.parse({ ...value, ...asked }) };
}

describe('the zones of a link', () => {
  it('have one side each that answers, which never asks the other one', () => {
    const clouds = { dns: cloud.value.dns };
    fc.assert(
      fc.property(inputs, ({ nameServers, names, discovery }) => {
        const zones = linkZones(linkOf(names, discovery), { dns: { ...clouds.dns, nameServers } });
        expect(new Set(zones.map(({ zone }) => zone)).size).toBe(zones.length);
        for (const { kind, inCloud, inEnvironment } of zones)
          expect([inCloud === 'resolver', inEnvironment === 'itself']).toEqual(
            kind === 'environment' ? [true, true] : [false, false],
          );
        expect(zones.map(({ kind }) => kind)).toEqual([
          ...(nameServers.length === 0 ? [] : ['cloud']),
          ...(names === null ? [] : ['environment']),
          ...(discovery === null ? [] : ['consul']),
        ]);
      }),
    );
  });

  it('are those that the gateways are told of', () => {
    fc.assert(
      fc.property(inputs, ({ nameServers, names, discovery }) => {
        const link = linkOf(names, discovery);
        const site = { ...cloud, value: { ...cloud.value, dns: { ...cloud.value.dns, nameServers } } };
        const software = linkGatewaySoftware(link, site, environment);
        const settings = linkGateway.settings.parse(software.runs[0]?.settings);
        const zones = linkZones(link, site.value);
        const find = (kind: LinkZone['kind']) => zones.find((each) => each.kind === kind);
        expect([settings.cloudZone, settings.environmentZone]).toEqual([
          find('cloud')?.zone,
          find('environment')?.zone,
        ]);
        expect([settings.nameServers, settings.consul]).toEqual([
          find('cloud')?.inCloud ?? [],
          find('consul')?.inCloud ?? [],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('are forwarded by Route 53 to the gateways, but for its own', () => {
    const own = linkInputsOf('most');
    const stack = new LinkStack(appWith({ outdir: outputFolder(), builtinCloudFormationValidation: false }), own);
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Route53Resolver::ResolverRule'));
    const seen = rules.map(({ Properties }) => Properties as { DomainName: string; TargetIps: { Ip: string }[] });
    const expected = own.zones.filter(({ inEnvironment }) => inEnvironment !== 'itself');
    expect(expected.map(({ zone }) => zone)).toEqual(['paris.acme.example.org', 'consul']);
    expect(seen.map(({ DomainName, TargetIps }) => [DomainName, TargetIps.map(({ Ip }) => Ip)]).sort()).toEqual(
      expected.map(({ zone, inEnvironment }) => [zone, inEnvironment]).sort(),
    );
  });
});
