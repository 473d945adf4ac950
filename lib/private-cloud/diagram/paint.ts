import type { HostBand, HostBox, Mark, PlaneBar, RackColumn, Scene, ServiceChip } from './scene.ts';
import { element, escapeXml, fit, text } from './svg.ts';

const WIDTH = 1200;
const MARGIN = 24;
const GAP = 16;
const INSIDE = WIDTH - 2 * MARGIN;

/** Colours for paper and dark screens. What has failed is struck through as well, for those who see no red. */
const STYLE = `
:root{color-scheme:light dark}
svg{--page:#fff;--ink:#1d2733;--soft:#5b6875;--line:#c3ccd6;--rack:#f4f6f9;--host:#e3edfa;--hostline:#8fb2dd;--degraded:#fff0cf;--degradedline:#8f5f00;--failed:#fbdcda;--failedline:#c2362b}
@media(prefers-color-scheme:dark){svg{--page:#12171d;--ink:#e6ebf1;--soft:#9aa7b5;--line:#3a4653;--rack:#1a2129;--host:#1f334c;--hostline:#4a76ab;--degraded:#4a3805;--degradedline:#d9a32a;--failed:#4d1f1c;--failedline:#ef6a5e}}
.page{fill:var(--page)}text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink);font-size:12px}
.title{font-size:20px;font-weight:600}.head{font-size:14px;font-weight:600}.soft{fill:var(--soft)}.small{font-size:11px}
.rack{fill:var(--rack);stroke:var(--line)}.healthy{fill:var(--host);stroke:var(--hostline)}.degraded{fill:var(--degraded);stroke:var(--degradedline);stroke-width:1.5}
.failed{fill:var(--failed);stroke:var(--failedline);stroke-width:1.5}.rack.failed{fill:var(--failed);fill-opacity:.35;stroke-width:2}
.bad{fill:var(--failedline);font-weight:600}.warn{fill:var(--degradedline);font-weight:600}.struck{text-decoration:line-through;fill:var(--soft)}
`.replaceAll('\n', '');

/** A line below the title. */
export interface Verdict {
  readonly text: string;
  readonly mark: Mark;
}

