// What counts as a view: a page that somebody looks at, once, in whatever browser it is.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { healthy } from '../harness/programs.mjs';
import { theBrowser, withPhone } from '../harness/phone.mjs';
import { QUOTES } from './cards.mjs';

/** In the page, before its first script: nobody looks at it until `show` is called. */
const hidden = () => {
  let state = 'hidden';
  Object.defineProperty(document, 'visibilityState', { get: () => state });
  window.show = () => {
    state = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
  };
  window.hide = () => {
    state = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
  };
};
const prerendered = () => {
  let waiting = true;
  Object.defineProperty(document, 'prerendering', { get: () => waiting });
  window.show = () => {
    waiting = false;
    document.dispatchEvent(new Event('prerenderingchange'));
  };
};
const views = (phone) => phone.reports.filter((report) => report.event === 'view');

describe('a view is counted once, and only when it is one', { concurrency: 4 }, () => {
  let wechat, site;
  before(async () => {
    ({ wechat, site } = await healthy());
  });

  for (const [what, script] of [['behind another tab', hidden], ['rendered ahead of time', prerendered]]) {
    test(`a page ${what} is none until somebody looks at it`, async () => {
      await withPhone(wechat, 'android-8', { before: script }, async (phone) => {
        await phone.open(`${site.at(QUOTES.path)}?from=groupmessage&isappinstalled=0`, site.at(QUOTES.path));
        await phone.configured();
        assert.deepEqual(views(phone), []);
        await phone.page.evaluate(() => window.show());
        await phone.until(() => views(phone).length === 1, 'the view');
        assert.equal(views(phone)[0].from, 'groupmessage', 'how the reader came is not forgotten meanwhile');
        await phone.page.evaluate(() => window.show());
        assert.equal(views(phone).length, 1);
      });
    });
  }

  test('leaving the tab, coming back, and the back-forward cache are no further views', async () => {
    await withPhone(wechat, 'ios-8', { before: hidden }, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      await phone.page.evaluate(() => window.show());
      await phone.until(() => views(phone).length === 1, 'the view');
      await phone.page.evaluate(() => {
        window.hide();
        window.show();
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      });
      await phone.configured(2);
      assert.equal(views(phone).length, 1);
    });
  });

  test('a browser that knows nothing of WeChat counts too', async () => {
    const context = await (await theBrowser()).newContext({ userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36' });
    const page = await context.newPage();
    const reported = page.waitForRequest((request) => request.url().endsWith('/api/v1/beacon'));
    await page.goto(site.at(QUOTES.path));
    const { event, from, token } = JSON.parse((await reported).postData());
    assert.deepEqual([event, from, typeof token], ['view', '', 'string']);
    await context.close();
  });
});
