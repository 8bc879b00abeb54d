// People at the back office in real Chromium, each with a browser and an authenticator of their own.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { theBrowser } from './phone.mjs';

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
const STEP_MS = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows (RFC 6238). A site takes each code once: `steps` ahead, there is another one. */
export function code(secret, steps = 0) {
  const bits = [...secret.replace(/\s/g, '')].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  const word = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

export const passwordOf = (login) => `tidal Lantern 42 gorge/${[...login].reverse().join('')}`;

class Colleague {
  constructor(site, context, page) {
    Object.assign(this, { site, context, page, secret: undefined, login: undefined });
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(`${error}`));
    page.on('console', (line) => {
      // A refused form answers 409, 422 and the like, and Chromium says so.
      if (line.type() === 'error' && !/the server responded with a status of 4\d\d/.test(line.text())) this.errors.push(line.text());
    });
    page.on('dialog', (dialog) => dialog.accept());
  }

  /** Opens a page of the back office; the answer. */
  open(path) {
    return this.page.goto(`${this.site.base}/admin${path}`, { waitUntil: 'load' });
  }

  /** Where the browser is, below `/admin`, without the notice and the mark it was given on the way. */
  at() {
    const url = new URL(this.page.url());
    return (url.pathname + url.search).slice(`${this.site.prefix}/admin`.length).replace(/[?&](done|stored)=[a-z0-9-]+/g, '');
  }

  /** Fills the form whose action ends with `action` (null: the page's own address), presses `button`, waits for the next page. */
  async send(action, fields = {}, button = 'button:not(.unseen)') {
    const form = this.page.locator(action === null ? 'main form:not([action])' : `form[action$="${action}"]`).first();
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name="${name}"]`).first();
      const [tag, type] = await field.evaluate((element) => [element.tagName, element.type]);
      if (tag === 'SELECT') await field.selectOption(value);
      else if (type === 'checkbox' || type === 'radio') await form.locator(`[name="${name}"][value="${value}"]`).check();
      else if (type === 'file') await field.setInputFiles(value);
      else await field.fill(value);
    }
    const next = this.page.waitForEvent('load');
    await form.locator(button).first().click();
    await next;
    return this;
  }

  /** Comes by a link of the set-up or an invitation, and sets up what the role asks for. */
  async come(link, login, name, fields = {}) {
    this.login = login;
    const { pathname } = new URL(link);
    await this.page.goto(this.site.base.replace(/^(https?:\/\/[^/]+).*/, '$1') + pathname, { waitUntil: 'load' });
    await this.send(null, { login, name, password: passwordOf(login), again: passwordOf(login), ...fields });
    if (this.at().startsWith('/second-step/set-up')) await this.pair();
    await this.open('');
    assert.equal(this.at(), '', await this.page.locator('main').innerText());
    return this;
  }

  /** Feeds the authenticator. */
  async pair() {
    const text = await this.page.locator('main').textContent();
    [this.secret] = text.match(/\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b/) ?? assert.fail(text);
    await this.send('/second-step/set-up', { code: code(this.secret) });
  }

  /** Signs in again; `steps` as for [`code`]. */
  async signIn(steps = 1) {
    if (!this.at().startsWith('/sign-in')) await this.open('/sign-in');
    await this.send('/sign-in', { login: this.login, password: passwordOf(this.login) });
    if (this.secret) await this.send('/second-step', { code: code(this.secret, steps) });
    return this;
  }

  /** The number of the article whose page is open. */
  article() {
    return this.at().match(/^\/articles\/(\d+)/)?.[1] ?? assert.fail(this.page.url());
  }

  main() {
    return this.page.locator('main').innerText();
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.errors, [], this.login);
  }
}

/** Somebody who was never here. */
export async function stranger(site, options = {}) {
  const context = await (await theBrowser()).newContext({ viewport: DESK, locale: 'zh-CN', reducedMotion: 'reduce', serviceWorkers: 'block', ...options });
  return new Colleague(site, context, await context.newPage());
}

const linkIn = (printed) => printed.match(/https?:\/\/\S+/)?.[0] ?? assert.fail(printed);

/** The first administrator of a site, come by the link that the operator prints. */
export async function chief(site, options) {
  const someone = await stranger(site, options);
  return someone.come(linkIn(await site.run('staff', 'setup')), 'chief', '林主编', { site_name: '云溪新闻' });
}

/** Somebody who was invited. */
export async function colleague(site, login, name, role, options) {
  const someone = await stranger(site, options);
  return someone.come(linkIn(await site.run('staff', 'invite', '--name', name, '--role', role)), login, name);
}
