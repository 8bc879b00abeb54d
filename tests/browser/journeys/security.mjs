// What a reader's browser must never do: run a text, talk to strangers, keep a cookie.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { exchange } from '../harness/exchange.mjs';
import { healthy, repository, startReadySite } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { ARTICLES, QUOTES } from './cards.mjs';

const HOSTILE = '/articles/hostile';
const TITLE = '</title></script><script>xss("title")</script><img src=x onerror=xss("title")>"\'&lt;';
const SUMMARY = '--></script><script>xss("summary")</script><svg/onload=xss("summary")>" onmouseover="xss()';
const WECHAT_HOSTS = ['res.wx.qq.com', 'res2.wx.qq.com', 'open.weixin.qq.com'];

/** Every address of the site that shows the hostile article, found by following its own links. */
async function pagesWithIt(site) {
  const links = [...(await exchange(site.local + HOSTILE)).text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
  const own = links.filter((href) => /^\/(categories|tags)\//.test(href)).map((href) => href.replaceAll('&amp;', '&'));
  return [...new Set(['/', HOSTILE, ...own])];
}

describe('nothing of a hostile article runs', { concurrency: 8 }, () => {
  const sites = {};
  let wechat;
  before(async () => {
    const well = await healthy();
    wechat = well.wechat;
    sites.enforce = well.site;
    sites.off = await startReadySite({ wechat: wechat.base, settings: { WXPRESS_CSP__MODE: 'off' } });
  });

  for (const mode of ['enforce', 'off']) {
    test(`in title, summary, body, author, tag and category, with csp.mode ${mode}`, async () => {
      const site = sites[mode];
      const pages = await pagesWithIt(site);
      assert.ok(pages.length >= 5, pages.join(' '));
      for (const target of pages) {
        await withPhone(wechat, 'ios-8', {}, async (phone) => {
          await phone.open(site.at(target));
          await phone.configured();
          // What waits for a reader's hand is given one.
          await phone.page.evaluate(() => {
            document.querySelectorAll('main *').forEach((element) => {
              for (const name of ['mouseover', 'focus', 'toggle', 'pointerenter']) element.dispatchEvent(new Event(name, { bubbles: true }));
            });
          });
          const found = await phone.page.evaluate(() => ({
            elements: [...document.querySelectorAll('main :is(script, iframe, object, embed, form, input, style, link, meta, base, svg, math, template, textarea)')].map((element) => element.outerHTML),
            attributes: [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes].filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'srcdoc').map(({ name }) => `${element.tagName} ${name}`)),
            addresses: [...document.querySelectorAll('[href], [src]')].map((element) => element.href || element.src).filter((address) => !/^(https?|mailto|tel|data:image\/svg):?/.test(address)),
            scripts: [...document.scripts].filter((script) => !script.src && !script.type).length,
            shares: document.querySelectorAll('#wx-share').length,
          }));
          assert.deepEqual(found, { elements: [], attributes: [], addresses: [], scripts: 1, shares: 1 }, target);
          assert.deepEqual(phone.complaints(), {}, target);
        });
      }
    });

    test(`its words arrive on the card as they are, with csp.mode ${mode}`, async () => {
      const site = sites[mode];
      await withPhone(wechat, 'android-8', {}, async (phone) => {
        await phone.open(`${site.at(HOSTILE)}?from=timeline&isappinstalled=0`, site.at(HOSTILE));
        await phone.configured();
        const card = await phone.share('chat');
        assert.deepEqual([card.title, card.desc, card.link], [TITLE, SUMMARY, site.at(HOSTILE)]);
        assert.equal(await phone.page.title(), TITLE);
        assert.equal(await phone.page.innerText('h1'), TITLE);
        assert.match(await phone.page.innerText('main'), /结尾的一句话/);
        assert.deepEqual(phone.complaints(), {});
      });
    });
  }
});

