import { TIMER_GLOBALS } from '../kolla/failover.ts';
import { OF_FIELDS } from '../kolla/globals.ts';
import { RELEASE } from '../kolla/release.ts';
import type { KollaSource } from './kolla-source.ts';
import { passedOn } from './passed-on.ts';
import { hasTemplate, type Plain } from './source.ts';

/** Which open question a variable of globals.yml hangs on. */
const HANGS_ON: Readonly<Record<string, string>> = {
  network_interface: 'planes.internal.interface',
  api_interface: 'planes.internal.interface',
  kolla_external_vip_interface: 'planes.external.interface',
  tunnel_interface: 'planes.tunnel.interface',
  dns_interface: 'planes.external.interface',
  kolla_internal_vip_address: 'vips.internal.address',
  kolla_internal_fqdn: 'vips.internal.fqdn',
  kolla_external_fqdn: 'vips.external.fqdn',
  neutron_dns_domain: 'dns.zone',
};

const REASONS: Readonly<Record<string, string>> = {
  openstack_release: `Tandem renders for ${RELEASE.release}: upgrade to it before a deploy of Tandem`,
  keepalived_traffic_mode: 'switches that drop multicast between racks change nothing',
  octavia_provider_drivers: 'loadBalancer.provider says it; read by Octavia alone',
  octavia_provider_agents: 'loadBalancer.provider says it; read by Octavia alone',
  dns_interface: 'read by Designate alone',
  openstack_cacert: 'services check the certificate of the internal address',
  neutron_dns_domain: 'names of servers are those of their zone',
};

const NO_VARIABLE = /password|secret|token|private_key/;

interface Known {
  readonly source: KollaSource;
  readonly questions: ReadonlyMap<string, string>;
  /** Why Tandem sets it. */
  readonly why: string | undefined;
}

export function reasonOfGlobal(name: string, tree: Plain, { source, questions, why }: Known): string {
  const hanging = HANGS_ON[name] ?? '';
  const paths = [hanging, hanging.replace('external', 'internal'), hanging.replace('tunnel', 'internal')];
  const question = paths.find((path) => questions.has(path));
  if (question !== undefined) return `open: ${question}`;
  if (NO_VARIABLE.test(name)) return 'its name says that it holds a secret: keep it in passwords.yml of kolla.secrets';
  const variable = source.kollasGlobals.get(name);
  if (variable !== undefined && OF_FIELDS.has(name) && hasTemplate(tree))
    return 'a template, where the field of the cloud has one value for all hosts';
  if (variable !== undefined && passedOn(variable.value) === undefined)
    return 'it is longer than a variable of the configuration may be';
  const timer = TIMER_GLOBALS.has(name) ? "one of Tandem's failover times, which predictions stand on" : undefined;
  return REASONS[name] ?? timer ?? why ?? 'a field of the cloud says it otherwise';
}

export function reasonOfVariable(name: string, source: KollaSource, questions: ReadonlyMap<string, string>): string {
  if (name === 'ansible_user')
    return `the tree names no login; kolla.user is the default: write the login of the hosts`;
  if (name === 'ansible_become') return 'Kolla sets up containers as root';
  if (name === 'ansible_host') {
    const isOpen = [...questions.keys()].some((path) => path.endsWith('.firstAddress') || path.endsWith('.cidr'));
    return isOpen ? 'open: hosts.*.firstAddress' : 'hosts have addresses, and names need not resolve';
  }
  if (NO_VARIABLE.test(name))
    return 'its name says that it holds a secret: keep it in passwords.yml of kolla.secrets, or in a vault';
  if (source.deployer === 'kayobe') return "Kayobe's own variable: kolla-ansible does not read it";
  return 'it is longer than a variable of the configuration may be, or no name that one has';
}
