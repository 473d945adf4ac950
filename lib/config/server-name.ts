/** `alice-web-1`: name of a server in Nova, and its host name. @param index place in its tier, from 1 */
export function serverNameOf(environment: string, tier: string, index: number): string {
  return `${environment}-${tier}-${index}`;
}
