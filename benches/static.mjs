// The signed article page beside nginx, which sends the same bytes with the same headers from a file.
import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { eventually, freePort, startReadySite, startSimulator, temporaryFolder } from '../tests/browser/harness/programs.mjs';
import { exchange } from '../tests/browser/harness/exchange.mjs';
import { inTurn, load, p99, rate, ratio, serve, table, times } from './harness.mjs';

const ARTICLE = '/articles/quotes';
const TAIL = '?from=singlemessage&isappinstalled=0&scene=1';
const GZIP = { 'Accept-Encoding': 'gzip' };
/** What each server says in its own way. */
const OWN = new Set(['date', 'content-length', 'connection', 'keep-alive', 'content-type', 'content-encoding', 'transfer-encoding']);

/** The answer as it travels. */
function fetchRaw(url, headers) {
  return new Promise((resolve, reject) => {
    http.get(url, { headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}

const quoted = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

async function nginx(site) {
  const [plain, packed] = [await fetchRaw(site.local + ARTICLE, {}), await fetchRaw(site.local + ARTICLE, GZIP)];
  if (packed.headers['content-encoding'] !== 'gzip') throw new Error('the site does not compress');
  const folder = await temporaryFolder();
  const port = await freePort();
  await mkdir(path.join(folder, 'root/articles'), { recursive: true });
  await writeFile(path.join(folder, 'root', ARTICLE), plain.body);
  await writeFile(path.join(folder, 'root', `${ARTICLE}.gz`), packed.body);
  const same = Object.entries(plain.headers).filter(([name]) => !OWN.has(name));
  const headers = same.map(([name, value]) => `add_header ${name} ${quoted(value)};`).join('\n      ');
  // As fast as nginx goes: one process, files kept open, no log, connections without end.
  await writeFile(path.join(folder, 'nginx.conf'), `
daemon off;
user root;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  server_tokens off;
  etag off;
  types { }
  default_type "${plain.headers['content-type']}";
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder}/root;
    location / {
      gzip_static on;
      add_header Last-Modified "";
      ${headers}
    }
  }
}
`);
  serve('nginx', ['-c', `${folder}/nginx.conf`, '-p', folder]);
  const base = `http://127.0.0.1:${port}`;
  await eventually(() => exchange(base + ARTICLE).then(({ status }) => status === 200, () => false), () => 'nginx');
  const theirs = await fetchRaw(base + ARTICLE, GZIP);
  if (!theirs.body.equals(packed.body)) throw new Error('nginx sends other bytes');
  return base;
}

/** The table. */
export async function beside(rounds, seconds) {
  const wechat = await startSimulator();
  const site = await startReadySite({ wechat: wechat.base });
  const sign = await startReadySite({ wechat: wechat.base, settings: { WXPRESS_WECHAT__SECOND_HAND: 'sign' } });
  const file = await nginx(site);
  const rows = [];
  for (const [name, headers] of [['plain', {}], ['gzip', GZIP]]) {
    const results = await inTurn([
      ['nginx', () => load(file + ARTICLE, { seconds, headers })],
      ['wxpress', () => load(site.local + ARTICLE, { seconds, headers })],
      ['sign', () => load(sign.local + ARTICLE + TAIL, { seconds, headers })],
    ], rounds);
    const theirs = results.nginx;
    const row = (server, loads) => rows.push([`${name}, ${server}`, rate(loads), times(ratio(loads, theirs)), p99(loads), times(ratio(loads, theirs, (one) => one.p99))]);
    row('nginx, a file', theirs);
    row('wxpress', results.wxpress);
    row('wxpress, `sign`, second hand', results.sign);
  }
  return table(['the signed article page', 'answers a second', 'of nginx’s', 'p99, ms', 'of nginx’s'], rows);
}
