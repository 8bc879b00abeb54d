// The first script of a page: whatever address a reader comes by, the page ends at the canonical one after one step,
// or stays and is signed for where it is. It never loops.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startFront } from '../harness/front.mjs';
import { healthy, startReadySite } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { QUOTES, pictureAddress, plain } from './cards.mjs';

const SHORT = 'from=singlemessage&isappinstalled=0';
const FULL = 'from=timeline&isappinstalled=0&scene=1&clicktime=1740900000&enterid=1740900000';

/** Each: what is opened after the canonical address, and the fragment that has to be left. */
const TAILS = [
  ['the short tail', `?${SHORT}`, ''],
  ['the full tail', `?${FULL}`, ''],
  ['a doubled tail', `?${SHORT}&${FULL}`, ''],
  ['a tail three times', `?${SHORT}&${SHORT}&${SHORT}`, ''],
  ['a tail before a fragment', `?${FULL}#fn-1`, '#fn-1'],
  ['a fragment of Chinese', `?${SHORT}#%E5%A4%A7%E5%8E%85`, '#%E5%A4%A7%E5%8E%85'],
  ['an empty query', '?', ''],
  ['an empty query and a fragment', '?#text', '#text'],
  ['a Chinese query', '?关键词=新闻', ''],
  ['lower-case escapes', '?q=%e6%96%b0%e9%97%bb', ''],
  ['escapes of both cases, quotes and bars', "?q=%E6%96%b0'|`{}\"<>^", ''],
  ['a stray percent sign', '?q=100%', ''],
  ['an OAuth return', '?code=081abc&state=x', ''],
  ['a very long query', `?x=${'长'.repeat(600)}`, ''],
];

/** In the page, before its first script. */
const noSessionStorage = () => {
  Object.defineProperty(window, 'sessionStorage', { get: () => { throw new DOMException('denied', 'SecurityError'); } });
};
const fullSessionStorage = () => {
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
};
const noMemoryAtAll = () => {
  Object.defineProperty(window, 'sessionStorage', { get: () => { throw new DOMException('denied', 'SecurityError'); } });
  Object.defineProperty(window, 'name', { get: () => '', set: () => {} });
};

