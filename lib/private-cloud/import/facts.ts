import { isIpv4 } from '../../net/ipv4.ts';
import type { KollaSource } from './kolla-source.ts';
import { resolved } from './meaning.ts';
import { releaseDefault } from './release-defaults.ts';
import type { Plain } from './source.ts';

/** What a tree says about one host, or about all: the only place that knows under which names. */
export class Facts {
  readonly #source: KollaSource;

  constructor(source: KollaSource) {
    this.#source = source;
  }

  /** Undefined where the tree says nothing, or a template that only Ansible can tell. */
  text(name: string): string | undefined {
    const value = this.#plain(name);
    return value === undefined || value === null || typeof value === 'object' ? undefined : readable(String(value));
  }

  /** Whether a group or a host has a value of its own, or all have a template. */
  isSetByHosts(name: string): boolean {
    const { inventory, globals } = this.#source;
    return globals.has(name) || inventory.hosts.some((host) => inventory.variables(host).has(name));
  }

  /** Of a switch: what the tree says, or Kolla where it says nothing. */
  isOnOrDefault(name: string): boolean {
    const { kollasGlobals } = this.#source;
    const lookup = (each: string) => kollasGlobals.get(each)?.value ?? releaseDefault(each);
    const value = resolved(lookup(name) ?? false, lookup);
    return value === true || (typeof value === 'string' && /^(?:yes|true|on)$/i.test(value));
  }

  isOn(name: string): boolean | undefined {
    const value = this.#plain(name);
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'string') return undefined;
    return /^(?:yes|true|on|1)$/i.test(value) ? true : /^(?:no|false|off|0)$/i.test(value) ? false : undefined;
  }

  /** On the network of the API; the host's name, where that is an address. */
  address(host: string): string | undefined {
    const said = ['ansible_host', 'ansible_ssh_host', 'ansible_default_ipv4_address'].map((name) =>
      this.of(host, name),
    );
    return [...said, this.#allocation(host), host].find((each) => each !== undefined && isIpv4(each));
  }

  rack(host: string): string | undefined {
    const said = this.of(host, 'tandem_rack') ?? this.of(host, 'rack') ?? this.#rackGroup(host);
    const name = said
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
    return name === undefined || name === ''
      ? undefined
      : /^[a-z]/.test(name)
        ? name.slice(0, 32)
        : `r${name}`.slice(0, 32);
  }

  /** A variable of a host, where it is text or a number without a template. */
  of(host: string, name: string): string | undefined {
    const variables = this.#source.inventory.variables(host);
    const value = resolved(variables.get(name)?.value ?? null, (other) => variables.get(other)?.value);
    return typeof value === 'string' || typeof value === 'number' ? readable(String(value)) : undefined;
  }

  /** Range of a network that Kayobe gives a role to: `internal_net_name: aio`, `aio_cidr: …`. */
  network(role: string, attribute: string): string | undefined {
    const net = this.text(`${role}_net_name`);
    return net === undefined ? undefined : this.text(`${net}_${attribute}`);
  }

  #plain(name: string): Plain | undefined {
    const { globals } = this.#source;
    const variable = globals.get(name);
    return variable === undefined ? undefined : resolved(variable.value, (other) => globals.get(other)?.value);
  }

  /** What Kayobe has given out: `aio_ips: { controller0: … }`. */
  #allocation(host: string): string | undefined {
    const net = this.text('internal_net_name');
    const given = net === undefined ? undefined : this.#plain(`${net}_ips`);
    const own = typeof given === 'object' && given !== null ? (given as Record<string, Plain>)[host] : undefined;
    return typeof own === 'string' ? own : undefined;
  }

  #rackGroup(host: string): string | undefined {
    const { inventory } = this.#source;
    const group = inventory.groups.find(
      ({ name }) => /^rack[-_]?./.test(name) && inventory.members(name).includes(host),
    );
    return group?.name.replace(/^rack[-_]?/, '');
  }
}

function readable(text: string): string | undefined {
  return text === '' || /\{[{%]/.test(text) ? undefined : text;
}
