import { synthBenchmark } from './synth.ts';

export const benchmark = synthBenchmark(100, 3);
