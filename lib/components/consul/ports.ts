/** Consul's own numbers, which every document of it has. */
export const CONSUL_PORTS = { rpc: 8300, lan: 8301, wan: 8302, http: 8500, dns: 8600 } as const;
