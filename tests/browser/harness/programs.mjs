// The programs that a journey meets: the simulated WeChat and the site, each a process of the real binary with a
// temporary folder and a free port of its own.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exchange } from './exchange.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.resolve(here, '../../..');
const binary = path.resolve(process.env.WXPRESS_BIN ?? path.join(repository, 'target/debug/wxpress'));
const articles = path.join(repository, 'tests/fixtures/journeys');

export const APP_ID = 'wx5151515151515151';
const APP_SECRET = 'simulated-secret';
/** How long a program may take to be ready; a debug build on a busy machine needs a few seconds at most. */
const PATIENCE_MS = 20_000;

const children = new Set();
const folders = new Set();
process.on('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

// Without these a run that is broken off would leave its programs behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** A folder that is gone when the run ends. */
export async function temporaryFolder() {
  const folder = await mkdtemp(path.join(tmpdir(), 'wxpress-journeys-'));
  folders.add(folder);
  return folder;
}

/** Nothing of the caller's settings reaches the program. */
function environment(settings) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WXPRESS_') && !/proxy/i.test(name));
  return { ...Object.fromEntries(inherited), ...settings };
}

function start(args, settings = {}) {
  const child = spawn(binary, args, { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.log = '';
  child.stderr.on('data', (text) => (child.log += text));
  child.ended = new Promise((resolve) => child.once('close', (code) => resolve(code ?? 'a signal')));
  child.once('error', (error) => (child.log += `${binary}: ${error.message}`));
  child.ended.then(() => children.delete(child));
  return child;
}

async function stop(child) {
  child.kill('SIGKILL');
  await child.ended;
}

/** Ends every program that is still running. */
export async function stopPrograms() {
  await Promise.all([...children].map(stop));
}

/** Runs a command to its end, and returns what it printed. */
export async function run(args, settings) {
  const child = start(args, settings);
  let printed = '';
  child.stdout.on('data', (text) => (printed += text));
  const code = await child.ended;
  if (code !== 0) throw new Error(`wxpress ${args.join(' ')} ended with ${code}:\n${child.log}${printed}`);
  return printed;
}

// Below the ports that systems give to outgoing connections: one of those could take a port between the look at it and
// the start of the program that is to listen there.
const [FIRST_PORT, PORTS] = [15_000, 15_000];
let nextPort = Math.floor(Math.random() * PORTS);

/** A port that nobody listens at, and that no other caller in this process gets. */
export function freePort() {
  const port = FIRST_PORT + (nextPort++ % PORTS);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(freePort()) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
  });
}

/** WeChat. `domains` are the JS-SDK safe domains of its one official account. */
export async function startSimulator(domains = ['127.0.0.1', 'localhost', 'example.cn']) {
  const flags = domains.flatMap((domain) => ['--js-domain', domain]);
  const child = start(['simulator', '--listen', '127.0.0.1:0', '--app-id', APP_ID, '--app-secret', APP_SECRET, ...flags]);
  const firstLine = new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  const base = await Promise.race([firstLine, child.ended.then(() => Promise.reject(new Error(child.log)))]);
  const control = async (method, what, json) => {
    const response = await exchange(`${base}/__sim/${what}`, { method, json });
    if (response.status !== 200) throw new Error(`${method} /__sim/${what}: ${response.status} ${response.text}`);
    return response.json();
  };
  const clients = Object.fromEntries((await control('GET', 'clients')).map((client) => [client.name, client]));
  return {
    base,
    clients,
    control,
    fault: (endpoint, fault, times) => control('POST', 'faults', { endpoint, times, fault }),
    clearFaults: () => control('DELETE', 'faults'),
    revokeTickets: () => control('POST', `officials/${APP_ID}`, { revoke: ['jsapi'] }),
    stop: () => stop(child),
  };
}

export const SITE_NAME = '云溪新闻';
export const SITE_DESCRIPTION = '云溪县的新闻与服务';
const SEEDS = { WXPRESS_SITE__NAME: SITE_NAME, WXPRESS_SITE__DESCRIPTION: SITE_DESCRIPTION };

