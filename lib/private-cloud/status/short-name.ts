/** Nova, Neutron and Placement may know a host by its full name; the inventory never does. */
export function shortName(host: string): string {
  return host.split('.')[0] ?? host;
}
