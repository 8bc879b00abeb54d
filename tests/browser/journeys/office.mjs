// The back office as colleagues use it: from the first start to the first article, through review, on time, and out
// again; and what happens to a text when two write it, or when the session ends.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { exchange } from '../harness/exchange.mjs';
import { chief, colleague, DESK, PHONE, stranger } from '../harness/office.mjs';
import { APP_ID, eventually, repository, startSimulator, startSite, temporaryFolder } from '../harness/programs.mjs';
import { CORP, startSiteOfBoth } from './wecom.mjs';

const PICTURE = path.join(repository, 'src/cli/demo/samples');
const IN_WECHAT = 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.56(0x18003831)';
const BODY = '<p>老石桥今天上午恢复通行，两岸居民不必再绕行。</p><p>修缮用了八个月。</p>';

/** A site that nobody has been to. */
async function freshSite(more = {}) {
  return startSite({ folder: await temporaryFolder(), ...more });
}

/** Writes an article and stays on its page. */
async function writes(person, headline, fields = {}) {
  await person.open('/articles/new');
  await person.send('/articles/new', { headline, body: BODY, ...fields }, 'button.primary');
  return person.article();
}

/** Publishes the article whose page is open. */
async function publishes(person, id) {
  await person.open(`/articles/${id}/publish`);
  await person.send(`/articles/${id}/publish`);
}

const publicPage = (site, id) => exchange(`${site.local}${site.prefix}/articles/${id}`);

