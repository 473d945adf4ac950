import type { Rule } from '../../config/rules/rule.ts';
import { checkQuorums } from './quorums.ts';

/** What must hold of a cloud before it is rendered, in no particular order: problems are sorted by place. */
export const haRules: readonly Rule[] = [checkQuorums];
