/**
 * `npm run bench [NAME...] [-- --record]`: every `bench/*.bench.ts`, each exporting one `benchmark`; fails if a claim does not hold. With
 * `--record` their figures are written to docs/benchmarks.md.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, judge } from './benchmark.ts';
import { recorded } from './record.ts';

const ending = '.bench.ts';
const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();
const wanted = process.argv.slice(2).filter((each) => each !== '--record');
const isRecorded = process.argv.includes('--record');
const page = join(import.meta.dirname, '../docs/benchmarks.md');
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(1);
}

let failed = 0;
for (const name of wanted.length > 0 ? wanted : all) {
  const { benchmark } = (await import(join(import.meta.dirname, name + ending))) as { readonly benchmark: Benchmark };
  const reason = await benchmark.unavailable?.();
  if (reason !== undefined) {
    console.log(`skip ${benchmark.title}: ${reason}`);
    continue;
  }
  const { holds, line, ratio } = judge(
    benchmark,
    await benchmark.measure((text) => console.error(`  ${name}: ${text}`)),
  );
  console.log(line);
  const day = new Date().toISOString().slice(0, 10);
  const { title: claim, atMost } = benchmark;
  // Read anew each time: another run may have written.
  if (isRecorded) writeFileSync(page, recorded(readFileSync(page, 'utf8'), { name, claim, atMost, ratio, day }));
  failed += holds ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
