declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB on a server of its own, in memory. */
  export default function dynalite(options: {
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }): Server;
}