/** The picture. The same scene gives the same bytes. */
export function paint(scene: Scene, verdict: readonly Verdict[]): string {
  const parts: string[] = [];
  let y = MARGIN + 20;
  parts.push(text(MARGIN, y, 'title', fit(scene.title, INSIDE, 20)));
  for (const line of verdict) {
    y += 20;
    const kind = line.mark === 'failed' ? 'head bad' : line.mark === 'degraded' ? 'head warn' : 'soft';
    parts.push(text(MARGIN, y, kind, fit(line.text, INSIDE, 13)));
  }
  y += GAP;
  for (const plane of scene.planes) {
    parts.push(...planeBar(plane, y));
    y += 32;
  }
  y += GAP;
  const columns = Math.max(1, Math.min(4, scene.racks.length));
  const width = (INSIDE - (columns - 1) * GAP) / columns;
  for (let row = 0; row * columns < scene.racks.length; row += 1) {
    const racks = scene.racks.slice(row * columns, (row + 1) * columns);
    const height = Math.max(...racks.map((rack) => rackHeight(rack, width)));
    for (const [at, rack] of racks.entries())
      parts.push(...rackBox(rack, MARGIN + at * (width + GAP), y, width, height));
    y += height + GAP;
  }
  y += 14;
  parts.push(text(MARGIN, y, 'head', 'Services'));
  y += 12;
  const services = serviceGrid(scene.services, y);
  parts.push(...services.parts);
  y = services.bottom + GAP;
  parts.push(...legend(y));
  y += 20 + MARGIN / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${Math.round(y)}" width="${WIDTH}" height="${Math.round(y)}" role="img">`,
    element('title', {}, escapeXml(scene.title)),
    `<style>${STYLE}</style>`,
    element('rect', { class: 'page', x: 0, y: 0, width: WIDTH, height: Math.round(y) }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function planeBar({ name, note, mark, vips }: PlaneBar, y: number): string[] {
  const label = mark === 'failed' ? `${name} is off` : name;
  return [
    element('rect', { class: mark, x: MARGIN, y, width: INSIDE, height: 26, rx: 5 }),
    text(MARGIN + 12, y + 17.5, mark === 'failed' ? 'bad' : '', label, { 'font-weight': '600' }),
    text(MARGIN + 150, y + 17.5, 'soft small', note),
    ...vips.flatMap((vip) => [
      element('rect', { class: vip.mark, x: WIDTH - MARGIN - 430, y: y + 3, width: 426, height: 20, rx: 10 }),
      text(WIDTH - MARGIN - 418, y + 17, `small ${inkOf(vip.mark)}`, fit(vip.text, 402, 11)),
    ]),
  ];
}

function inkOf(mark: Mark): string {
  return mark === 'failed' ? 'struck' : '';
}

const HOST_HEIGHT = 20;

/** Left of its hosts stands what they are. */
const BAND_TITLE = 96;

/** As many hosts side by side as their longest name allows. */
function hostColumns({ hosts }: HostBand, width: number): number {
  const longest = Math.max(...hosts.map(({ name }) => name.length));
  return Math.max(1, Math.floor((width - BAND_TITLE - 7) / Math.max(86, longest * 6.6 + 17)));
}

function bandHeight(band: HostBand, width: number): number {
  return Math.ceil(band.hosts.length / hostColumns(band, width)) * (HOST_HEIGHT + 4) + 6;
}

function rackHeight({ bands }: RackColumn, width: number): number {
  return 64 + bands.reduce((sum, band) => sum + bandHeight(band, width), 0) + 6;
}

function rackBox(rack: RackColumn, x: number, y: number, width: number, height: number): string[] {
  const parts = [
    element('rect', { class: rack.mark === 'failed' ? 'rack failed' : 'rack', x, y, width, height, rx: 8 }),
    text(
      x + 12,
      y + 22,
      rack.mark === 'failed' ? 'head bad' : 'head',
      `rack ${rack.name}${rack.mark === 'failed' ? ' has failed' : ''}`,
    ),
    ...chipRow('power', rack.feeds, x + 12, y + 32, width / 2 - 18),
    ...chipRow('switches', rack.switches, x + width / 2, y + 32, width / 2 - 12),
  ];
  let top = y + 64;
  for (const band of rack.bands) {
    const columns = hostColumns(band, width);
    const cell = (width - BAND_TITLE - 12 - (columns - 1) * 5) / columns;
    parts.push(text(x + 12, top + 14, 'soft small', fit(band.title, BAND_TITLE - 14, 11)));
    for (const [at, host] of band.hosts.entries()) {
      const left = x + BAND_TITLE + (at % columns) * (cell + 5);
      const up = top + Math.floor(at / columns) * (HOST_HEIGHT + 4);
      parts.push(
        element('rect', { class: host.mark, x: left, y: up, width: cell, height: HOST_HEIGHT, rx: 3 }),
        text(left + 6, up + 14, `small ${inkOf(host.mark)}`, fit(host.name, cell - 4, 11)),
      );
    }
    top += bandHeight(band, width);
  }
  return parts;
}

/** `power feed-1`: one line of small names. */
function chipRow(label: string, boxes: readonly HostBox[], x: number, y: number, width: number): string[] {
  if (boxes.length === 0) return [];
  const each = (width - 52) / boxes.length;
  return [
    text(x, y + 13, 'soft small', label),
    ...boxes.flatMap((box, at) => [
      element('rect', { class: box.mark, x: x + 52 + at * each, y, width: each - 4, height: 18, rx: 9 }),
      text(x + 60 + at * each, y + 13, `small ${inkOf(box.mark)}`, fit(box.name, each - 16, 11)),
    ]),
  ];
}

function serviceGrid(services: readonly ServiceChip[], top: number): { parts: string[]; bottom: number } {
  const columns = 5;
  const width = (INSIDE - (columns - 1) * 8) / columns;
  const parts = services.flatMap(({ name, note, mark }, at) => {
    const x = MARGIN + (at % columns) * (width + 8);
    const y = top + Math.floor(at / columns) * 34;
    return [
      element('rect', { class: mark, x, y, width, height: 28, rx: 5 }),
      text(x + 9, y + 18.5, inkOf(mark), fit(name, 126, 12)),
      text(
        x + width - 9,
        y + 18.5,
        `small ${mark === 'failed' ? 'bad' : mark === 'degraded' ? 'warn' : 'soft'}`,
        fit(note, width - 128, 11),
        {
          'text-anchor': 'end',
        },
      ),
    ];
  });
  return { parts, bottom: top + Math.ceil(services.length / columns) * 34 };
}

function legend(y: number): string[] {
  const words: readonly [Mark, string][] = [
    ['healthy', 'healthy'],
    ['degraded', 'works, with a member lost'],
    ['failed', 'failed'],
  ];
  return words.flatMap(([mark, word], at) => [
    element('rect', { class: mark, x: MARGIN + at * 200, y, width: 16, height: 12, rx: 2 }),
    text(MARGIN + at * 200 + 22, y + 10.5, 'soft small', word),
  ]);
}
