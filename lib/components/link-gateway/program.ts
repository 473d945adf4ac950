import { gzipSync, strToU8 } from 'fflate';
import { COMMON } from './program/common.ts';
import { DECIDE } from './program/decide.ts';
import { PROBER } from './program/prober.ts';
import { SETTLE } from './program/settle.ts';
import { TUNNEL } from './program/tunnel.ts';
import { TUNNELS } from './program/tunnels.ts';

/** Where the program stands on a gateway. */
export const LINK_PROGRAM_PATH = '/usr/local/lib/tandem/link-gateway';
/** What it says of itself and its tunnels, for `link status`: JSON, written several times a second. */
export const LINK_STATE_PATH = '/run/tandem-link/state.json';

/** SHA-256 of the key that strongSwan has for each tunnel, by its number: JSON, for root alone. */
export const LINK_KEYS_PATH = '/run/tandem-link/keys.json';

/**
 * The program on a gateway: Python 3 of its standard library. `settle` prepares kernel and files, `probe` runs for ever and moves traffic
 * away from tunnels that pass too little, `vrrp` and `updown` are called by keepalived and strongSwan, `close`, `reopen` and `rekey` take
 * the number of a tunnel, `drain` empties the gateway, `health` ends with 0 while it serves.
 */
export const LINK_PROGRAM = [COMMON, SETTLE, TUNNEL, PROBER, DECIDE, TUNNELS].join('');

/**
 * The same without comments, packed: user data has no room for its text. By JavaScript alone, whose bytes are the same on every processor.
 */
export const PACKED_LINK_PROGRAM = `#!/usr/bin/env python3
import base64, gzip
exec(compile(gzip.decompress(base64.b64decode("""
${Buffer.from(gzipSync(strToU8(LINK_PROGRAM.replace(/^ +(#.*|""".*""")\n/gm, '')), { level: 9, mtime: 0 }))
  .toString('base64')
  .replace(/.{120}/g, '$&\n')
  .trimEnd()}
""")), "link-gateway", "exec"))
`;
