// The site behind nginx, with deploy/nginx.conf as it is shipped but for names, ports and shorter patience.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { exchange } from './browser/harness/exchange.mjs';
import { eventually, freePort, repository, startSite, stopPrograms, temporaryFolder } from './browser/harness/programs.mjs';

const NAME = 'news.example.cn';
const ARTICLE = '/articles/quotes';
const run = promisify(execFile);

let site, nginx, agent, ca;
const ports = {};

/** The shipped file, listening where this test may. */
async function configuration(folder) {
  const shipped = await readFile(path.join(repository, 'deploy/nginx.conf'), 'utf8');
  const adapted = shipped
    .replace(/^ *listen \[::\].*\n/gm, '')
    .replace(/listen 80\b/g, `listen 127.0.0.1:${ports.plain}`)
    .replace(/listen 443\b/g, `listen 127.0.0.1:${ports.tls}`)
    .replace('127.0.0.1:8080', new URL(site.local).host)
    .replace(/\/etc\/letsencrypt\/live\/news\.example\.cn/g, folder)
    .replace(/(client_(?:header|body)_timeout) 10s/g, '$1 1s');
  const main = [
    process.getuid() === 0 ? 'user root;' : '',
    `pid ${folder}/nginx.pid;`,
    'error_log stderr warn;',
    'worker_processes 1;',
    'daemon off;',
    'events { worker_connections 512; }',
    'http {',
    'access_log off;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`),
    `include ${folder}/wxpress.conf;`,
    '}',
  ];
  await mkdir(path.join(folder, 'temp'));
  await writeFile(path.join(folder, 'wxpress.conf'), adapted);
  await writeFile(path.join(folder, 'nginx.conf'), main.join('\n'));
  return ['-p', folder, '-c', path.join(folder, 'nginx.conf')];
}

