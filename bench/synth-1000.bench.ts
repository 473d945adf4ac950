import { synthBenchmark } from './synth.ts';

export const benchmark = synthBenchmark(1000, 2);
