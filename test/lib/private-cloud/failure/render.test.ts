import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type Failure, findParts } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { renderFailures } from '../../../../lib/private-cloud/failure/render.ts';
import { reportFailures } from '../../../../lib/private-cloud/failure/report.ts';
import { placeLeases } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris, project } from './clouds.ts';

const topology = topologyOf('paris', paris);
const inputs = { model: compile(paris, topology), placement: placeLeases(project, 'paris') };
const colors = pc.createColors(false);
const all = reportFailures(inputs, { pairs: true });
const off = (...names: string[]): string => {
  const failure: Failure = names.flatMap((name) => findParts(topology, name));
  const report = reportFailures(inputs, { failures: [failure], pairs: false });
  return renderFailures(report, { colors, all: false, details: true });
};

describe('the table', () => {
  const lines = renderFailures({ ...all, pairs: null }, { colors, all: false, details: false }).split('\n');

  it('begins with what stops most, and puts hosts that are alike into one line', () => {
    expect(lines[2]).toMatch(/^plane internal +all \d+ on plane internal \+1 that need them +down +down +down +down/);
    expect(lines.filter((line) => line.startsWith('host queue-'))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/host queue-a-1 and 2 like it +- +- +- +- +5\.5/);
  });

  it('keeps what takes nothing away to one line, and lists it on demand', () => {
    expect(lines.join('\n')).toContain('These failures stop nothing: switch tor-a1, ');
    const each = renderFailures({ ...all, pairs: null }, { colors, all: true, details: false });
    expect(each.split('\n').filter((line) => /^(host|switch) /.test(line))).toHaveLength(
      topology.hosts.length + topology.switches.length,
    );
  });

  it('counts pairs, and names what neither part stops alone', () => {
    const text = renderFailures(all, { colors, all: false, details: false });
    expect(text).toContain('rack b and host queue-a-1 and others like it: rabbitmq, nova-api');
    const parts = topology.hosts.length + topology.racks.length + topology.planes.length + 3 + 6;
    expect(text).toContain(`${(parts * (parts - 1)) / 2} pairs of failures; `);
  });
});

describe('one failure', () => {
  it('is told with why each service is down', () => {
    const text = off('queue-a-1', 'queue-b-1');
    expect(text).toMatch(/down {2}rabbitmq +no majority\n/);
    expect(text).toMatch(/down {2}nova-api +needs rabbitmq\n/);
  });

  it('is told with every gap as the sum that it is, and by the place of the leader', () => {
    const text = off('rack/b');
    expect(text).toMatch(
      /outage +5\.5 s {2}rabbitmq \(at most 9\.5 s, 1\.0 s if another host leads\)\n +4\.0 s \(net_ticktime 4 s\) \+ /,
    );
    expect(text).toContain('does not fit, no host is left in zone rack-b: ');
  });

  it('says in words what lost a member, who must act for servers that stop, and which hang', () => {
    expect(off('control-b-1')).toMatch(/no outage: .*valkey lost one of three/);
    expect(off('compute-b-1')).toMatch(
      /stop; other hosts have room for \d+\n +they need an operator or Masakari to move, once what failed is fenced/,
    );
    expect(off('plane/storage')).toMatch(/servers: (\d+) of \1 hang on hosts that are up/);
  });
});
