/** Switches hosts. */
export interface HostPower {
  /** Restarts them at once, and returns once each answers again. @throws TandemError `reboot-failed` */
  reboot(hosts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Returns once each was told; it does not answer from then on. */
  powerOff(hosts: readonly string[], signal: AbortSignal): Promise<void>;
}
