// The site under load while WeChat is in trouble, beside the same site while it is well; and ten thousand readers of a
// site that has nothing yet. `benches/faults` starts this.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exchange } from '../tests/browser/harness/exchange.mjs';
import { startReadySite, startSimulator, startSite, stopPrograms } from '../tests/browser/harness/programs.mjs';
import { median } from './harness.mjs';

const SECONDS = Number(process.argv[2] ?? 5);
/** Each load is repeated, and the median counts: a p99 that something else on the machine spoilt is not the site's. */
const ROUNDS = 3;
/** About 300 a second. */
const READERS = 32;
const PAUSE_MS = 100;
const ARTICLE = '/articles/quotes';
const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
/** A gigabyte. */
const HUGE = 2 ** 30;

const errcode = (code) => ({ kind: 'errcode', code });
/** The list of the fault modes, in its order; the first two are no answers of the simulator's. */
const FAULTS = [
  ['nobody there', 'nobody'],
  ['garbage instead of TLS', 'tls'],
  ['no answer', { kind: 'hang' }],
  ['an answer after 30 s', { kind: 'slow', ms: 30_000 }],
  ['a byte a second', { kind: 'drip', ms_per_byte: 1000 }],
  ['reset in the middle', { kind: 'cut_off' }],
  ...[500, 502, 503, 429].map((status) => [`HTTP ${status}`, { kind: 'status', status }]),
  ['redirect elsewhere', { kind: 'redirect', location: 'http://127.0.0.1:9/' }],
  ['200, empty', { kind: 'empty' }],
  ['200, HTML', { kind: 'not_json' }],
  ['200, half of the JSON', { kind: 'truncated' }],
  ['200, a body of 1 GiB', { kind: 'huge_body', bytes: HUGE }],
  ['200, a gzip bomb of 1 GiB', { kind: 'gzip_bomb', bytes: HUGE }],
  ...[-1, 40001, 40013, 40125, 40164, 42001, 45009, 40243].map((code) => [`errcode ${code}`, errcode(code)]),
  ...[0, -1, '7200', 1e12].map((value) => [`expires_in ${JSON.stringify(value)}`, { kind: 'expires_in', value }]),
  ['a token with a line break', { kind: 'credential', value: 'a\r\nb' }],
  ['a token of 5 MB', { kind: 'long_credential', bytes: 5_000_000 }],
  ['a number for a token', { kind: 'credential', value: 5 }],
  ['revoked at once', { kind: 'revoked' }],
  ['a Date of another day', { kind: 'skewed_date', seconds: -86_400 }],
];

async function load(site, { readers = READERS, pause = PAUSE_MS, seconds = SECONDS, headers = [] } = {}) {
  const options = ['-t1', `-c${readers}`, `-d${seconds}s`, '--timeout', '30s', '-s', SCRIPT, ...headers.flatMap((header) => ['-H', header])];
  const env = { ...process.env, PAUSE_MS: String(pause) };
  const { stdout } = await promisify(execFile)('wrk', [...options, site.local + ARTICLE], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** The article's text, and what the phone says to the values beside it. */
async function look(site, wechat) {
  const { status, text } = await exchange(site.local + ARTICLE);
  assert.equal(status, 200);
  const main = text.match(/<main[\s\S]*<\/main>/)[0];
  const { official } = JSON.parse(text.match(/id="wx-share">(.*?)<\/script>/s)[1]);
  if (!official) return { main, config: 'absent' };
  const { appId, nonceStr, timestamp, signature } = official;
  const question = { app_id: appId, url: site.at(ARTICLE), nonce_str: nonceStr, timestamp: String(timestamp), signature };
  const verdict = await wechat.control('POST', 'verify', question);
  return { main, config: verdict.ok ? 'valid' : verdict.reason };
}

const addressOf = (fault, wechat) => {
  if (fault === 'nobody') return 'http://127.0.0.1:9';
  return fault === 'tls' ? wechat.base.replace('http:', 'https:') : wechat.base;
};

/** A site that starts amid the fault and lives with it while readers come. */
async function amid(fault, wechat) {
  if (fault?.kind) await wechat.fault('*', fault);
  const site = await startSite({ wechat: addressOf(fault, wechat) });
  try {
    return { ...(await load(site)), ...(await look(site, wechat)) };
  } finally {
    await site.stop();
    await wechat.clearFaults();
  }
}

const ms = (number) => number.toFixed(1);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

async function parade() {
  const wechat = await startSimulator();
  const site = await startReadySite({ wechat: wechat.base });
  const { main } = await look(site, wechat);
  await site.stop();
  console.log('| fault | requests | ≥ 500 or broken | text | config | p99 well, ms | p99 amid, ms | difference |');
  console.log('|---|---:|---:|---|---|---:|---:|---:|');
  const differences = [];
  for (const [name, fault] of FAULTS) {
    const [well, ill] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      well.push(await amid(null, wechat));
      ill.push(await amid(fault, wechat));
    }
    const p99 = [well, ill].map((loads) => median(loads.map((load) => load.p99)));
    const all = [...well, ...ill];
    const bad = sum(all.map(({ refused, broken }) => refused + broken));
    const text = all.every((load) => load.main === main) ? 'the same' : 'CHANGED';
    const configs = [...new Set(ill.map((load) => load.config))].join(', ');
    const difference = p99[1] - p99[0];
    differences.push(difference);
    const numbers = [...p99, difference].map(ms).join(' | ');
    console.log(`| ${name} | ${sum(all.map((load) => load.requests))} | ${bad} | ${text} | ${configs} | ${numbers} |`);
  }
  console.log(`\nDifferences: median ${ms(median(differences))} ms, largest ${ms(Math.max(...differences))} ms.`);
  await wechat.stop();
}

/** Ten thousand at once, before the site has anything. */
async function stampede() {
  const wechat = await startSimulator();
  await wechat.fault('*', { kind: 'slow', ms: 800 });
  const site = await startSite({ wechat: wechat.base });
  // A reader who stays would keep the next one out: a worker holds 4096 connections.
  const crowd = { readers: 10_000, pause: 0, seconds: 10, headers: ['Connection: close'] };
  const { requests, refused, broken, max } = await load(site, crowd);
  const { endpoints } = await wechat.control('GET', 'stats');
  const calls = Object.entries(endpoints).map(([endpoint, { total }]) => `${endpoint} ${total}`).join(', ');
  console.log(`Ten thousand connections to a cold site for ten seconds: ${requests} answers, ${refused} of them ≥ 400, `
    + `${broken} broken, the slowest ${ms(max)} ms; WeChat was called: ${calls}.\n`);
  await site.stop();
  await wechat.stop();
}

try {
  await stampede();
  await parade();
} finally {
  await stopPrograms();
}
