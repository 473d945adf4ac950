/**
 * The place of a zone's ranges in its network, from 0, by the letter that its name ends with: it depends neither on other zones nor on
 * the order in which they are written. @param zone `eu-west-3a`, or `a`
 */
export function placeOf(zone: string): number {
  return zone.slice(-1).toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0);
}
