import { describe, expect, it } from 'vitest';
import type { Project } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { availabilityOf } from '../../../../lib/private-cloud/failure/line.ts';
import { paris, project } from './clouds.ts';

function withParis(change: Partial<Cloud>): Project {
  const entity = project.clouds.get('paris');
  if (entity === undefined) throw new Error('the shipped configuration has no cloud paris');
  return { ...project, clouds: new Map([...project.clouds, ['paris', { ...entity, value: { ...paris, ...change } }]]) };
}

describe('the line for a review', () => {
  it('says what the worst rack would take along', () => {
    const [{ text: line } = { text: '' }] = availabilityOf(project, ['paris']);
    expect(line).toMatch(
      /^paris: if rack a fails: prometheus is down, 25 servers of 5 leases \(anna, bruno, demo, link-main and 1 more\) wait/,
    );
    expect(line).toMatch(/; predicted API outage \d\.\d s$/);
  });

  it('says leases that move where one zone spans the racks, and names those that do not fit', () => {
    const one = { all: { racks: ['a', 'b', 'c'] } };
    const [roomy] = availabilityOf(withParis({ zones: one }), ['paris']);
    expect(roomy?.text).toMatch(/, servers of \d leases? need an operator or Masakari to move, no server lacks room;/);
    const tight = { ...paris.hardware, compute: { vcpus: 8, memoryGiB: 28, diskGiB: 640, reservedMemoryGiB: 4 } };
    const [cramped] = availabilityOf(withParis({ zones: one, hardware: tight }), ['paris']);
    expect(cramped?.text).toMatch(/\d+ servers? of \d leases? \([a-z, ]+\) do(es)? not fit/);
  });

  it('prefers what was measured', () => {
    expect(availabilityOf(project, ['paris'], 3.14)[0]?.text).toMatch(/; measured API outage 3\.1 s$/);
  });

  it('is silent about a cloud that promises nothing, or that is configured no longer', () => {
    expect(availabilityOf(project, ['lab', 'gone'])).toEqual([]);
  });
});
