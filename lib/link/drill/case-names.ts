/** Of a link that has discovery. */
const DISCOVERY_CASE_NAMES = [
  'consul-server-down',
  'consul-leader-down',
  'consul-gateway-dies',
  'consul-gateway-dies-aws',
  'consul-all-off-12',
  'consul-all-off-21',
  'consul-all-off-both',
] as const;

export type DiscoveryCaseName = (typeof DISCOVERY_CASE_NAMES)[number];

/** In the order in which they are run. */
export const LINK_CASE_NAMES = [
  'gateway-dies',
  'gateway-returns',
  'end-dies',
  'end-dies-bfd',
  'far-side-dead',
  'end-forwards-nothing',
  'tunnel-passes-nothing',
  'tunnel-loses',
  'drain',
  'rotate',
  'upgrade',
  'too-big',
  'forwarder-down',
  'forwarder-down-aws',
  'both-off-12',
  'both-off-21',
  'both-off-both',
  ...DISCOVERY_CASE_NAMES,
] as const;

export type LinkCaseName = (typeof LINK_CASE_NAMES)[number];
