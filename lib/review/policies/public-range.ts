/** Widest range that somebody may mean: a larger one is a part of the internet, however it is cut. */
const LEAST = { ipv4: 8, ipv6: 16 };

/** Whether a range is the internet or a large part of it: halves of it are no better. Private ranges are not. */
export function isPublicRange(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [address = '', length = ''] = value.trim().split('/');
  if (!/^\d{1,3}$/.test(length)) return false;
  const prefix = Number(length);
  if (!address.includes(':')) return prefix < LEAST.ipv4;
  // fc00::/7 are private addresses.
  return prefix < LEAST.ipv6 && !(prefix >= 7 && /^f[cd]/i.test(address));
}
