// When WeChat, its script or its API is not well: the page is complete all the same, and the card comes right as soon
// as it can.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { exchange } from '../harness/exchange.mjs';
import { startFront } from '../harness/front.mjs';
import { freePort, healthy, startReadySite, startSimulator, startSite } from '../harness/programs.mjs';
import { SDK, withPhone } from '../harness/phone.mjs';
import { QUOTES, pictureAddress, plain } from './cards.mjs';

const [FIRST, SECOND] = ['res.wx.qq.com', 'res2.wx.qq.com'];
const GARBAGE = { contentType: 'application/javascript', body: '<!doctype html><title>502 Bad Gateway</title>' };
const EMPTY = { contentType: 'application/javascript', body: '' };
const MISSING = { status: 404, contentType: 'text/html', body: 'not found' };

async function assertRightCard(phone, site) {
  const imgUrl = await pictureAddress(site, QUOTES);
  const { title, desc } = QUOTES;
  assert.deepEqual(plain(await phone.share('chat')), { title, desc, link: site.at(QUOTES.path), imgUrl });
  assert.deepEqual(plain(await phone.share('moments')), { title, desc: '', link: site.at(QUOTES.path), imgUrl });
}

/** All that a reader wants is there, and none of our scripts stumbled. */
async function assertComplete(phone) {
  assert.match(await phone.page.innerText('main'), /融媒体中心今日启用[^]*大厅从早上八点开到晚上八点/);
  // Garbage in place of the SDK is a syntax error of its own.
  const ours = phone.pageErrors.filter((error) => !/^(Uncaught )?SyntaxError: Unexpected token '<'/.test(error));
  assert.deepEqual(ours, []);
  const { violations, strangers, escaped, dialogs } = phone;
  assert.deepEqual([violations, strangers, escaped, dialogs], [[], [], [], []]);
}

const outcomes = (phone) => phone.reports.filter((report) => report.event === 'config').map((report) => report.outcome);

describe("Tencent's script does not come", { concurrency: 8 }, () => {
  let wechat, site, ownCopy;
  before(async () => {
    ({ wechat, site } = await healthy());
    const prepare = (folder) => writeFile(path.join(folder, 'jweixin.js'), SDK);
    ownCopy = await startReadySite({ wechat: wechat.base, prepare });
  });

  for (const [what, answers] of [
    ['both hosts refuse', { [FIRST]: 'dead', [SECOND]: 'dead' }],
    ['both hosts answer 404', { [FIRST]: MISSING, [SECOND]: MISSING }],
    ['both hosts send something else', { [FIRST]: GARBAGE, [SECOND]: EMPTY }],
    ['both hosts never answer', { [FIRST]: 'hanging', [SECOND]: 'hanging' }],
  ]) {
    test(`${what}: the page is complete and says so`, async () => {
      await withPhone(wechat, 'android-8', { answers }, async (phone) => {
        await phone.page.goto(site.at(QUOTES.path), { waitUntil: 'domcontentloaded' });
        await assertComplete(phone);
        await phone.until(() => outcomes(phone).length > 0, 'a report');
        assert.deepEqual(outcomes(phone), ['sdk_missing']);
        const ready = await phone.page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd);
        const asked = await phone.page.evaluate(() => performance.getEntriesByType('resource').filter((entry) => /wx\.qq\.com/.test(entry.name))[0]?.startTime ?? Infinity);
        assert.ok(ready < 5000 || ready < asked + 2500, `DOMContentLoaded came after ${ready} ms`);
        await assertComplete(phone);
        const card = await phone.share('chat');
        assert.deepEqual([card.source, card.link], ['default', site.at(QUOTES.path)]);
      });
    });
  }

  for (const [what, answer] of [['refuses', 'dead'], ['never answers', 'hanging'], ['sends something else', GARBAGE], ['sends nothing', EMPTY]]) {
    test(`the first host ${what}: the second one is taken`, async () => {
      await withPhone(wechat, 'ios-8', { answers: { [FIRST]: answer } }, async (phone) => {
        await phone.page.goto(site.at(QUOTES.path), { waitUntil: 'domcontentloaded' });
        await phone.configured();
        assert.deepEqual(phone.verdicts(), ['config:ok']);
        await assertRightCard(phone, site);
        await assertComplete(phone);
        assert.deepEqual(outcomes(phone), ['ok']);
      });
    });
  }

  test('neither host answers, but the operator put a copy into the data folder', async () => {
    await withPhone(wechat, 'ios-8', { answers: { [FIRST]: 'dead', [SECOND]: GARBAGE } }, async (phone) => {
      await phone.open(ownCopy.at(QUOTES.path));
      await phone.configured();
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      await assertRightCard(phone, ownCopy);
      await assertComplete(phone);
    });
  });
});

