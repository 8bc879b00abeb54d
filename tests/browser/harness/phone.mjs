// A reader's phone: a context of one shared Chromium that behaves as a client of WeChat, with Tencent's own script
// and the simulator's bridge, and that writes down everything a journey may want to know.
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { exchange } from './exchange.mjs';

const SDK_SOURCE = readFileSync(new URL('../node_modules/weixin-js-sdk/index.js', import.meta.url), 'utf8');
/** npm packs the official script as CommonJS; this is what res.wx.qq.com answers. */
export const SDK = `(function(){var module={exports:{}},exports=module.exports;${SDK_SOURCE}
;window.wx=window.jWeixin=module.exports;})();`;

export const SDK_HOSTS = ['res.wx.qq.com', 'res2.wx.qq.com'];
/** The script's own statistics. */
const REPORT_HOST = 'open.weixin.qq.com';
const PATIENCE_MS = 20_000;

let browser;
/** Names of example.cn lead to this machine, all others nowhere: nothing leaves it, also not by a mistake below. */
export function theBrowser() {
  browser ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: ['--disable-gpu', '--host-resolver-rules=MAP *.example.cn 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  });
  return browser;
}

export async function closeBrowser() {
  if (browser) await (await browser).close();
}

const isOurs = (hostname) => ['127.0.0.1', 'localhost'].includes(hostname) || hostname.endsWith('.example.cn');

/** What runs before the page: violations of the policy and escaped texts call home. */
function watch() {
  document.addEventListener('securitypolicyviolation', (violation) => {
    const { effectiveDirective, blockedURI, sample } = violation;
    window.__violation(`${effectiveDirective} ${blockedURI} ${sample}`);
  });
  window.xss = (where) => window.__escaped(String(where));
}

const bridges = new Map();
function bridge(wechat, clientName) {
  const url = `${wechat.base}/__sim/phone.js?client=${clientName}`;
  if (!bridges.has(url)) bridges.set(url, exchange(url).then((response) => response.text));
  return bridges.get(url);
}

/**
 * `answers`: what each host of the SDK does: `sdk`, `dead`, `hanging`, or a body. `before`: a function that runs in the
 * page before its first script. `opened`: `card`, or `text` for an address tapped in a message.
 */
async function pickUp(wechat, clientName, options = {}) {
  const client = wechat.clients[clientName];
  if (!client) throw new Error(`no client ${clientName}`);
  const { opened = 'card', answers = {}, before, ...rest } = options;
  const { width, height, touch } = client.screen;
  const context = await (await theBrowser()).newContext({
    userAgent: client.userAgent,
    viewport: { width, height },
    hasTouch: touch,
    isMobile: touch,
    locale: 'zh-CN',
    ignoreHTTPSErrors: true,
    serviceWorkers: 'block',
    ...rest,
  });
  const phone = new Phone(wechat, client, context);
  await context.exposeBinding('__violation', (_source, what) => phone.note('violations', what));
  await context.exposeBinding('__escaped', (_source, where) => phone.note('escaped', where));
  await context.exposeBinding('__wxNative', (source, text) => phone.native(source.frame.url(), text, opened));
  await context.addInitScript(watch);
  if (before) await context.addInitScript(before);
  await context.addInitScript({ content: await bridge(wechat, clientName) });
  await context.route((url) => !isOurs(url.hostname), (route) => phone.answer(route, answers));
  return phone.begin();
}

class Phone {
  constructor(wechat, client, context) {
    Object.assign(this, { wechat, client, context });
    this.changed = new EventEmitter().setMaxListeners(0);
    /** Messages of the bridge with their replies, by view; the last view is the present page. */
    this.views = new Map();
    /** Main documents that were asked for, in order. */
    this.visits = [];
    /** Paths that were asked of share-config. */
    this.asked = [];
    /** What was reported to the beacon. */
    this.reports = [];
    /** Addresses that answered completely. */
    this.loaded = [];
    /** Requests of the present page that are not answered yet. */
    this.pending = new Set();
    this.violations = [];
    this.escaped = [];
    this.pageErrors = [];
    this.consoleErrors = [];
    /** Foreign hosts that were asked for and did not answer. */
    this.strangers = [];
    /** All hosts that were asked. */
    this.hosts = new Set();
    this.dialogs = [];
    this.cookies = [];
  }

  async begin() {
    const page = (this.page = await this.context.newPage());
    page.on('pageerror', (error) => this.note('pageErrors', `${error}\n${error.stack}`));
    page.on('console', (line) => {
      if (line.type() === 'error') this.note('consoleErrors', `${line.text()} (${line.location().url})`);
    });
    page.on('dialog', (dialog) => {
      this.note('dialogs', dialog.message());
      dialog.dismiss();
    });
    page.on('request', (request) => this.see(request));
    page.on('requestfinished', (request) => {
      this.pending.delete(request);
      this.note('loaded', request.url());
    });
    page.on('requestfailed', (request) => {
      this.pending.delete(request);
      this.changed.emit('any');
    });
    page.on('framenavigated', () => this.changed.emit('any'));
    this.context.on('response', async (response) => {
      const headers = await response.allHeaders().catch(() => ({}));
      if (headers['set-cookie']) this.note('cookies', headers['set-cookie']);
    });
    return this;
  }

  see(request) {
    const url = new URL(request.url());
    if (!/^https?:$/.test(url.protocol)) return;
    this.hosts.add(url.hostname);
    // What a page sends when it ends outlives it, and no answer to that is ever seen.
    if (request.resourceType() !== 'ping') this.pending.add(request);
    if (request.isNavigationRequest() && request.frame() === this.page.mainFrame()) {
      this.pending = new Set([request]);
      this.visits.push(request.url());
    } else if (url.pathname.endsWith('/api/v1/share-config')) {
      this.asked.push(url.searchParams.get('path'));
    } else if (url.pathname.endsWith('/api/v1/beacon')) {
      this.reports.push(JSON.parse(request.postData()));
    }
    this.changed.emit('any');
  }

  note(list, what) {
    this[list].push(what);
    this.changed.emit('any');
  }

  /** Hands a message of the bridge to the simulator, with the page's true address. */
  async native(page, text, opened) {
    const message = JSON.parse(text);
    const calls = this.views.get(message.view) ?? [];
    this.views.set(message.view, calls);
    const call = { name: message.name ?? message.kind, page };
    calls.push(call);
    const address = `${this.wechat.base}/__sim/phone?client=${this.client.name}&opened=${opened}`;
    const response = await exchange(address, { method: 'POST', json: { page, message } });
    call.reply = response.json();
    this.changed.emit('any');
    return response.text;
  }

  /** What foreign hosts answer. */
  async answer(route, answers) {
    const { hostname } = new URL(route.request().url());
    const how = SDK_HOSTS.includes(hostname) ? answers[hostname] ?? 'sdk' : hostname === REPORT_HOST ? 'report' : 'stranger';
    if (how === 'hanging') return undefined;
    if (how === 'sdk') return route.fulfill({ contentType: 'application/javascript', body: SDK });
    if (how === 'report') return route.fulfill({ status: 204 });
    if (how === 'dead') return route.abort('connectionrefused');
    if (how === 'stranger') {
      this.note('strangers', route.request().url());
      return route.abort('blockedbyclient');
    }
    return route.fulfill(how);
  }

  /** Resolves when `condition` holds; looks again whenever anything happened. */
  async until(condition, what) {
    let fail;
    const tooLate = new Promise((_resolve, reject) => {
      fail = setTimeout(() => reject(new Error(`waited in vain for ${what}: ${this.story()}`)), PATIENCE_MS);
    });
    try {
      for (;;) {
        const next = once(this.changed, 'any');
        if (condition()) return;
        await Promise.race([next, tooLate]);
      }
    } finally {
      clearTimeout(fail);
    }
  }

  story() {
    const { visits, asked, pageErrors, consoleErrors, violations } = this;
    return JSON.stringify({ at: this.page.url(), visits, asked, calls: this.calls(), pageErrors, consoleErrors, violations }, null, 1);
  }

  /** The reader opens an address; it may lead on to another. */
  async open(url, arriveAt = url) {
    await this.page.goto(url, { waitUntil: 'commit' });
    await this.arrive(arriveAt);
    return this;
  }

  /** The page at this address is complete. */
  async arrive(url) {
    await this.until(() => this.page.url() === url, `the page ${url}`);
    await this.page.waitForLoadState('load');
  }

  /** The page has asked for all that it asks for at once, and everything has been answered. */
  async settled() {
    do {
      await this.until(() => this.pending.size === 0, 'answers');
      await this.page.evaluate(() => new Promise((resolve) => { setTimeout(resolve); }));
    } while (this.pending.size > 0);
  }

  /** The bridge's calls of the present page. */
  calls() {
    return [...this.views.values()].at(-1) ?? [];
  }

  answered(name) {
    return this.calls().filter((call) => call.name === name && call.reply !== undefined).length;
  }

  /** wx.config was decided `times` times on this page, and after each the page said all it had to say. */
  async configured(times = 1) {
    const lacks = this.client.lacks;
    const expected = ['preVerifyJSAPI', 'updateAppMessageShareData', 'updateTimelineShareData'];
    const names = expected.filter((name) => !lacks.includes(name));
    await this.until(() => names.every((name) => this.answered(name) >= times), `wx.config, ${times} times`);
    // The last reply has left; once the page answers it has also arrived.
    await this.page.evaluate(() => window.__phone.view);
    return this;
  }

  /** What the client decided about wx.config, in its words. */
  verdicts() {
    const replies = this.calls().filter((call) => call.name === 'preVerifyJSAPI').map((call) => call.reply);
    return replies.map((reply) => reply?.errMsg ?? reply?.err_msg?.replace('preVerifyJSAPI:', 'config:').replace('fail_', ''));
  }

  /** The reader taps an item of the share menu; the card that a recipient sees. */
  share(target) {
    return this.page.evaluate((item) => window.__phone.share(item), target);
  }

  /** How often the page itself went elsewhere. */
  redirects() {
    return this.visits.length - 1;
  }

  /** Whatever must not happen on a page that is well. */
  complaints() {
    const { pageErrors, violations, strangers, escaped, dialogs, cookies } = this;
    // Chromium has no WeChat to hand such an address to, and says so.
    const consoleErrors = this.consoleErrors.filter((text) => !/(Failed|Not allowed) to launch 'weixin:/.test(text));
    const all = { pageErrors, consoleErrors, violations, strangers, escaped, dialogs, cookies };
    return Object.fromEntries(Object.entries(all).filter(([, list]) => list.length > 0));
  }

  putAway() {
    return this.context.close();
  }
}

/** More at once only make each other slow on a small machine. */
const MOST_AT_ONCE = 4;
let busy = 0;
const queue = [];

async function takeTurn() {
  if (busy >= MOST_AT_ONCE) await new Promise((resolve) => queue.push(resolve));
  else busy += 1;
}

function passTurn() {
  const next = queue.shift();
  if (next) next();
  else busy -= 1;
}

/** Picks up a phone, does something with it, and puts it away. */
export async function withPhone(wechat, clientName, options, act) {
  await takeTurn();
  try {
    const phone = await pickUp(wechat, clientName, options);
    try {
      return await act(phone);
    } finally {
      await phone.putAway();
    }
  } finally {
    passTurn();
  }
}