before(async () => {
  const folder = await temporaryFolder();
  const settings = { WXPRESS_SERVER__TRUSTED_PROXIES: '127.0.0.1' };
  site = await startSite({ base: () => `https://${NAME}`, settings });
  ports.plain = await freePort();
  ports.tls = await freePort();
  const certificate = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-days', '2'];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...certificate, '-keyout', `${folder}/privkey.pem`, '-out', `${folder}/fullchain.pem`]);
  ca = await readFile(`${folder}/fullchain.pem`);
  agent = new https.Agent({ ca, servername: NAME, keepAlive: true, maxSockets: 8 });
  const flags = await configuration(folder);
  const { stderr } = await run('nginx', ['-t', ...flags]);
  assert.doesNotMatch(stderr, /warn|error/, stderr);
  nginx = spawn('nginx', flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  nginx.log = '';
  nginx.stderr.on('data', (text) => (nginx.log += text));
  process.on('exit', () => nginx.kill('SIGKILL'));
  const answers = () => get('/healthz').then(({ status }) => status === 200, () => false);
  await eventually(answers, () => `nginx; it says:\n${nginx.log}`);
});

after(async () => {
  agent.destroy();
  nginx.kill('SIGTERM');
  await once(nginx, 'close');
  await stopPrograms();
});

/** One exchange through nginx. */
function get(target, { method = 'GET', headers = {}, body } = {}) {
  const options = { agent, host: '127.0.0.1', port: ports.tls, path: target, method, headers: { host: NAME, ...headers } };
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The headers that come back for these bytes, or nothing if the connection ends before. */
function raw(bytes, { port = ports.tls, secure = true } = {}) {
  return new Promise((resolve, reject) => {
    const socket = secure ? tls.connect({ host: '127.0.0.1', port, ca, servername: NAME }) : net.connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (text.includes('\r\n\r\n')) socket.destroy();
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write(bytes));
    socket.on('error', (error) => (error.code === 'ECONNRESET' ? resolve(text) : reject(error)));
    socket.on('close', () => resolve(text));
  });
}

describe('behind nginx', () => {
  test('a page arrives with the site\'s own headers', async () => {
    const [page, direct] = [await get(ARTICLE), await exchange(site.local + ARTICLE)];
    assert.equal(page.status, 200);
    assert.equal(page.body.toString(), direct.text);
    assert.match(page.body.toString(), new RegExp(`data-canonical="https://${NAME}${ARTICLE}"`));
    for (const name of ['content-security-policy', 'strict-transport-security', 'cache-control', 'etag', 'vary', 'x-content-type-options']) {
      assert.equal(page.headers[name], direct.headers[name], name);
      assert.ok(page.headers[name], name);
    }
    assert.equal(page.headers.server, 'nginx');
  });

  test('also over HTTP/2', async () => {
    const session = http2.connect(`https://${NAME}`, { createConnection: () => tls.connect({ host: '127.0.0.1', port: ports.tls, ca, servername: NAME, ALPNProtocols: ['h2'] }) });
    const request = session.request({ ':path': ARTICLE });
    const [headers] = await once(request, 'response');
    request.resume();
    await once(request, 'end');
    session.close();
    assert.equal(headers[':status'], 200);
  });

  test('what the reader has is not sent again', async () => {
    const { headers } = await get(ARTICLE);
    const again = await get(ARTICLE, { headers: { 'if-none-match': headers.etag } });
    assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, headers.etag]);
  });

  test('the compression of the site passes through', async () => {
    const plain = await get(ARTICLE);
    for (const [encoding, decode] of [['br', brotliDecompressSync], ['gzip', gunzipSync]]) {
      const { headers, body } = await get(ARTICLE, { headers: { 'accept-encoding': encoding } });
      assert.equal(headers['content-encoding'], encoding);
      assert.equal(decode(body).toString(), plain.body.toString());
      assert.equal(Number(headers['content-length']), body.length);
    }
  });

  test('a part of a picture can be asked for', async () => {
    const picture = /src="(\/media\/[^"]+)"/.exec((await get(ARTICLE)).body)[1];
    const [whole, part] = [await get(picture), await get(picture, { headers: { range: 'bytes=10-19' } })];
    assert.equal(part.status, 206);
    assert.deepEqual(part.body, whole.body.subarray(10, 20));
    assert.equal(part.headers['content-range'], `bytes 10-19/${whole.body.length}`);
    assert.equal((await get(picture, { headers: { range: 'bytes=99999999-' } })).status, 416);
  });

  test('HEAD has no body, OPTIONS says what there is', async () => {
    const [whole, head] = [await get(ARTICLE), await get(ARTICLE, { method: 'HEAD' })];
    assert.deepEqual([head.status, head.body.length, head.headers.etag], [200, 0, whole.headers.etag]);
    const options = await get(ARTICLE, { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.allow], [204, 'GET, HEAD, OPTIONS']);
  });

  test('a client cannot invent its address', async () => {
    const TRIES = 700;
    const forge = (number) => `10.${number >> 8}.${number & 255}.1`;
    const asked = '/api/v1/share-config?path=/';
    // Whom the site trusts may say who is asking: this is how the difference would show.
    const trusted = [];
    for (let number = 0; number < TRIES; number += 1) {
      trusted.push((await exchange(site.local + asked, { headers: { 'x-forwarded-for': forge(number) } })).status);
    }
    assert.ok(!trusted.includes(429));
    const forged = await Promise.all(Array.from({ length: TRIES }, (_, number) => get(asked, { headers: { 'x-forwarded-for': forge(number), forwarded: `for=${forge(number)}` } })));
    assert.ok(forged.some(({ status }) => status === 429));
  });

  test('a client that does not finish what it says is let go', { timeout: 20_000 }, async () => {
    const headers = raw(`GET / HTTP/1.1\r\nHost: ${NAME}\r\nX-Slow: `);
    const body = raw(`POST /api/v1/beacon HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: 100\r\n\r\n{`);
    // Neither reached the site, which would have answered.
    for (const answer of await Promise.all([headers, body])) assert.match(answer, /^(HTTP\/1\.1 408 .*)?$/s);
  });

  test('what is too large is refused', async () => {
    // Refused by its length, before it is sent.
    const large = await raw(`POST /api/v1/beacon HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n`);
    assert.match(large, /^HTTP\/1\.1 413 /);
    const target = await raw(`GET /?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`);
    assert.match(target, /^HTTP\/1\.1 414 /);
    const header = await raw(`GET / HTTP/1.1\r\nHost: ${NAME}\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(header, /^HTTP\/1\.1 400 /);
  });

  test('the library takes large files, and refuses at once whom it does not know', async () => {
    // Neither sends what it announces: the answer comes from the site, before the body.
    const announce = (target, length) => raw(`POST ${target} HTTP/1.1\r\nHost: ${NAME}\r\nOrigin: https://${NAME}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`);
    for (const target of ['/admin/media', `/admin/media/${'a'.repeat(32)}/replace`]) {
      assert.match(await announce(target, 100_000_000), /^HTTP\/1\.1 401 /, target);
      assert.match(await announce(target, 300_000_000), /^HTTP\/1\.1 413 /, target);
    }
    assert.match(await announce('/admin/media/aa/delete', 2_000_000), /^HTTP\/1\.1 413 /);
  });

  test('what is no request is refused, and the site goes on', async () => {
    for (const target of ['/\0', '/%00', '/articles/%00', '/articles/%FF', '/\xff', '/../../etc/passwd', '/static/..%2f..%2fsecret.key', 'http://evil.example/nothing', '//evil.example/x', '*']) {
      const answer = await raw(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`, 'latin1'));
      assert.match(answer, /^HTTP\/1\.1 (400|404|421) /, JSON.stringify(target));
      assert.doesNotMatch(answer, /evil/);
    }
    const smuggled = await raw(`POST /api/v1/beacon HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`);
    assert.match(smuggled, /^HTTP\/1\.1 400 /);
    assert.equal((await get('/')).status, 200);
    assert.deepEqual(site.log().split('\n').filter((line) => line.includes('"ERROR"')), []);
  });

  test('who tries many passwords has to wait, and who reads the page has not', async () => {
    const attempt = () => get('/admin/sign-in', { method: 'POST', headers: { origin: `https://${NAME}`, 'content-type': 'application/x-www-form-urlencoded' }, body: 'login=a' });
    const tried = await Promise.all(Array.from({ length: 40 }, attempt));
    const refused = tried.filter(({ status }) => status === 429).length;
    assert.ok(refused >= 15 && refused < 25, `${refused}`);
    const read = await Promise.all(Array.from({ length: 40 }, () => get('/admin/sign-in')));
    assert.deepEqual(read.filter(({ status }) => status !== 200).length, 0);
  });

  test('another name gets neither page nor certificate', async () => {
    const handshake = new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '127.0.0.1', port: ports.tls, servername: 'evil.example', rejectUnauthorized: false });
      socket.once('secureConnect', () => reject(new Error('shook hands')));
      socket.once('error', resolve);
    });
    assert.match((await handshake).message, /unrecognized name|alert/i);
    assert.equal(await raw('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', { port: ports.plain, secure: false }), '');
  });

  test('without TLS readers are led to TLS, and WeChat finds its file', async () => {
    const ask = (target) => exchange(`http://127.0.0.1:${ports.plain}${target}`, { headers: { host: NAME } });
    const led = await ask(`${ARTICLE}?a=%20b`);
    assert.deepEqual([led.status, led.headers.location], [301, `https://${NAME}${ARTICLE}?a=%20b`]);
    assert.equal((await ask('/MP_verify_0123456789abcdef.txt')).status, 404);
  });

  test('while the site is away readers are told to wait', async () => {
    await site.stop();
    const { status, headers, body } = await get('/');
    assert.equal(status, 503);
    assert.equal(headers['retry-after'], '10');
    assert.match(headers['content-type'], /^text\/plain; charset=utf-8/);
    assert.match(body.toString(), /网站正在维护/);
  });
});
