import { synthBenchmark } from './synth.ts';

export const benchmark = synthBenchmark(4, 5, 'everything');
