// The same site with a thousand, a hundred thousand and a million articles: what readers ask for, what the process
// takes, how soon the first page is there.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, startReadySite, startSimulator } from '../tests/browser/harness/programs.mjs';
import { exchange } from '../tests/browser/harness/exchange.mjs';
import { load, table } from './harness.mjs';

const run = promisify(execFile);
const GROW = fileURLToPath(new URL('grow.py', import.meta.url));
const SIZES = (process.env.BENCH_SIZES ?? '1000,100000,1000000').split(',').map(Number);
/** Making the index of a million articles takes the better part of an hour. */
const SEARCH_UP_TO = Number(process.env.BENCH_SEARCH_UP_TO ?? Infinity);
const GZIP = { 'Accept-Encoding': 'gzip' };
const ROWS = 20;

/** One answer of a question to the database file, while nobody has it open. */
async function ask(file, sql) {
  const program = 'import sqlite3, sys, json; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()))';
  const { stdout } = await run('python3', ['-c', program, file, sql]);
  return JSON.parse(stdout);
}

/** Resident memory in MiB. */
async function resident(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

async function measure(count, wechat, seconds) {
  let file;
  const prepare = async (folder) => {
    file = path.join(folder, 'wxpress.db');
    await run('python3', [GROW, file, String(count), count > SEARCH_UP_TO ? 'indexed' : 'missing']);
  };
  const settings = { RUST_LOG: 'warn', WXPRESS_SERVER__TRUSTED_PROXIES: '127.0.0.1' };
  const growing = await startReadySite({ wechat: wechat.base, settings, prepare });
  // The site brings its search index up to date by itself.
  const missing = () => ask(file, 'SELECT COUNT(*) FROM article WHERE live = \'published\' AND indexed = 0');
  await eventually(async () => (await missing())[0] === 0, () => 'the search index', 3_600_000, 5_000);
  await growing.stop();

  const [first] = await ask(file, 'SELECT MIN(article_id) FROM revision WHERE headline LIKE \'%（0）\'');
  const [category, slug] = await ask(file, 'SELECT id, slug FROM category WHERE slug = \'grown-0\'');
  const deep = Math.min(499 * ROWS, Math.floor(count / 8) - 2 * ROWS);
  const [at, id] = await ask(file, `SELECT published_at, id FROM article WHERE live = 'published' AND category_id = ${category} ORDER BY published_at DESC, id DESC LIMIT 1 OFFSET ${deep - 1}`);

  const started = performance.now();
  const site = await startReadySite({ wechat: wechat.base, settings, folder: path.dirname(file) });
  const start = performance.now() - started;
  const idle = await resident(site.pid);
  const warm = (target) => load(site.local + target, { seconds, headers: GZIP });
  await warm('/');
  const article = await warm(`/articles/${first}`);
  const home = await warm('/');
  const page = await warm(`/categories/${slug}`);
  const deepPage = await warm(`/categories/${slug}?before=${at}.${id}`);
  const env = { FIRST: String(first), COUNT: String(count) };
  const cold = await load(site.local, { seconds: Math.min(seconds * 2, count / 1000), headers: GZIP, env, connections: 16 });
  const read = await resident(site.pid);
  const asked = async (target) => (count > SEARCH_UP_TO ? null : load(site.local + target, { seconds, headers: GZIP, env: { CROWD: '1' }, connections: 4 }));
  const common = await asked(`/search?q=${encodeURIComponent('北京大学')}`);
  const rare = await asked(`/search?q=${encodeURIComponent(`（${Math.floor(count / 2)}）`)}`);
  const english = await asked('/search?q=wechat');
  const searched = await resident(site.pid);
  await site.stop();
  return { count, start, idle, article, home, page, deepPage, cold, read, common, rare, english, searched };
}

/** The table. */
export async function growth(seconds) {
  const wechat = await startSimulator();
  const results = [];
  for (const count of SIZES) results.push(await measure(count, wechat, seconds));
  const base = results[0];
  const rated = (name, of) => [name, ...results.map((one) => of(one) === null ? 'not measured' : `${Math.round(of(one).rate).toLocaleString('en')} (${(of(one).rate / of(base).rate).toFixed(2)} ×), p99 ${of(one).p99.toFixed(1)} ms`)];
  const plain = (name, of, unit) => [name, ...results.map((one) => `${of(one).toFixed(0)} ${unit}`)];
  return table(['answers a second, gzip; of the first column’s', ...results.map((one) => `${one.count.toLocaleString('en')} articles`)], [
    rated('one article, warm', (one) => one.article),
    rated('home, warm', (one) => one.home),
    rated('a category, first page, warm', (one) => one.page),
    rated('a category, 500th page (or last), warm', (one) => one.deepPage),
    rated('articles at random, cold', (one) => one.cold),
    rated('search, a common word', (one) => one.common),
    rated('search, a rare number', (one) => one.rare),
    rated('search, an English word', (one) => one.english),
    plain('first page after the start of the process', (one) => one.start, 'ms'),
    plain('resident, idle', (one) => one.idle, 'MiB'),
    plain('resident, after reading at random', (one) => one.read, 'MiB'),
    plain('resident, after searching', (one) => one.searched, 'MiB'),
  ]);
}
