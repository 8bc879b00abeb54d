// What the benches share: servers on the first core, load on the second, medians of pairs taken in turn.
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
/** Connections that are kept open at a time. */
const CONNECTIONS = 64;

const run = promisify(execFile);

/** As many requests as the server answers in some seconds, from the second core. */
export async function load(url, { seconds = 5, headers = {}, connections = CONNECTIONS, env = {} } = {}) {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, ...named, url];
  const { stdout } = await run('taskset', ['-c', '1', 'wrk', ...options], { env: { ...process.env, ...env } });
  const answer = JSON.parse(stdout.trim().split('\n').at(-1));
  if (answer.refused + answer.broken > 0) throw new Error(`${url}: ${answer.refused} refused, ${answer.broken} broken`);
  return { ...answer, rate: answer.requests / answer.seconds };
}

/**
 * Servers in turn, so that whatever else the machine does falls on all of them. `contestants` is a list of
 * `[name, () => load(...)]`; the first round only warms up. The rates and the 99th percentiles of each, by name.
 */
export async function inTurn(contestants, rounds) {
  const results = Object.fromEntries(contestants.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, once] of contestants) {
      const result = await once();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The median of what pairs of loads that followed each other give. */
export const ratio = (ours, theirs, of = (load) => load.rate) => median(ours.map((load, index) => of(load) / of(theirs[index])));

export const rate = (loads) => Math.round(median(loads.map((one) => one.rate))).toLocaleString('en');
export const p99 = (loads) => median(loads.map((one) => one.p99)).toFixed(2);
export const times = (number) => `${number.toFixed(2)} ×`;

/** A Markdown table. */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** A server of somebody else's on the first core, until the bench ends. */
export function serve(command, args, options = {}) {
  const child = spawn('taskset', ['-c', '0', command, ...args], { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  children.add(child);
  child.once('close', () => children.delete(child));
  return { pid: child.pid, stop: () => new Promise((resolve) => { child.once('close', resolve); child.kill('SIGTERM'); }) };
}
