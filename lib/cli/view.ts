import type { Colors } from 'picocolors/types.js';

/** How a renderer may draw. */
export interface View {
  readonly colors: Colors;
  /** Width in characters. */
  readonly columns: number;
}
