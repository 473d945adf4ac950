import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCloud } from '../../../../lib/private-cloud/diagram/draw.ts';
import { escapeXml, fit } from '../../../../lib/private-cloud/diagram/svg.ts';
import { findParts } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { placeLeases, placeOnCloud } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { anyFailure, paris, project } from '../failure/clouds.ts';

const topology = topologyOf('paris', paris);
const inputs = { model: compile(paris, topology), placement: placeLeases(project, 'paris') };
const draw = (...off: string[]) =>
  drawCloud(
    paris,
    inputs,
    off.flatMap((name) => findParts(topology, name)),
  );
const textsOf = (svg: string, kind: string): string[] =>
  [...svg.matchAll(/<text [^>]*class="([^"]*)"[^>]*>([^<]*)</g)]
    .filter(([, classes = '']) => classes.split(' ').includes(kind))
    .map(([, , content = '']) => content);

/** Opening and closing tags in balance, attributes quoted, no bare ampersand: what a strict reader insists on. */
function wellFormed(xml: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML refuses
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(xml) || !xml.isWellFormed()) return false;
  const open: string[] = [];
  const tag = /<(\/?)([a-z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = tag.exec(xml); match !== null; match = tag.exec(xml)) {
    at = tag.lastIndex;
    const [, closing, name = '', , selfClosing, content] = match;
    if (content !== undefined && /&(?!(amp|lt|gt|quot|#39);)/.test(content)) return false;
    if (content !== undefined || selfClosing === '/') continue;
    if (closing === '/' && open.pop() !== name) return false;
    if (closing === '') open.push(name);
  }
  return at === xml.length && open.length === 0;
}

describe('the picture of a cloud', () => {
  it('has every rack, host, plane, VIP and service', () => {
    const svg = draw();
    for (const { name, rack } of topology.hosts) {
      expect(svg).toContain(`>${name}<`);
      expect(svg).toContain(`>rack ${rack}<`);
    }
    for (const { name } of inputs.model.services.filter((each) => each.name !== 'east-west'))
      expect(svg).toContain(`>${name}<`);
    expect(textsOf(svg, 'struck')).toEqual([]);
    expect(svg).toContain('VIP 10.10.3.250 internal.paris.acme.example.org');
  });

  it('strikes out what a failure takes away, and nothing else', () => {
    expect(textsOf(draw('rack/b'), 'struck').sort()).toEqual(
      topology.hosts
        .filter(({ rack }) => rack === 'b')
        .map(({ name }) => name)
        .sort(),
    );
    expect(textsOf(draw('queue-a-1', 'queue-b-1'), 'struck')).toContain('rabbitmq');
    expect(textsOf(draw('plane/external'), 'struck')).toEqual(['VIP 10.10.7.250 paris.acme.example.org', 'public-api']);
  });

  it('is the one in the documentation (npm run docs)', () => {
    const file = (name: string) => readFileSync(join(process.cwd(), 'docs/pictures', name), 'utf8');
    expect(file('paris.svg')).toBe(draw());
    expect(file('paris-rack-b-off.svg')).toBe(draw('rack/b'));
  });

  it('is well-formed, and fetches nothing, whatever the cloud and whatever fails', () => {
    fc.assert(
      fc.property(
        anyFailure(),
        fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '"', "'", ']]>', '\u0000', '\uD800', '\u{1F600}', ' ') }),
        ({ cloud, topology: any, failure }, words) => {
          const own = { model: compile(cloud, any), placement: placeOnCloud(cloud, []) };
          const svg = drawCloud({ ...cloud, description: words }, own, failure);
          expect(wellFormed(svg)).toBe(true);
          expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|url\(|@import|<script/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('writes what XML has no letter for as nothing', () => {
    expect(escapeXml('<a href="x">&\u0000\uD800😀\'')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;\u{1F600}&#39;');
  });

  it('shortens what has no room', () => {
    expect([fit('control-a-1', 200, 11), fit('control-a-1', 40, 11)]).toEqual(['control-a-1', 'contr…']);
  });
});