describe('the guard leads to the canonical address', { concurrency: 4 }, () => {
  let wechat, site, canonical, imgUrl;
  before(async () => {
    ({ wechat, site } = await healthy());
    canonical = site.at(QUOTES.path);
    imgUrl = await pictureAddress(site, QUOTES);
  });

  const assertCard = async (phone) => {
    const card = await phone.share('chat');
    assert.deepEqual(plain(card), { title: QUOTES.title, desc: QUOTES.desc, link: canonical, imgUrl });
    assert.equal(card.verdict.config, 'config:ok');
  };

  const arrives = (options, from, to, redirects) =>
    withPhone(wechat, 'android-8', options, async (phone) => {
      await phone.open(from, to);
      await phone.configured();
      assert.equal(phone.redirects(), redirects, phone.visits.join(' '));
      assert.deepEqual(phone.asked, [], 'the values of the page itself were right');
      await assertCard(phone);
      assert.deepEqual(phone.complaints(), {});
      // Nothing of the step is left for the next view.
      assert.equal(await phone.page.evaluate(() => window.name), '');
    });

  for (const [what, tail, fragment] of TAILS) {
    test(`by ${what}`, () => arrives({}, canonical + tail, canonical + fragment, 1));
  }
  test('by the canonical address it does nothing', () => arrives({}, canonical, canonical, 0));
  test('by a fragment that looks like a tail it does nothing', () => {
    const address = `${canonical}#part?${SHORT}`;
    return arrives({}, address, address, 0);
  });
  test('by an escaped letter in the path', () => arrives({}, canonical.replace('quotes', '%71uotes') + `?${SHORT}`, canonical, 1));
  test('by another name of the same host', () => arrives({}, `${canonical.replace('127.0.0.1', 'localhost')}?${FULL}`, canonical, 1));
  test('when session storage throws', () => arrives({ before: noSessionStorage }, `${canonical}?${FULL}`, canonical, 1));
  test('when session storage is full', () => arrives({ before: fullSessionStorage }, `${canonical}?${FULL}`, canonical, 1));

  for (const client of ['ios-8', 'android-8', 'android-6.6', 'windows']) {
    test(`without any memory it stays, and the page is signed for the address it has: ${client}`, async () => {
      const address = `${canonical}?q=%e6%96%b0&x=新闻&${FULL}#text`;
      await withPhone(wechat, client, { before: noMemoryAtAll }, async (phone) => {
        await phone.open(address, new URL(address).href);
        await phone.configured();
        assert.equal(phone.redirects(), 0);
        assert.equal(phone.asked.length, 1);
        assert.deepEqual(phone.verdicts(), ['config:ok']);
        await assertCard(phone);
        assert.deepEqual(phone.complaints(), {});
      });
    });
  }

  test('lists have canonical addresses too: a tag in Chinese with lower-case escapes', async () => {
    await withPhone(wechat, 'ios-8', {}, async (phone) => {
      await phone.open(site.at(`/tags/%e6%96%b0%e9%97%bb?${SHORT}`), site.at('/tags/%E6%96%B0%E9%97%BB'));
      await phone.configured();
      assert.equal(phone.redirects(), 1);
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      assert.equal((await phone.share('chat')).link, site.at('/tags/%E6%96%B0%E9%97%BB'));
      assert.deepEqual(phone.complaints(), {});
    });
  });

  test('a page that was not found has no canonical address and is left where it is', async () => {
    await withPhone(wechat, 'ios-8', {}, async (phone) => {
      const address = site.at(`/articles/nobody-wrote-it?${SHORT}`);
      await phone.open(address);
      assert.equal(phone.redirects(), 0);
      assert.match(await phone.page.innerText('main'), /\S/);
    });
  });

  test('the way back leads out of the article, and forward into it again', async () => {
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      await phone.open(site.at('/'));
      await phone.open(`${canonical}?${FULL}`, canonical);
      await phone.configured();
      assert.equal(await phone.page.evaluate(() => history.length), 3, 'about:blank, the front page, the article');
      await phone.page.goBack({ waitUntil: 'commit' });
      await phone.arrive(site.at('/'));
      await phone.page.goForward({ waitUntil: 'commit' });
      await phone.arrive(canonical);
      await phone.configured();
      assert.equal(phone.visits.filter((url) => url.includes('from=')).length, 1);
      await assertCard(phone);
      assert.deepEqual(phone.complaints(), {});
    });
  });

  test('a reload stays and is signed', async () => {
    await withPhone(wechat, 'ios-8', {}, async (phone) => {
      await phone.open(`${canonical}?${FULL}#text`, `${canonical}#text`);
      await phone.configured();
      const before = phone.visits.length;
      await phone.page.reload({ waitUntil: 'load' });
      await phone.configured();
      assert.equal(phone.visits.length, before + 1);
      await assertCard(phone);
      assert.deepEqual(phone.complaints(), {});
    });
  });

  test('the same tail may be opened again and again in one tab', async () => {
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      for (const time of [1, 2, 3]) {
        await phone.open(`${canonical}?${FULL}`, canonical);
        await phone.configured();
        assert.equal(phone.visits.length, 2 * time);
      }
      await assertCard(phone);
    });
  });

  test('a page from the back-forward cache asks for fresh values once and is configured again', async () => {
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      await phone.open(canonical);
      await phone.configured();
      await phone.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
      await phone.configured(2);
      assert.deepEqual(phone.asked, [QUOTES.path]);
      assert.deepEqual(phone.verdicts(), ['config:ok', 'config:ok']);
      await assertCard(phone);
      assert.deepEqual(phone.complaints(), {});
    });
  });
});

