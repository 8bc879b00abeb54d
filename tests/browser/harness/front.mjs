// A front server before the site, as a provider's proxy would be: it may answer under several names, redirect, keep
// requests waiting, or speak TLS with a certificate of its own making.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './programs.mjs';

let credentials;
function certificate() {
  credentials ??= (async () => {
    const folder = await temporaryFolder();
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const names = ['-subj', '/CN=news.example.cn', '-days', '2', '-keyout', key, '-out', cert];
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...names]);
    return { key: await readFile(key), cert: await readFile(cert) };
  })();
  return credentials;
}

/**
 * `redirect(request)` may name another address for a request. Set `target` to where the site listens; `hold()` keeps
 * the answers to matching requests back until `release()`; `arrived` resolves with the first.
 */
export async function startFront({ tls = false, redirect = () => null } = {}) {
  const front = { target: null, port: 0, held: null };
  const handle = async (request, response) => {
    const elsewhere = redirect(request, front);
    if (elsewhere) return response.writeHead(302, { location: elsewhere }).end();
    return forward(front, request, response);
  };
  const server = tls ? https.createServer(await certificate(), handle) : http.createServer(handle);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  front.port = server.address().port;
  front.hold = (pattern) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    front.held = { matches: (url) => pattern.test(url), released };
    const arrived = new Promise((resolve) => (front.onWaiting = resolve));
    return { release, arrived };
  };
  front.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  // Nobody waits for a front server.
  server.unref();
  return front;
}

function forward(front, request, response) {
  const { method, headers, url } = request;
  const onward = http.request(front.target + url, { method, headers }, async (answer) => {
    if (front.held?.matches(url)) {
      front.onWaiting?.();
      await front.held.released;
    }
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => response.destroy());
  request.pipe(onward);
}
