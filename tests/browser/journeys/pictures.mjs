// Tapping a picture: in WeChat and WeCom their own viewer opens with all pictures of the article; everywhere else, and
// whenever the client does not play along, the picture is a plain link to the whole of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { exchange } from '../harness/exchange.mjs';
import { healthy, startSimulator } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { QUOTES, SNOW } from './cards.mjs';
import { configuredInWeCom, startSiteOfBoth } from './wecom.mjs';

const HALL = '.body a.picture img[alt="大厅"]';
const COVER = '.lead-image a.picture img';
const LINKED = '.body img[alt="到另一篇"]';

/** What the client's viewer shows of the present page. */
async function viewer(phone) {
  const view = await phone.page.evaluate(() => window.__phone.view);
  return (await exchange(`${phone.wechat.base}/__sim/phone?view=${view}`)).json().viewer;
}

/** The addresses of the whole pictures, as the page links them. */
function whole(phone) {
  return phone.page.$$eval('a.picture', (links) => links.map((link) => link.href));
}

async function tap(phone, selector) {
  const calls = phone.answered('imagePreview');
  await phone.page.click(selector);
  await phone.until(() => phone.answered('imagePreview') > calls, 'the viewer');
}

async function assertShowsAll(phone, site) {
  const urls = await whole(phone);
  assert.equal(urls.length, 2);
  for (const url of urls) {
    assert.ok(url.startsWith(`${site.base}/media/`), url);
    const { status, headers } = await exchange(url);
    assert.deepEqual([status, headers['content-type']], [200, 'image/png']);
  }
  await tap(phone, HALL);
  assert.deepEqual(await viewer(phone), { urls, position: 1 });
  await tap(phone, COVER);
  assert.deepEqual(await viewer(phone), { urls, position: 0 });
  assert.equal(phone.page.url(), site.at(QUOTES.path));
  assert.equal(phone.redirects(), 0);
  assert.deepEqual(phone.complaints(), {});
}

async function assertIsALink(phone, selector) {
  const url = await phone.page.$eval(selector, (image) => image.closest('a').href);
  await phone.page.click(selector);
  await phone.arrive(url);
  assert.match(url, /\/media\/[0-9a-f]{32}\/main\.png$/);
  assert.equal(phone.answered('imagePreview'), 0);
}

describe('a tap on a picture', { concurrency: 4 }, () => {
  let wechat, site;
  before(async () => ({ wechat, site } = await healthy()));

  for (const name of ['ios-8', 'android-8', 'android-6.6', 'windows']) {
    test(`${name}: the viewer has all pictures, at the right one`, () =>
      withPhone(wechat, name, {}, async (phone) => {
        await phone.open(site.at(QUOTES.path));
        await phone.configured();
        await assertShowsAll(phone, site);
      }));
  }

  test('WeCom: its viewer, too', async () => {
    const simulator = await startSimulator();
    const both = await startSiteOfBoth(simulator);
    await withPhone(simulator, 'wecom-ios', {}, async (phone) => {
      await phone.open(both.at(QUOTES.path));
      await configuredInWeCom(phone);
      await assertShowsAll(phone, both);
    });
    await Promise.all([both.stop(), simulator.stop()]);
  });

  test('a link that the editor made stays what it is', () =>
    withPhone(wechat, 'android-8', {}, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await phone.configured();
      await phone.page.click(LINKED);
      await phone.arrive(site.at(SNOW.path));
      assert.deepEqual(phone.complaints(), {});
    }));

  test('a browser goes to the picture', () =>
    withPhone(wechat, 'browser', {}, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await assertIsALink(phone, HALL);
    }));

  test('without JavaScript, too', () =>
    withPhone(wechat, 'browser', { javaScriptEnabled: false }, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await phone.page.click(COVER);
      await phone.until(() => /\/main\.png$/.test(phone.page.url()), 'the picture');
    }));

  test('a client that refuses the page goes to the picture', async () => {
    const elsewhere = await startSimulator(['elsewhere.example.cn']);
    await withPhone(elsewhere, 'android-8', {}, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await phone.until(() => phone.verdicts().length > 0, 'wx.config');
      assert.notEqual(phone.verdicts()[0], 'config:ok');
      await assertIsALink(phone, HALL);
    });
    await elsewhere.stop();
  });

  test("without Tencent's script the client goes to the picture", () =>
    withPhone(wechat, 'android-8', { answers: { 'res.wx.qq.com': 'dead', 'res2.wx.qq.com': 'dead' } }, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await assertIsALink(phone, HALL);
    }));
});