describe('the guard meets a server that sends readers back', { concurrency: 4 }, () => {
  let wechat;
  before(async () => ({ wechat } = await healthy()));

  /** A site whose canonical address answers with a redirect to where the reader just was. */
  const bounced = async ({ from, to, tls = false, before }) => {
    const there = await startFront({ tls, redirect: (request) => `${from(here.port)}${request.url}` });
    const here = await startFront();
    const site = await startReadySite({ wechat: wechat.base, base: () => to(there.port) });
    here.target = there.target = site.local;
    const opened = `${from(here.port)}${QUOTES.path}?${FULL}`;
    await withPhone(wechat, 'android-8', { before }, async (phone) => {
      await phone.page.goto(opened, { waitUntil: 'commit' });
      // Whatever the guard tried is over once the page asks for values for the address it kept.
      await phone.until(() => phone.asked.length > 0, 'share-config');
      await phone.page.waitForLoadState('load');
      const documents = phone.visits.filter((url) => url.startsWith(from(here.port)));
      assert.ok(documents.length <= 2, `loads: ${phone.visits.join(' ')}`);
      const tried = phone.visits.filter((url) => url.startsWith(to(there.port)));
      assert.ok(tried.length <= 1, phone.visits.join(' '));
      assert.match(await phone.page.innerText('main'), /融媒体中心今日启用/);
      await phone.page.reload({ waitUntil: 'load' });
      await phone.until(() => phone.asked.length > 1, 'share-config after a reload');
      const again = phone.visits.filter((url) => url.startsWith(to(there.port)));
      assert.ok(again.length <= 2, `one try a view: ${phone.visits.join(' ')}`);
      assert.deepEqual(phone.pageErrors, []);
      assert.deepEqual(phone.strangers, []);
    });
    await site.stop();
    here.stop();
    there.stop();
  };

  const news = (port) => `http://news.example.cn:${port}`;
  const www = (port) => `http://www.example.cn:${port}`;
  const secure = (port) => `https://news.example.cn:${port}`;
  const cutName = () => Object.defineProperty(window, 'name', { get: () => '', set: () => {} });

  test('to another host', () => bounced({ from: www, to: news }));
  test('to another scheme', () => bounced({ from: news, to: secure, tls: true }));
  test('to another host, without session storage', () => bounced({ from: www, to: news, before: noSessionStorage }));
  test('to another host, with session storage but no window.name', () => bounced({ from: www, to: news, before: cutName }));
  test('to another scheme, without any memory', () => bounced({ from: news, to: secure, tls: true, before: noMemoryAtAll }));
  test('to the same host with a query that grows', async () => {
    let times = 0;
    const front = await startFront({
      redirect: (request) => (request.url === QUOTES.path ? `${QUOTES.path}?again=${(times += 1)}` : null),
    });
    const site = await startReadySite({ wechat: wechat.base, base: () => news(front.port) });
    front.target = site.local;
    for (const before of [undefined, noSessionStorage, noMemoryAtAll]) {
      times = 0;
      await withPhone(wechat, 'ios-8', { before }, async (phone) => {
        await phone.page.goto(`${news(front.port)}${QUOTES.path}?${FULL}`, { waitUntil: 'commit' });
        await phone.configured();
        assert.ok(times <= 1, `sent back ${times} times`);
        assert.deepEqual(phone.verdicts(), ['config:ok']);
        const card = await phone.share('chat');
        assert.deepEqual([card.title, card.link], [QUOTES.title, news(front.port) + QUOTES.path]);
      });
    }
    await site.stop();
    front.stop();
  });
});

describe('the guard leads over hosts and schemes to the site', { concurrency: 4 }, () => {
  let wechat;
  before(async () => ({ wechat } = await healthy()));

  for (const [what, tls, from] of [
    ['www to news', false, (port) => `http://www.example.cn:${port}`],
    ['http to https', true, null],
  ]) {
    test(what, async () => {
      const front = await startFront({ tls });
      const plainFront = await startFront();
      const base = `${tls ? 'https' : 'http'}://news.example.cn:${front.port}`;
      const site = await startReadySite({ wechat: wechat.base, base: () => base });
      front.target = plainFront.target = site.local;
      const opened = from ? from(front.port) : `http://news.example.cn:${plainFront.port}`;
      await withPhone(wechat, 'ios-8', {}, async (phone) => {
        await phone.open(`${opened}${QUOTES.path}?${FULL}#text`, `${base}${QUOTES.path}#text`);
        await phone.configured();
        assert.equal(phone.redirects(), 1);
        assert.deepEqual(phone.verdicts(), ['config:ok']);
        assert.equal((await phone.share('moments')).link, base + QUOTES.path);
        const { consoleErrors = [], ...complaints } = phone.complaints();
        assert.deepEqual(complaints, {});
        // A policy meant for TLS is noted by the browser where the page came without.
        assert.deepEqual(consoleErrors.filter((text) => !text.startsWith('The Cross-Origin-Opener-Policy header')), []);
      });
      await site.stop();
      front.stop();
      plainFront.stop();
    });
  }

  test('a page that is being left says nothing, and the next one tells how the reader came', async () => {
    const front = await startFront();
    const base = `http://news.example.cn:${front.port}`;
    const site = await startReadySite({ wechat: wechat.base, base: () => base });
    front.target = site.local;
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      // All but the canonical page is quick, so that the scripts of the page that is being left run to their end.
      const held = front.hold(new RegExp(`${QUOTES.path}$`));
      await phone.page.goto(`${base}${QUOTES.path}?${FULL}`, { waitUntil: 'commit' });
      await held.arrived;
      await phone.until(() => phone.loaded.some((url) => /\/share\.[0-9a-f]+\.js$/.test(url)), 'share.js on the page that is being left');
      assert.ok(phone.page.url().includes(FULL), 'still there');
      held.release();
      await phone.arrive(base + QUOTES.path);
      await phone.configured();
      assert.deepEqual(phone.asked, []);
      const views = phone.reports.filter((report) => report.event === 'view');
      assert.deepEqual(views.map((report) => report.from), ['timeline']);
    });
    await site.stop();
    front.stop();
  });
});
