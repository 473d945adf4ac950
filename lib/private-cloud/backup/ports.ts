/** Files of hosts as they flow, whatever their size: backups are larger than memory. */
export interface HostFiles {
  /** As root. @throws TandemError `host-file` where it cannot be read to its end, the stream too */
  read(host: string, path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** As root; the folder must be there. @throws TandemError `host-file` where it could not be written to its end */
  write(host: string, path: string, content: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void>;
}
