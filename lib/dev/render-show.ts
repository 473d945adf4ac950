import { minuteOf } from '../text/duration.ts';
import { table } from '../text/table.ts';
import type { AskedExtension } from './extension.ts';
import type { ShownEnvironment } from './show.ts';
import type { Spent } from './spent.ts';

/** In place of a command line that would be refused. */
export const NO_KEY =
  'not possible: the lease has no SSH key (`sshKeys`; `--ssh-key FILE` of `env create` for a new one)';

/** `3.20 EUR since 2026-11-01 10:00, as the cloud tells; at its present size 3.25`. Pure. */
function spentText({ from, amount, estimate }: Spent, currency: string): string {
  return `${amount.toFixed(2)} ${currency} since ${minuteOf(from)} UTC, by what the cloud says was used; ${estimate.toFixed(2)} at its present size`;
}

function askedText(name: string, { until, by }: AskedExtension): string {
  return `until ${until}, by ${by ?? 'somebody'}: \`tandem env extend ${name} --approve\` or \`--refuse\` answers`;
}

/** Servers tell when their certificates end; who deploys in the last year renews them. Pure. */
function certificateFacts({ name, health }: ShownEnvironment): (readonly [string, string])[] {
  const [first] = (health?.servers ?? []).flatMap(({ certificatesUntil }) => certificatesUntil ?? []).sort();
  if (first === undefined) return [];
  return [['certificates', `end ${first.slice(0, 10)}; renewed in their last year by \`tandem env repair ${name}\``]];
}

export function renderShow(shown: ShownEnvironment, currency: string): string {
  const cost = shown.monthlyCost === null ? 'unknown' : `${shown.monthlyCost.toFixed(2)} ${currency} a month`;
  const facts: (readonly [string, string])[] = [
    ['stack', shown.stack],
    ['lease', shown.file],
    ['owner', shown.owner],
    ['leased', `${shown.since} to ${shown.until} (ends ${shown.ends})${shown.protected ? ', protected' : ''}`],
    ...(shown.asked === null ? [] : [['asked', askedText(shown.name, shown.asked)] as const]),
    ['state', shown.behind ? `${shown.state}; this checkout is behind: \`git pull\` brings the lease` : shown.state],
    ['cost', cost],
    ...(shown.spent === null ? [] : [['spent', spentText(shown.spent, currency)] as const]),
    [
      'drift',
      shown.drift === null ? 'not applied yet' : shown.drifted.length === 0 ? 'none' : shown.drifted.join(', '),
    ],
    ...shown.unmanaged.map((each, index) => [index === 0 ? 'not managed' : '', each] as const),
    ...(shown.applied === null
      ? []
      : [
          [
            'applied',
            `${shown.applied.at} by ${shown.applied.by}, commit ${shown.applied.commit.slice(0, 12)}`,
          ] as const,
        ]),
    ...certificateFacts(shown),
    ...(shown.purpose === null ? [] : [['purpose', shown.purpose] as const]),
    ...(shown.users.length === 0 ? [] : [['users', shown.users.join(', ')] as const]),
    ...Object.entries(shown.access?.endpoints ?? {}),
    ...(shown.access?.ssh === undefined ? [] : [['log in', shown.hasKeys ? shown.access.ssh : NO_KEY] as const]),
  ];
  const head = [
    `${shown.name} (${shown.blueprint ?? '-'} on ${shown.cloud})`,
    ...table(facts, { indent: 2, right: [] }),
    '',
  ].join('\n');
  const { servers = [], balancers = [] } = shown.health ?? {};
  if (servers.length + balancers.length === 0) return head;
  const rows = [
    ...servers.map(({ name, status, zone, host }) => [name, status, zone, host]).sort(),
    ...balancers.map(({ name, provisioning, operating }) => [name, `${provisioning}, ${operating}`, '', '']),
  ];
  return [head, ...table(rows, { head: ['SERVER, LOAD BALANCER', 'STATUS', 'ZONE', 'HOST'] }), ''].join('\n');
}