describe("WeChat's API is not well", { concurrency: 8 }, () => {
  let wechat, site;
  before(async () => ({ wechat, site } = await healthy()));

  const textOf = (phone) => phone.page.innerText('body');
  const dataOf = (phone) => phone.page.evaluate(() => JSON.parse(document.getElementById('wx-share').textContent));

  const FAULTS = {
    'answers with a page of HTML': { kind: 'not_json' },
    'answers with nothing': { kind: 'empty' },
    'answers with half of it': { kind: 'truncated' },
    'answers 502': { kind: 'status', status: 502 },
    'is busy': { kind: 'errcode', code: -1 },
    'refuses the secret': { kind: 'errcode', code: 40125 },
    'hangs': { kind: 'hang' },
    'is slow': { kind: 'slow', ms: 60_000 },
    'sends a token without end': { kind: 'huge_body', bytes: 100_000_000 },
  };
  const assertWithoutValues = async (fault, api) => {
    const healthyText = await withPhone(wechat, 'android-8', {}, async (phone) => {
      await phone.open(site.at(QUOTES.path));
      return textOf(phone);
    });
    const poor = await startSite({ wechat: api });
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      const began = performance.now();
      const answer = await exchange(poor.local + QUOTES.path);
      assert.equal(answer.status, 200);
      assert.ok(performance.now() - began < 3000, 'a page never waits for WeChat');
      await phone.open(poor.at(QUOTES.path));
      assert.equal(await textOf(phone), healthyText);
      const data = await dataOf(phone);
      assert.equal(data.official, undefined);
      assert.deepEqual([data.card.title, data.card.desc], [QUOTES.title, QUOTES.desc]);
      // Values are asked for once; there are none, and that is no error.
      await phone.until(() => phone.asked.length === 1, 'share-config');
      await phone.settled();
      assert.deepEqual(phone.verdicts(), []);
      assert.deepEqual(phone.complaints(), {});
      assert.equal((await phone.share('chat')).link, poor.at(QUOTES.path));
    });
    assert.doesNotMatch(poor.log(), /simulated-secret/);
    await poor.stop();
  };

  for (const [what, fault] of Object.entries(FAULTS)) {
    test(`${what}: the page is complete, without values`, async () => {
      const ill = await startSimulator();
      await ill.fault('*', fault);
      await assertWithoutValues(what, ill.base);
      await ill.stop();
    });
  }
  test('is not there: the page is complete, without values', async () => {
    await assertWithoutValues('dead', `http://127.0.0.1:${await freePort()}`);
  });

  test('a site without any account is an ordinary news site, also inside WeChat', async () => {
    const ordinary = await startSite({});
    await withPhone(wechat, 'ios-8', {}, async (phone) => {
      await phone.open(`${ordinary.at(QUOTES.path)}?from=timeline&isappinstalled=0`, ordinary.at(QUOTES.path));
      await phone.settled();
      assert.deepEqual([phone.asked, phone.verdicts()], [[], []]);
      assert.deepEqual([...phone.hosts], ['127.0.0.1']);
      assert.deepEqual(phone.complaints(), {});
      await assertComplete(phone);
    });
    await ordinary.stop();
  });
});

describe('values come late or grow old', { concurrency: 8 }, () => {
  test('a page that was answered before the first ticket came asks once and has the right card', async () => {
    const wechat = await startSimulator();
    const api = await startFront();
    api.target = wechat.base;
    const held = api.hold(/./);
    const site = await startSite({ wechat: `http://127.0.0.1:${api.port}` });
    await withPhone(wechat, 'android-8', {}, async (phone) => {
      await phone.open(`${site.at(QUOTES.path)}?from=timeline&isappinstalled=0`, site.at(QUOTES.path));
      assert.deepEqual(phone.asked, []);
      await held.arrived;
      held.release();
      await phone.configured();
      assert.deepEqual(phone.asked, [QUOTES.path], phone.story());
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      await assertRightCard(phone, site);
      assert.deepEqual(phone.complaints(), {});
    });
    await site.stop();
    api.stop();
    await wechat.stop();
  });

  /** A page with values of a ticket that died on the way; `heal` brings a site that knows the next one. The old site
      never learns it: its own calls are held back, or a quick one would mend itself between the two attempts. */
  const withStalePage = async (client, heal, act) => {
    const wechat = await startSimulator();
    const [front, api] = [await startFront(), await startFront()];
    api.target = wechat.base;
    const base = () => `http://news.example.cn:${front.port}`;
    const old = await startReadySite({ wechat: `http://127.0.0.1:${api.port}`, base });
    const ignorance = api.hold(/./);
    front.target = old.local;
    await withPhone(wechat, client, {}, async (phone) => {
      const held = front.hold(/\/articles\//);
      const opening = phone.page.goto(old.at(QUOTES.path), { waitUntil: 'commit' });
      opening.catch(() => { /* awaited below; what goes wrong before is said first */ });
      await held.arrived;
      await wechat.revokeTickets();
      if (heal) front.target = (await startReadySite({ wechat: wechat.base, base })).local;
      held.release();
      await opening;
      await act(phone, old);
    });
    ignorance.release();
    front.stop();
    api.stop();
    await wechat.stop();
  };

  for (const client of ['ios-8', 'android-8', 'android-7.0', 'android-6.6', 'windows', 'windows-undefined', 'late-bridge', 'iframe-bridge']) {
    test(`a ticket that was revoked after the page was made is replaced once: ${client}`, async () => {
      await withStalePage(client, true, async (phone, site) => {
        await phone.configured(2);
        assert.deepEqual(phone.verdicts(), ['config:invalid signature', 'config:ok']);
        assert.deepEqual(phone.asked, [QUOTES.path]);
        await assertRightCard(phone, site);
        assert.deepEqual(outcomes(phone), ['error', 'ok_again']);
        assert.deepEqual(phone.complaints(), {});
      });
    });
  }

  test('while the site does not know it yet, the page tries twice and not again', async () => {
    await withStalePage('android-8', false, async (phone, site) => {
      await phone.configured(2);
      await phone.settled();
      assert.deepEqual(phone.verdicts(), ['config:invalid signature', 'config:invalid signature']);
      assert.deepEqual(phone.asked, [QUOTES.path]);
      assert.deepEqual(outcomes(phone), ['error', 'error_again']);
      const card = await phone.share('chat');
      assert.deepEqual([card.source, card.link, card.title], ['default', site.at(QUOTES.path), QUOTES.title]);
      await assertComplete(phone);
    });
  });
});
