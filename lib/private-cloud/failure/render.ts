import type { Colors } from 'picocolors/types.js';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import type { DownService, FailureEffect } from './effect.ts';
import { describeFailure, type Failure } from './failures.ts';
import type { Gap } from './gaps.ts';
import type { PairGroup } from './pairs.ts';
import { partitionLines } from './render-partitions.ts';
import { alike, type FailureReport } from './report.ts';

export interface TextOptions {
  readonly colors: Colors;
  /** One line a failure, those that stop nothing among them. */
  readonly all: boolean;
  /** Shows each failure in full: where they were named. */
  readonly details: boolean;
}

/** For a terminal, worst first. */
export function renderFailures(report: FailureReport, options: TextOptions): string {
  const { bold, dim } = options.colors;
  const { failures, partitions, pairs } = report;
  const lines = [bold(`${report.cloud}: ${report.hosts} hosts, ${counted(report.servers, 'server')}`)];
  if (options.details) for (const effect of failures) lines.push('', ...detailsOf(effect, report.servers, options));
  else {
    const groups = options.all ? failures.map((effect) => [effect]) : alike(failures);
    const noticed = groups.filter(([effect]) => effect !== undefined && (options.all || isNoticed(effect)));
    lines.push(...failureTable(noticed, report.servers, options));
    const rest = groups.filter((group) => !noticed.includes(group)).flat();
    if (rest.length > 0) lines.push('', `These failures stop nothing: ${namesOf(rest, 6)}.`);
    lines.push(
      dim(
        `VIP to VOLUMES: predicted outage in seconds, with every leader on what fails. --off NAME shows one failure in full.`,
      ),
    );
  }
  if (partitions.length > 0) lines.push('', ...partitionLines(partitions, options.colors));
  if (pairs !== null) lines.push('', ...pairLines(pairs, options));
  return `${lines.join('\n')}\n`;
}

function isNoticed({ down, reduced, hosts, servers }: FailureEffect): boolean {
  return down.length + reduced.length + hosts.length + servers.fallen > 0;
}

/** Services whose outage has a column: the address, a write, a token, a message. */
const COLUMNS: readonly [title: string, service: string][] = [
  ['VIP', 'vip'],
  ['SQL', 'mariadb'],
  ['API', 'keystone'],
  ['QUEUE', 'rabbitmq'],
  ['VOLUMES', 'volumes'],
];

/** `6 of 58`, `1-6 of 58`, `58 of 58 hang`. */
function fallenOf(group: readonly FailureEffect[], servers: number): string {
  const range = (key: 'fallen' | 'hanging'): string => {
    const counts = group.map((effect) => effect.servers[key]);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return most === 0 ? '' : `${least === most ? most : `${least}-${most}`} of ${servers}`;
  };
  const [fallen, hanging] = [range('fallen'), range('hanging')];
  const parts = [...(fallen === '' ? [] : [fallen]), ...(hanging === '' ? [] : [`${hanging} hang`])];
  return parts.length === 0 ? '-' : parts.join(', ');
}

function failureTable(groups: readonly FailureEffect[][], servers: number, { colors }: TextOptions): string[] {
  const rows = groups.flatMap((group) => {
    const [effect] = group;
    if (effect === undefined) return [];
    return [
      [
        namesOf(group, 2),
        effect.down.length === 0 ? '-' : describeDown(effect.down),
        ...COLUMNS.map(([, service]) => cell(effect, service)),
        fallenOf(group, servers),
        noPlace(effect),
      ],
    ];
  });
  const head = ['FAILS', 'DOWN', ...COLUMNS.map(([title]) => title), 'STOPPED SERVERS', 'WITHOUT A HOST'];
  const [titles = '', ...lines] = table(rows, { head, right: COLUMNS.map((_, at) => at + 2) });
  return [
    colors.dim(titles),
    ...lines.map((line, at) => {
      const down = rows[at]?.[1] ?? '-';
      return down === '-' ? line : line.replace(down, (text) => colors.red(text));
    }),
  ];
}

function cell({ down, gaps }: FailureEffect, service: string): string {
  if (down.some((each) => each.service === service)) return 'down';
  const gap = gaps.find((each) => each.service === service);
  return gap === undefined ? '-' : gap.seconds.toFixed(1);
}

/** `18 wait for rack-a`: Nova keeps a server in its zone; `2 of anna, bruno`: no host of their zone has room. */
function noPlace({ servers: { unplaced } }: FailureEffect): string {
  const waiting = unplaced.filter(({ why }) => why === 'zone');
  const stranded = unplaced.filter(({ why }) => why !== 'zone');
  const unproven = stranded.filter(({ verdict }) => verdict === 'not proven').length;
  const zones = [...new Set(waiting.map(({ zone }) => zone ?? 'any zone'))];
  const leases = [...new Set(stranded.map(({ lease }) => lease))].sort();
  const parts = [
    ...(waiting.length > 0 ? [`${waiting.length} wait for ${firstOf(zones, 2)}`] : []),
    ...(stranded.length > 0
      ? [`${stranded.length} of ${firstOf(leases, 3)}${unproven > 0 ? ' (not proven)' : ''}`]
      : []),
  ];
  return parts.length === 0 ? '-' : parts.join(', ');
}

/** `rack b, power feed-2`; `host queue-a-1 and 2 like it`. */
function namesOf(effects: readonly FailureEffect[], maximum: number): string {
  const names = effects.map(({ failure }) => describeFailure(failure));
  const [first = ''] = names;
  if (names.length <= maximum) return names.join(', ');
  return maximum <= 2 ? `${first} and ${names.length - 1} like it` : firstOf(names, maximum);
}

