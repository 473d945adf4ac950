import { code } from '../text/markdown.ts';
import { counted } from '../text/plural.ts';
import type { BlueprintView, TierView } from './view.ts';

/** A blueprint as a page of Markdown. @param picture path of its picture, as the page links it */
export function pageOf(view: BlueprintView, picture: string): string {
  const { name, description, file, parts, parameters, components } = view;
  const taken = parts.map(({ name: part, blueprint }) => `[${blueprint}](${blueprint}.md) as \`${part}\``);
  return [
    `# ${name}`,
    '',
    `${cell(description)}.`.replace(/\.\.$/, '.'),
    '',
    `Generated from \`${file}\` by \`npm run docs\`. Lease it with \`tandem env create NAME --blueprint ${name} --owner you@example.org\`.`,
    ...(taken.length === 0 ? [] : ['', `It takes ${taken.join(', ')}.`]),
    '',
    `![Tiers of ${name}, and who connects to whom](${picture})`,
    '',
    ...section('Parameters', ['parameter', 'values', 'default', 'meaning'], parameters.map(parameterRow)),
    ...section('Tiers', ['tier', 'servers', 'flavor', 'runs', 'volumes of each', 'open to'], view.tiers.map(tierRow)),
    '## What it takes',
    '',
    needText(view),
    '',
    '## If a zone is lost',
    '',
    `The worst case on ${view.cloud}, with the zones ${view.zones.join(', ')}, whichever of them it is.`,
    '',
    ...table(
      ['tier', 'gone', 'then'],
      view.tiers.map(({ name: tier, count, survival }) => [
        `\`${tier}\``,
        `${survival.lost} of ${count}`,
        sentence(survival.says),
      ]),
    ),
    '',
    ...section(
      'What runs, and what was seen of it',
      ['component', 'version', 'seen'],
      components.map(({ title, home, version, evidence }) => [
        `[${cell(title)}](${home})`,
        cell(version),
        cell(evidence ?? 'It was not run: its settings were checked alone.'),
      ]),
    ),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function parameterRow({
  name,
  type,
  choices,
  minimum,
  maximum,
  default: fallback,
  description,
}: BlueprintView['parameters'][number]) {
  const range = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ].join(' ');
  const values = choices?.map(code).join(', ') ?? [type, range].filter((each) => each !== '').join(' ');
  return [`\`${name}\``, values, fallback === '' ? '' : code(`${fallback}`), sentence(description)];
}

function tierRow({ name, count, flavor, runs, volumeGiB, ports, balancer }: TierView): string[] {
  const open = ports.map(
    ({ port, protocol, from }) => `${port}${protocol === 'udp' ? '/udp' : ''}: ${from.join(', ')}`,
  );
  const way = balancer === undefined ? [] : [`balancer ${balancer.port}: ${balancer.from.join(', ')}`];
  return [
    `\`${name}\``,
    `${count}`,
    `\`${flavor}\``,
    runs.map(({ name: component }) => `\`${component}\``).join(', '),
    volumeGiB === 0 ? '' : `${volumeGiB} GiB`,
    [...way, ...open].join('; '),
  ];
}

/** What it needs of the cloud, and costs there: one sentence each. */
export function needText({ need, costs, currency }: BlueprintView): string {
  const { servers, vcpus, memoryGiB, volumeGiB, floatingAddresses, loadBalancers } = need;
  const parts = [
    counted(servers, 'server'),
    counted(vcpus, 'vCPU'),
    `${memoryGiB} GiB of memory`,
    ...(volumeGiB === 0 ? [] : [`${volumeGiB} GiB of volumes`]),
    ...(loadBalancers === 0 ? [] : [counted(loadBalancers, 'load balancer')]),
    ...(floatingAddresses === 0 ? [] : [counted(floatingAddresses, 'floating address', 'floating addresses')]),
  ];
  const cost = costs.map(({ cloud, monthly }) => `${monthly.toFixed(2)} ${currency} a month on ${cloud}`);
  return `It takes ${parts.join(', ')}.${cost.length === 0 ? '' : ` It costs ${cost.join(', ')}.`}`;
}

/** What it costs a month on each cloud, for a column of a table. */
export function costText({ costs, currency }: BlueprintView): string {
  return costs.map(({ cloud, monthly }) => `${monthly.toFixed(2)} ${currency} on ${cloud}`).join(', ');
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, '', ...table(head, rows), ''];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function sentence(text: string): string {
  const whole = cell(text);
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}${/[.!?]$/.test(whole) ? '' : '.'}`;
}