describe('a newsroom at work', { concurrency: 4 }, () => {
  for (const [device, viewport] of [['at a desk', DESK], ['on a phone', PHONE]]) {
    test(`from the first start to the first article with a picture, ${device}`, async () => {
      const site = await freshSite();
      const lin = await chief(site, { viewport });
      const id = await writes(lin, '老石桥恢复通行', { standfirst: '三孔石拱桥更换条石一百一十六块。' });
      // The lead picture: off to the library, upload there, choose it, and back.
      await lin.send(`/articles/${id}`, {}, 'button[value=lead]');
      assert.match(lin.at(), /^\/media\?choose=/);
      const upload = lin.page.locator('form[enctype="multipart/form-data"]').first();
      await upload.locator('input[type=file]').setInputFiles(`${PICTURE}/stone-bridge-reopens/bridge.jpg`);
      const choice = lin.page.locator(`form[action$="/articles/${id}/picture"]`);
      if ((await choice.count()) === 0) {
        const send = upload.locator('button:visible');
        if (await send.count()) await send.first().click();
      }
      await choice.first().waitFor();
      await lin.send(`/articles/${id}/picture`);
      assert.equal(lin.article(), id);
      // Another one goes to where the cursor is: between the two paragraphs.
      await lin.page.$eval('#body', (body) => { body.focus(); body.selectionStart = body.selectionEnd = body.value.indexOf('<p>修缮'); });
      await lin.send(`/articles/${id}`, {}, 'button[value=text]');
      await lin.send(`/articles/${id}/picture`);
      assert.match(await lin.page.inputValue('#body'), /绕行。<\/p>\s*<figure>[\s\S]*<\/figure>\s*<p>修缮/);
      await publishes(lin, id);
      const reader = await stranger(site, { viewport });
      await reader.page.goto(`${site.base}/articles/${id}`, { waitUntil: 'load' });
      assert.match(await reader.main(), /老石桥恢复通行[\s\S]*修缮用了八个月/);
      const widths = await reader.page.$$eval('main img', (pictures) => pictures.map((picture) => picture.naturalWidth));
      assert.ok(widths.length > 0 && widths.every((width) => width > 300), `${widths}`);
      assert.deepEqual(await reader.context.cookies(), []);
      await reader.leave();
      await lin.leave();
      await site.stop();
    });
  }

  test('without JavaScript everything from signing in to publishing works', async () => {
    const site = await freshSite();
    const lin = await chief(site, { javaScriptEnabled: false });
    const id = await writes(lin, '没有脚本的稿件');
    await lin.send(`/articles/${id}`, { headline: '没有脚本也能发布' }, 'button[value=publish]');
    await lin.send(`/articles/${id}/publish`);
    assert.match((await publicPage(site, id)).text, /没有脚本也能发布/);
    await lin.leave();
    await site.stop();
  });

  test('three stages of review by three people, and a remark on the way', async () => {
    const site = await freshSite();
    const lin = await chief(site);
    await lin.open('/settings');
    await lin.send('/settings', { review_stages: '3' });
    const [zhou, first, second] = await Promise.all([
      colleague(site, 'zhou', '周记者', 'writer'), colleague(site, 'wu', '吴编辑', 'editor'), colleague(site, 'zheng', '郑编辑', 'editor'),
    ]);
    const id = await writes(zhou, '三审三校的稿件');
    await zhou.send(`/articles/${id}`, {}, 'button[value=submit]');
    await zhou.open(`/articles/${id}`);
    assert.equal(await zhou.page.locator(`form[action$="/articles/${id}/approve"]`).count(), 0);

    await first.open(`/articles/${id}`);
    await first.send(`/articles/${id}/send-back`, { remark: '请核对通车日期。' });
    await zhou.open(`/articles/${id}`);
    assert.match(await zhou.main(), /请核对通车日期/);
    await zhou.send(`/articles/${id}`, { headline: '三审三校的稿件（已核对）' }, 'button[value=submit]');
    for (const reviewer of [first, second, lin]) {
      assert.equal((await publicPage(site, id)).status, 404);
      await reviewer.open(`/articles/${id}`);
      await reviewer.send(`/articles/${id}/approve`);
    }
    await publishes(lin, id);
    assert.match((await publicPage(site, id)).text, /三审三校的稿件（已核对）/);
    await Promise.all([zhou, first, second, lin].map((person) => person.leave()));
    await site.stop();
  });

  test('what is withdrawn is gone within a second, in the other process too, and its address says why', async () => {
    const site = await freshSite();
    const other = await startSite({ folder: site.folder });
    const lin = await chief(site);
    const id = await writes(lin, '将要撤下的稿件');
    await publishes(lin, id);
    await eventually(async () => (await publicPage(other, id)).status === 200, () => 'the article');
    await lin.open(`/articles/${id}/withdraw`);
    await lin.send(`/articles/${id}/withdraw`, { notice: '内容有误，特此撤稿。' });
    const gone = await publicPage(site, id);
    assert.equal(gone.status, 410);
    assert.match(gone.text, /内容有误，特此撤稿。/);
    await eventually(async () => (await publicPage(other, id)).status === 410, () => 'the notice', 1000);
    await lin.leave();
    await Promise.all([site.stop(), other.stop()]);
  });

  test('what is scheduled goes out once, although the site was stopped and two processes come back', async () => {
    const site = await freshSite();
    const lin = await chief(site);
    const id = await writes(lin, '定时发布的稿件');
    await lin.open(`/articles/${id}/publish`);
    const field = lin.page.locator('#at');
    // To the second, which the field takes when it is told to.
    const at = new Date(Date.now() + 15_000 + 8 * 3600_000).toISOString().slice(0, 19);
    await field.evaluate((element, value) => { element.step = 1; element.value = value; }, at);
    await lin.send(`/articles/${id}/schedule`);
    assert.equal((await publicPage(site, id)).status, 404);
    await lin.leave();
    await site.stop();
    const [one, two] = await Promise.all([startSite({ folder: site.folder }), startSite({ folder: site.folder })]);
    for (const process of [one, two]) {
      await eventually(async () => (await publicPage(process, id)).status === 200, () => `the article; ${process.log()}`);
    }
    const again = await stranger(two);
    Object.assign(again, { login: lin.login, secret: lin.secret });
    await again.signIn();
    const log = await again.page.evaluate(async (url) => (await fetch(url)).text(), `${two.base}/admin/log.csv?kind=published`);
    assert.equal(log.trim().split('\r\n').length, 2, log);
    assert.match(log, /定时发布的稿件/);
    await again.leave();
    await Promise.all([one.stop(), two.stop()]);
  });

  test('the second of two who write is told, and both texts are there', async () => {
    const site = await freshSite();
    const [lin, wu] = [await chief(site), await colleague(site, 'wu', '吴编辑', 'editor')];
    const id = await writes(lin, '两个人的稿件');
    await wu.open(`/articles/${id}`);
    assert.match(await wu.main(), /林主编/);
    await lin.open(`/articles/${id}`);
    await lin.send(`/articles/${id}`, { headline: '林主编的标题' }, 'button.primary');
    const answered = wu.page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith(`/articles/${id}`));
    await wu.send(`/articles/${id}`, { headline: '吴编辑的标题' }, 'button.primary');
    assert.equal((await answered).status(), 409);
    assert.match(await wu.main(), /林主编的标题/);
    assert.equal(await wu.page.locator('#headline').inputValue(), '吴编辑的标题');
    await wu.send(`/articles/${id}`, {}, 'button.primary');
    await lin.open(`/articles/${id}`);
    assert.equal(await lin.page.locator('#headline').inputValue(), '吴编辑的标题');
    await Promise.all([lin.leave(), wu.leave()]);
    await site.stop();
  });

  test('a text that was typed while the session ended is offered again', async () => {
    const site = await freshSite();
    const lin = await chief(site);
    const id = await writes(lin, '会话结束时的稿件');
    await lin.page.locator('#body').fill('<p>还没有保存的一段话。</p>');
    await lin.page.waitForFunction(() => Object.keys(localStorage).some((key) => (localStorage.getItem(key) ?? '').includes('还没有保存')));
    await lin.context.clearCookies();
    await lin.send(`/articles/${id}`, {}, 'button.primary');
    await lin.open(`/articles/${id}`);
    await lin.signIn();
    await lin.open(`/articles/${id}`);
    const offer = lin.page.locator('button', { hasText: (await lin.page.locator('form[data-keep]').getAttribute('data-restore')) });
    await offer.first().click();
    assert.match(await lin.page.locator('#body').inputValue(), /还没有保存的一段话/);
    await lin.send(`/articles/${id}`, {}, 'button.primary');
    await lin.open(`/articles/${id}`);
    assert.match(await lin.page.locator('#body').inputValue(), /还没有保存的一段话/);
    assert.equal(await lin.page.evaluate(() => Object.keys(localStorage).filter((key) => (localStorage.getItem(key) ?? '').includes('还没有保存')).length), 0);
    await lin.leave();
    await site.stop();
  });

  test('the device forgets what was stored, and what it kept is shown beside what came later', async () => {
    const site = await freshSite();
    const lin = await chief(site);
    const id = await writes(lin, '没有审核时发布');
    await lin.send(`/articles/${id}`, { standfirst: '改了一句。' }, 'button[value=publish]');
    await lin.send(`/articles/${id}/publish`);
    await lin.open('/settings');
    await lin.send('/settings', { review_stages: '1' });
    const [zhou, wu] = await Promise.all([colleague(site, 'zhou', '周记者', 'writer'), colleague(site, 'wu', '吴编辑', 'editor')]);
    const kept = (person) => person.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('wxpress-writing ')).length);
    const offered = (person) => person.page.locator('.unsaved').count();
    assert.deepEqual([await kept(lin), await offered(lin)], [0, 0], 'published');

    const text = await writes(zhou, '水库放水');
    assert.equal(await kept(zhou), 0, 'a first save');
    await zhou.send(`/articles/${text}`, { standfirst: '下游注意。' }, 'button[value=submit]');
    assert.deepEqual([await kept(zhou), await offered(zhou)], [0, 0], 'handed in');
    await wu.open(`/articles/${text}`);
    await wu.send(`/articles/${text}`, { headline: '水库明日放水' }, 'button.primary');
    await wu.send(`/articles/${text}/send-back`, { remark: '写明时间。' });
    await zhou.open(`/articles/${text}`);
    assert.deepEqual([await offered(zhou), await zhou.page.locator('#headline').inputValue()], [0, '水库明日放水']);

    await zhou.page.locator('#standfirst').fill('还没有存的一句。');
    await zhou.page.waitForFunction(() => Object.values(localStorage).some((value) => value.includes('还没有存的一句')));
    await zhou.open('/articles');
    await wu.open(`/articles/${text}`);
    await wu.send(`/articles/${text}`, { headline: '水库明早放水' }, 'button.primary');
    await zhou.open(`/articles/${text}`);
    await zhou.page.locator('.unsaved button').first().click();
    const answered = zhou.page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith(`/articles/${text}`));
    await zhou.send(`/articles/${text}`, {}, 'button.primary');
    assert.equal((await answered).status(), 409);
    assert.match(await zhou.main(), /水库明早放水/);
    assert.equal(await zhou.page.locator('#standfirst').inputValue(), '还没有存的一句。');
    await Promise.all([lin.leave(), zhou.leave(), wu.leave()]);
    await site.stop();
  });

  test('by an account of WeCom or WeChat: nobody who is not bound, and then the one who is', async () => {
    const wechat = await startSimulator();
    const site = await startSiteOfBoth(wechat, { WXPRESS_WECHAT__AUTHORIZE_BASE_URL: wechat.base });
    const { host } = new URL(site.base);
    await wechat.control('POST', `corps/${CORP.id}/agents/${CORP.agent}`, { login_domains: [host] });
    await wechat.control('POST', `officials/${APP_ID}`, { oauth_domains: [host] });
    const [lin, zhou] = [await chief(site), await colleague(site, 'zhou', '周记者', 'writer')];
    const doors = [['wecom', {}], ['wecom', { userAgent: `${IN_WECHAT} wxwork/3.1.16` }], ['wechat', { userAgent: IN_WECHAT, viewport: PHONE }]];
    for (const [door, options] of doors) {
      const someone = await stranger(site, options);
      const enters = async () => {
        await someone.open('/sign-in');
        await someone.page.locator(`a[href$="/sign-in/${door}"]`).click();
        await someone.page.fill('input:not([type=hidden])', 'ZhouLan');
        await someone.page.locator('button').first().click();
        await someone.page.waitForURL((url) => url.host === host);
        return someone.main();
      };
      const told = await enters();
      const id = door === 'wecom' ? 'ZhouLan' : told.match(/\bo[\w-]{20,}/)?.[0];
      assert.ok(id && !/写稿/.test(told), told);
      await lin.open('/staff');
      await lin.page.locator('tbody a', { hasText: '周记者' }).click();
      const form = lin.page.locator(`form[action$="/bind"]:has([value="${door === 'wecom' ? 'wecom' : 'official'}"])`);
      await form.locator('[name=external_id]').fill(id);
      await form.locator('button').click();
      await lin.page.waitForURL(/done=bound/);
      assert.match(await enters(), /写稿/);
      await lin.page.locator('form[action$="/unbind"] button').first().click();
      await lin.page.waitForURL(/done=unbound/);
      await someone.leave();
    }
    await Promise.all([lin, zhou].map((person) => person.leave()));
    await Promise.all([site.stop(), wechat.stop()]);
  });

  test('by keyboard alone: in, to a new article, saved', async () => {
    const site = await freshSite();
    const lin = await chief(site);
    await lin.open('/articles/new');
    const press = async (key, times = 1) => { for (let i = 0; i < times; i += 1) await lin.page.keyboard.press(key); };
    const focused = () => lin.page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.className);
    for (let i = 0; i < 40 && (await focused()) !== 'headline'; i += 1) await press('Tab');
    assert.equal(await focused(), 'headline');
    await lin.page.keyboard.type('键盘写的稿件');
    const next = lin.page.waitForEvent('load');
    await press('Enter');
    await next;
    assert.match(await lin.page.locator('#headline').inputValue(), /键盘写的稿件/);
    assert.match(lin.at(), /^\/articles\/\d+/);
    await lin.leave();
    await site.stop();
  });
});
