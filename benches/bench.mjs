// All tables of one run. `benches/bench` starts this; its arguments are the parts to measure.
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { stopPrograms } from '../tests/browser/harness/programs.mjs';
import { beside } from './static.mjs';
import { growth } from './growth.mjs';
import { besideDjango } from './peer.mjs';

/** Pairs of loads taken in turn, and the length of each, in seconds. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);

const PARTS = {
  static: ['Beside a static file', () => beside(ROUNDS, SECONDS)],
  peer: ['Beside Django with Redis', () => besideDjango(ROUNDS, SECONDS)],
  growth: ['Growth', () => growth(SECONDS)],
};

const wanted = process.argv.slice(2);
const texts = [];
try {
  for (const [name, [title, measure]] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const text = `## ${title}\n\n${await measure()}\n`;
    console.log(text);
    texts.push(text);
  }
  if (wanted.length === 0) {
    const machine = `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores (${os.cpus()[0].model}), release build.`;
    const head = `# Results\n\nWritten by \`make bench\`; benches/README.md says how to read it. ${machine}\n`;
    await writeFile(fileURLToPath(new URL('results.md', import.meta.url)), [head, ...texts].join('\n'));
  }
} finally {
  await stopPrograms();
}
// Servers of others end with this.
process.exit(0);
