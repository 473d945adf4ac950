/** The release that Debian 12 has. */
export const POSTGRES_BIN = '/usr/lib/postgresql/15/bin';
/** Not Debian's own folder for clusters: Patroni alone starts this one. */
export const POSTGRES_DATA = '/var/lib/postgresql/patroni';
export const POSTGRES_PORT = 5432;
/** Patroni's own interface: who leads, and who is well. */
export const REST_PORT = 8008;