describe('a page keeps to itself', { concurrency: 8 }, () => {
  let wechat, site;
  before(async () => ({ wechat, site } = await healthy()));
  const PAGES = ['/', ...ARTICLES.map((article) => article.path), '/tags/%E6%96%B0%E9%97%BB', '/articles/nobody-wrote-it'];

  for (const target of PAGES) {
    test(`${target}: no violation of the policy, no cookie, nobody but WeChat is called`, async () => {
      await withPhone(wechat, 'ios-8', {}, async (phone) => {
        await phone.open(site.at(target));
        if (!target.includes('nobody')) await phone.configured();
        await phone.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        await phone.settled();
        const strangers = [...phone.hosts].filter((host) => host !== '127.0.0.1' && !WECHAT_HOSTS.includes(host));
        assert.deepEqual(strangers, []);
        assert.deepEqual(await phone.context.cookies(), []);
        const complaints = phone.complaints();
        if (target.includes('nobody')) delete complaints.consoleErrors; // the browser notes the 404
        assert.deepEqual(complaints, {});
      });
    });
  }

  test('in a browser without WeChat nothing of WeChat is loaded', async () => {
    await withPhone(wechat, 'browser', {}, async (phone) => {
      await phone.open(`${site.at(QUOTES.path)}?from=timeline&isappinstalled=0`, site.at(QUOTES.path));
      await phone.settled();
      assert.deepEqual([...phone.hosts], ['127.0.0.1']);
      assert.deepEqual(phone.asked, []);
      assert.deepEqual(phone.complaints(), {});
    });
  });

  test('without JavaScript the page is readable, also by an address with a tail', async () => {
    await withPhone(wechat, 'android-8', { javaScriptEnabled: false }, async (phone) => {
      await phone.open(`${site.at(QUOTES.path)}?from=timeline&isappinstalled=0`);
      assert.equal(await phone.page.innerText('h1'), QUOTES.title);
      assert.match(await phone.page.innerText('main'), /大厅从早上八点开到晚上八点/);
      assert.equal(await phone.page.locator('main img').count(), 3);
      await phone.open(site.at('/'));
      await phone.page.getByRole('link', { name: '停水通知' }).click();
      await phone.arrive(site.at('/articles/no-picture'));
      assert.match(await phone.page.innerText('main'), /请提前储水/);
    });
  });

  test('nothing is styled or scripted in an attribute, and there is no style element', async () => {
    for (const target of PAGES) {
      await withPhone(wechat, 'browser', {}, async (phone) => {
        await phone.open(site.at(target));
        const found = await phone.page.evaluate(() => {
          const all = [...document.querySelectorAll('*')];
          const attributes = all.flatMap((element) => [...element.attributes].map(({ name }) => name));
          return [...attributes.filter((name) => name === 'style' || name.startsWith('on')), ...document.querySelectorAll('style')];
        });
        assert.deepEqual(found, [], target);
      });
    }
  });

  test('the only script in the markup is the guard, and no value stands in it', async () => {
    const guard = await readFile(path.join(repository, 'static/guard.js'), 'utf8');
    for (const target of PAGES) {
      const { text, headers } = await exchange(site.local + target);
      const scripts = [...text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
      const inline = scripts.filter(([, attributes]) => !/\bsrc=/.test(attributes));
      const kinds = [' type="application/json" id="wx-share"', ' type="application/ld+json"'];
      const data = inline.filter(([, attributes]) => kinds.includes(attributes));
      const code = inline.filter(([, attributes]) => attributes === '');
      assert.equal(inline.length, data.length + code.length, target);
      assert.deepEqual(code.map(([, , source]) => source), [guard], target);
      assert.equal(new Set(data.map(([, attributes]) => attributes)).size, data.length, target);
      data.forEach(([, , json]) => JSON.parse(json));
      assert.equal(headers['set-cookie'], undefined);
      assert.match(headers['content-security-policy'], /default-src 'none'/);
      assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
    }
  });
});
