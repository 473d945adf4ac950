/**
 * Bytes that a tunnel adds outside: IP 20, UDP 8 (NAT traversal), ESP 8, and for AES-GCM an initialisation vector of 8 and a check
 * value of 16 (RFC 4106); with padding to four bytes, of which two are its own length and the next protocol (RFC 4303).
 */
const AROUND = 20 + 8 + 8 + 8 + 16;
const TRAILER = 2;

/** The largest packet that passes a tunnel uncut. @param outer MTU of the way to AWS, in bytes */
export function largestInside(outer: number): number {
  const padded = Math.floor((outer - AROUND) / 4) * 4;
  return padded - TRAILER;
}

/** The largest segment of TCP in a packet: without the headers of IPv4 and TCP. */
export function segmentSize(mtu: number): number {
  return mtu - 40;
}
