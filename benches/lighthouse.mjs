// Runs Lighthouse with its own phone profile (a slow phone on slow 4G, both simulated) and prints the marks as a table.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startDemo, stopPrograms, temporaryFolder } from '../tests/browser/harness/programs.mjs';
import { median, table } from './harness.mjs';

/** 13 needs a newer Node than we do. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
/** Marks of performance differ from run to run; the others do not. */
const RUNS = 3;
const LEAST = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 };
const CHROME = ['--headless=new', '--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])];

const run = promisify(execFile);
const report = path.join(await temporaryFolder(), 'report.json');

/** One report. */
async function look(url) {
  const flags = ['--output=json', `--output-path=${report}`, '--quiet', `--chrome-flags=${CHROME.join(' ')}`];
  const only = `--only-categories=${Object.keys(LEAST).join(',')}`;
  const env = { ...process.env, CHROME_PATH: process.env.CHROME_PATH ?? '/usr/bin/chromium' };
  await run('npx', ['--yes', LIGHTHOUSE, url, ...flags, only], { env, maxBuffer: 1 << 26 });
  return JSON.parse(await readFile(report, 'utf8'));
}

/** What keeps a category from its mark. */
function faults({ categories, audits }, category) {
  const missed = categories[category].auditRefs.map(({ id }) => audits[id]).filter(({ score }) => score !== null && score < 0.9);
  return missed.map(({ id, title, displayValue }) => `${category}: ${id}: ${title} ${displayValue ?? ''}`);
}

const demo = await startDemo();
const rows = [];
const missed = [];
for (const [name, url] of [['home', demo.site], ['an article', demo.article]]) {
  const reports = [];
  for (let round = 0; round < RUNS; round += 1) reports.push(await look(url));
  const mark = (category) => Math.round(100 * median(reports.map(({ categories }) => categories[category].score)));
  const seconds = (audit) => (median(reports.map(({ audits }) => audits[audit].numericValue)) / 1000).toFixed(2);
  const shift = median(reports.map(({ audits }) => audits['cumulative-layout-shift'].numericValue)).toFixed(3);
  rows.push([name, ...Object.keys(LEAST).map(mark), seconds('first-contentful-paint'), seconds('largest-contentful-paint'), shift]);
  for (const [category, least] of Object.entries(LEAST)) {
    if (mark(category) < least) missed.push(`${name}, ${category} ${mark(category)}`, ...faults(reports[0], category));
  }
}
await demo.stop();
await stopPrograms();
console.log(table(['page', 'performance', 'accessibility', 'best practices', 'SEO', 'first paint, s', 'largest paint, s', 'layout shift'], rows));
if (missed.length > 0) {
  console.error(missed.join('\n'));
  process.exitCode = 1;
}