/** What is down by itself, and how many services with it. */
export function describeDown(down: readonly DownService[]): string {
  const planes = [...new Set(down.filter(({ cause }) => cause === 'plane').map(({ of }) => of))];
  const roots = down
    .filter(({ cause }) => cause === 'majority' || cause === 'part' || cause === 'members')
    .map(({ service }) => service);
  const cut = down.filter(({ cause }) => cause === 'plane').map(({ service }) => service);
  const own = [...roots, ...(cut.length > 3 ? [`all ${cut.length} on plane ${planes.join(', ')}`] : cut)];
  const others = down.filter(({ cause }) => cause === 'needs' || cause === 'vip').length;
  const with_ = others === 0 ? '' : own.length === 0 ? `${others} services` : ` +${others} that need them`;
  return `${firstOf(own, 3)}${with_}`;
}

function detailsOf(effect: FailureEffect, total: number, { colors }: TextOptions): string[] {
  const { down, reduced, servers, hosts } = effect;
  const lines = [
    colors.bold(
      `If ${describeFailure(effect.failure)} fails: ${counted(hosts.length, 'host')} without power or network`,
    ),
  ];
  const CAUSES = {
    majority: 'no majority',
    part: 'at worst: a queue has two of its three members on them',
    members: 'no member is left',
    vip: 'behind the VIP',
  } as const;
  for (const { service, cause, of } of down) {
    const why =
      cause === 'plane' ? `plane ${of ?? ''} is off` : cause === 'needs' ? `needs ${of ?? ''}` : CAUSES[cause];
    lines.push(`  ${colors.red('down')}  ${service.padEnd(18)} ${why}`);
  }
  const sums = Map.groupBy(effect.gaps, (gap) => JSON.stringify([gap.terms, elsewhereOf(gap, effect)]));
  for (const gaps of sums.values()) lines.push(...gapLines(gaps, effect, colors));
  const quiet = reduced.filter(({ service }) => !effect.gaps.some((gap) => gap.service === service));
  if (quiet.length > 0)
    lines.push(
      `  no outage: ${quiet.map(({ service, lost, members }) => `${service} lost ${inWords(lost)} of ${inWords(members)}`).join(', ')}`,
    );
  if (servers.fallen > 0)
    lines.push(
      `  servers: ${servers.fallen} of ${total} stop; other hosts have room for ${servers.fit}`,
      ...(servers.fit > 0
        ? ['           they need an operator or Masakari to move, once what failed is fenced: off for sure']
        : []),
    );
  if (servers.hanging > 0)
    lines.push(
      `  servers: ${servers.hanging} of ${total} hang on hosts that are up, until their root disks in Ceph answer`,
    );
  for (const [reason, each] of Map.groupBy(servers.unplaced, reasonOf))
    lines.push(
      `  ${colors.yellow(reason)}: ${firstOf(
        each.map(({ server }) => server),
        8,
      )}`,
    );
  return lines;
}

const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const;

function inWords(count: number): string {
  return WORDS[count] ?? String(count);
}

type NoPlace = FailureEffect['servers']['unplaced'][number];

function reasonOf({ verdict, why, zone }: NoPlace): string {
  const where = zone === null ? 'on any host' : `in zone ${zone}`;
  if (why === 'zone') return `${verdict}, no host is left ${where}`;
  return `${verdict}, ${why === 'apart' ? 'each host with room carries one of its group' : `no host has room ${where}`}`;
}

function elsewhereOf({ service }: Gap, { gapsElsewhere }: FailureEffect): number {
  return gapsElsewhere.find((gap) => gap.service === service)?.seconds ?? 0;
}

/** Services whose outages are the same sums, once. */
function gapLines(gaps: readonly Gap[], effect: FailureEffect, colors: Colors): string[] {
  const [gap] = gaps;
  if (gap === undefined) return [];
  const elsewhere = elsewhereOf(gap, effect);
  const differs = elsewhere !== gap.seconds ? `, ${elsewhere.toFixed(1)} s if another host leads` : '';
  const sum = gap.terms
    .filter((term) => term.seconds > 0)
    .map((term) => `${term.seconds.toFixed(1)} s (${term.from})`)
    .join(' + ');
  const names = gaps.map(({ service }) => service);
  return [
    `  outage ${gap.seconds.toFixed(1).padStart(5)} s  ${firstOf(names, 6)} (at most ${gap.atMost.toFixed(1)} s${differs})`,
    colors.dim(`                  ${sum}`),
  ];
}

function pairLines(pairs: readonly PairGroup[], { colors }: TextOptions): string[] {
  const count = pairs.reduce((sum, group) => sum + group.pairs, 0);
  const bad = pairs.filter(({ together }) => together.length > 0);
  const lines = [
    colors.bold(
      `${count} pairs of failures; ${bad.reduce((sum, group) => sum + group.pairs, 0)} of them take down what neither takes down alone`,
    ),
  ];
  const known = (names: readonly string[]): string => firstOf(names, 4);
  for (const { pairs: number, examples, together } of bad)
    lines.push(
      `  ${String(number).padStart(5)}  ${pairName(examples[0])}${number > 1 ? ' and others like it' : ''}: ${known(together)}`,
    );
  const worst = pairs
    .map(({ worstForServers }) => worstForServers)
    .reduce((a, b) => ((b?.unplaced ?? -1) > (a?.unplaced ?? -1) ? b : a), null);
  if (worst !== null && worst.unplaced > 0)
    lines.push(
      `  most servers without a host: ${pairName(worst.failure)}, ${worst.unplaced} of ${worst.fallen} that stop`,
    );
  return lines;
}

function pairName(failure: Failure | undefined): string {
  return failure === undefined ? '' : describeFailure(failure);
}
