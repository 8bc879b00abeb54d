// The signed article page beside Django with Redis, which renders and signs for every request.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, freePort, startReadySite, startSimulator, temporaryFolder } from '../tests/browser/harness/programs.mjs';
import { exchange } from '../tests/browser/harness/exchange.mjs';
import { inTurn, load, p99, rate, ratio, serve, table, times } from './harness.mjs';

const run = promisify(execFile);
const ARTICLE = '/articles/quotes';
const HERE = fileURLToPath(new URL('django', import.meta.url));
const GZIP = { 'Accept-Encoding': 'gzip' };

async function django(site) {
  const folder = await temporaryFolder();
  const [port, redis] = [await freePort(), await freePort()];
  const page = (await exchange(site.local + ARTICLE)).text;
  const part = (pattern) => page.match(pattern)?.[1].trim() ?? '';
  const article = { slug: 'quotes', headline: part(/<h1>(.*?)<\/h1>/s), summary: part(/name="description"[^>]*content="(.*?)"/s), body: part(/<div class="body[^>]*>(.*?)<\/div>\s*<(?:footer|\/article)/s) };
  if (!article.body) throw new Error('the article has no body');
  await writeFile(path.join(folder, 'article.json'), JSON.stringify(article));
  const python = path.join(folder, 'venv/bin');
  await run('python3', ['-m', 'venv', path.join(folder, 'venv')]);
  await run(path.join(python, 'pip'), ['install', '--quiet', '-r', path.join(HERE, 'requirements.txt')]);
  const redisServer = serve('redis-server', ['--port', String(redis), '--save', '', '--dir', folder, '--loglevel', 'warning']);
  const env = { ...process.env, NEWS_FOLDER: folder, NEWS_REDIS: `redis://127.0.0.1:${redis}/0` };
  const prepare = () => run(path.join(python, 'python'), ['news.py'], { env, cwd: HERE });
  await eventually(() => run('redis-cli', ['-p', String(redis), 'ping']).then(() => true, () => false), () => 'Redis');
  await prepare();
  // One core: more processes would only wait for each other; threads keep connections open.
  const options = ['--bind', `127.0.0.1:${port}`, '--workers', '1', '--threads', '8', '--worker-class', 'gthread', '--keep-alive', '60', '--log-level', 'error', 'news:application'];
  const gunicorn = serve(path.join(python, 'gunicorn'), options, { env, cwd: HERE });
  const base = `http://127.0.0.1:${port}`;
  await eventually(() => exchange(`${base}/healthz`).then(({ status }) => status === 200, () => false), () => 'Django');
  return { base, stop: async () => { await gunicorn.stop(); await redisServer.stop(); } };
}

/** The table. */
export async function besideDjango(rounds, seconds) {
  const wechat = await startSimulator();
  const site = await startReadySite({ wechat: wechat.base });
  const peer = await django(site);
  // One after the other: both at once would share the core.
  const once = (url) => load(url + ARTICLE, { seconds, headers: GZIP });
  const results = {};
  results.django = (await inTurn([['django', () => once(peer.base)]], rounds)).django;
  await peer.stop();
  results.wxpress = (await inTurn([['wxpress', () => once(site.local)]], rounds)).wxpress;
  const row = (name, loads) => [name, rate(loads), times(ratio(loads, results.django)), p99(loads)];
  const rows = [row('Django and Redis', results.django), row('wxpress', results.wxpress)];
  return table(['the signed article page, gzip', 'answers a second', 'of Django’s', 'p99, ms'], rows);
}
