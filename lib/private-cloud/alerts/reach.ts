import { type Alert, countOf, longestGap, sizeOf, type Watched, without } from './alert.ts';

/** How clients reach the API: who holds the addresses, what stands behind them, certificates. */
export function reachAlerts(watched: Watched): Alert[] {
  const { name, cloud } = watched;
  const slowest = Math.max(longestGap(watched, 'keystone'), longestGap(watched, 'nova-api'));
  const unanswered: Alert = {
    name: 'ApiUnanswered',
    expr: 'probe_success{job="blackbox_exporter"} == 0',
    forMinutes: 1,
    severity: 'critical',
    summary: '{{ $labels.service }} does not answer at {{ $labels.instance }}.',
    prediction:
      slowest === 0
        ? 'one host carries it: it answers again when the host does'
        : `no loss of a single host stops an API for more than ${slowest} s: this is no failover`,
    runbook: `tandem cloud simulate-failure ${name}`,
  };
  if (cloud.vips === undefined) return [unanswered];
  const { internal, external, tls } = cloud.vips;
  const balancers = sizeOf(watched, 'vip');
  const gap = longestGap(watched, 'vip');
  return [
    unanswered,
    ...[['Internal', internal] as const, ...(external === undefined ? [] : [['External', external] as const])].flatMap(
      ([which, { address }]): Alert[] => [
        {
          name: `${which}AddressUnheld`,
          expr: `${countOf(`node_network_address_info{address="${address}"}`)} == 0`,
          forMinutes: 1,
          severity: 'critical',
          summary: `No host holds ${address}.`,
          prediction: `a backup takes it over within ${gap} s; ${without(watched, 'vip')}`,
          runbook: `tandem cloud simulate-failure ${name}`,
        },
        {
          name: `${which}AddressHeldTwice`,
          expr: `count(node_network_address_info{address="${address}"}) > 1`,
          forMinutes: 1,
          severity: 'critical',
          summary: `{{ $value }} hosts hold ${address}.`,
          prediction: 'balancers do not hear each other: one part of the clients reaches one, the rest another',
          runbook: `tandem cloud simulate-failure ${name} --off plane/internal`,
        },
      ],
    ),
    {
      name: 'BalancerLost',
      expr: `${countOf('up{job="haproxy"} == 1')} < ${balancers}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `HAProxy answers on {{ $value }} of ${balancers} hosts.`,
      prediction: `the address stays while one is left; if it held it, clients waited at most ${gap} s`,
      runbook: `tandem cloud simulate-failure ${name} --pairs`,
    },
    {
      name: 'BackEndDown',
      expr: 'max by (proxy, server) (haproxy_server_status{state="DOWN"}) == 1',
      forMinutes: 5,
      severity: 'warning',
      summary: '{{ $labels.server }} is out of {{ $labels.proxy }}.',
      prediction: 'the others serve on; with the last one the service is down',
      runbook: `tandem cloud simulate-failure ${name} --off {{ $labels.server }}`,
    },
    ...(tls.internal || tls.external ? certificates(name) : []),
  ];
}

function certificates(cloud: string): Alert[] {
  const left = 'probe_ssl_earliest_cert_expiry - time()';
  const rule = (name: string, days: number, severity: Alert['severity']): Alert => ({
    name,
    expr: `${left} < ${days} * 86400`,
    forMinutes: 5,
    severity,
    summary: `The certificate at {{ $labels.instance }} ends in less than ${days} days.`,
    prediction: 'after its end every client that checks it is refused, on every host at once',
    runbook: `tandem cloud certificates ${cloud}`,
  });
  return [rule('CertificateEndsThisMonth', 30, 'warning'), rule('CertificateEndsThisWeek', 7, 'critical')];
}