let imported;
/** The articles are taken in once; each site gets a copy. */
async function dataFolder() {
  imported ??= (async () => {
    const folder = await temporaryFolder();
    // The first start seeds what editors may change later.
    await run(['import', articles], { WXPRESS_DATA_DIR: folder, ...SEEDS });
    return folder;
  })();
  const folder = path.join(await temporaryFolder(), 'data');
  await cp(await imported, folder, { recursive: true });
  return folder;
}

/**
 * A site with the articles of `tests/fixtures/journeys`. `base(port)` is its public address, `wechat` where it
 * finds WeChat's API (none: no account), `prepare(folder)` may add to its data folder, `settings` to its environment;
 * `folder` is a data folder that is there already.
 */
export async function startSite({ wechat, base = (port) => `http://127.0.0.1:${port}`, prepare, settings = {}, folder: known }) {
  const [folder, port] = [known ?? await dataFolder(), await freePort()];
  await prepare?.(folder);
  const account = wechat && {
    WXPRESS_WECHAT__OFFICIAL__APP_ID: APP_ID,
    WXPRESS_WECHAT__OFFICIAL__APP_SECRET: APP_SECRET,
    WXPRESS_WECHAT__OFFICIAL__API_BASE_URL: wechat,
    WXPRESS_WECHAT__OFFICIAL__JS_DOMAIN: new URL(base(port)).hostname,
  };
  const chosen = {
    WXPRESS_SITE__BASE_URL: base(port),
    ...SEEDS,
    WXPRESS_SERVER__LISTEN: `127.0.0.1:${port}`,
    WXPRESS_DATA_DIR: folder,
    ...account,
    ...settings,
  };
  const child = start(['serve'], chosen);
  const local = `http://127.0.0.1:${port}`;
  const site = {
    base: base(port),
    /** Where the process listens, whatever its public address is. */
    local,
    pid: child.pid,
    folder,
    /** Runs another command of the program on the same site, and returns what it printed. */
    run: (...args) => run(args, chosen),
    prefix: new URL(base(port)).pathname.replace(/\/$/, ''),
    at: (target) => base(port) + target,
    log: () => child.log,
    stop: () => stop(child),
  };
  await answering(`${local}/healthz`, child);
  return site;
}

/** The same, and its ticket is there: pages carry values. */
export async function startReadySite(options) {
  const site = await startSite(options);
  const home = site.local + site.prefix;
  const url = `${home}/api/v1/share-config?path=${encodeURIComponent(`${site.prefix}/`)}`;
  await eventually(async () => (await exchange(url)).json().official, () => `a ticket; the site says:\n${site.log()}`);
  return site;
}

async function answering(url, child) {
  let ended = false;
  child.ended.then(() => (ended = true));
  const answers = async () => {
    if (ended) throw new Error(`wxpress serve ended:\n${child.log}`);
    return exchange(url).then((response) => response.status === 200, () => false);
  };
  await eventually(answers, () => `${url}; the site says:\n${child.log}`);
}

/** Asks again until the answer is true. For what has no event to wait for. */
export async function eventually(question, what, patience = PATIENCE_MS, pause = 25) {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The demo, as a newcomer starts it: the addresses that it prints, by the words beside them. */
export async function startDemo() {
  const child = start(['demo', '--listen', '127.0.0.1:0']);
  const printed = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
      const addresses = Object.fromEntries([...text.matchAll(/· (.+?) {2,}(http\S+)\n/g)].map(([, words, url]) => [words, url]));
      if (text.includes('Ctrl-C')) resolve(addresses);
    });
    child.ended.then((code) => reject(new Error(`wxpress demo ended with ${code}:\n${child.log}`)));
  });
  await answering(printed['the site'], child);
  return { site: printed['the site'], article: printed['an article'], card: printed['what WeChat shows'], stop: () => stop(child) };
}

let shared;
/** WeChat and a site in good health, for all journeys that leave them so. */
export function healthy() {
  shared ??= (async () => {
    const wechat = await startSimulator();
    return { wechat, site: await startReadySite({ wechat: wechat.base }) };
  })();
  return shared;
}
