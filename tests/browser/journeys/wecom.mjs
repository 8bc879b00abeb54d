// WeCom's clients × every button of theirs × the first, second and third hand, on a site with both kinds of account.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, startReadySite, startSimulator } from '../harness/programs.mjs';
import { exchange } from '../harness/exchange.mjs';
import { withPhone } from '../harness/phone.mjs';
import { QUOTES, pictureAddress, plain } from './cards.mjs';

export const CORP = { id: 'ww5151515151515151', agent: '1000002', secret: 'simulated-corp-secret' };
const CLIENTS = ['wecom-ios', 'wecom-android', 'wecom-desktop'];
const BUTTONS = ['wecom-forward', 'wecom-wechat', 'wecom-moments'];

/** A site with both accounts, whose host and port the agent trusts. */
export async function startSiteOfBoth(wechat, settings = {}) {
  const site = await startReadySite({
    wechat: wechat.base,
    settings: {
      WXPRESS_WECHAT__WECOM__CORP_ID: CORP.id,
      WXPRESS_WECHAT__WECOM__CORP_SECRET: CORP.secret,
      WXPRESS_WECHAT__WECOM__AGENT_ID: CORP.agent,
      WXPRESS_WECHAT__WECOM__API_BASE_URL: wechat.base,
      ...settings,
    },
  });
  await wechat.control('POST', `corps/${CORP.id}/agents/${CORP.agent}`, { domains: [new URL(site.base).host] });
  const values = `${site.local}/api/v1/share-config?path=%2F`;
  await eventually(async () => (await exchange(values)).json().wecom?.agent, () => `WeCom's tickets; the site says:\n${site.log()}`);
  return site;
}

/** wx.config and wx.agentConfig were decided. */
export async function configuredInWeCom(phone) {
  await phone.until(() => phone.answered('agentConfig') >= 1, 'wx.agentConfig');
  await phone.page.evaluate(() => window.__phone.view);
}

describe('a card is whole in WeCom, from every button, at first, second and third hand', { concurrency: 3 }, () => {
  let wechat, site, canonical, imgUrl;
  before(async () => {
    wechat = await startSimulator();
    site = await startSiteOfBoth(wechat);
    canonical = site.at(QUOTES.path);
    imgUrl = await pictureAddress(site, QUOTES);
  });
  after(() => Promise.all([site?.stop(), wechat?.stop()]));

  const passOn = (name, url) =>
    withPhone(wechat, name, {}, async (phone) => {
      await phone.open(url, canonical);
      await configuredInWeCom(phone);
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      assert.equal(phone.redirects(), url === canonical ? 0 : 1, url);
      const cards = {};
      for (const button of BUTTONS) {
        const card = (cards[button] = await phone.share(button));
        const desc = button === 'wecom-moments' ? '' : QUOTES.desc;
        assert.deepEqual(plain(card), { title: QUOTES.title, desc, link: canonical, imgUrl }, `${name}, ${button}`);
        assert.deepEqual([card.source, card.bare, card.warnings], ['legacy', false, []]);
        assert.deepEqual([card.verdict.config, card.verdict.agentConfig], ['config:ok', 'agentConfig:ok']);
      }
      assert.deepEqual(phone.asked, []);
      assert.deepEqual(phone.complaints(), {});
      return cards;
    });

  for (const name of CLIENTS) {
    test(name, async () => {
      const first = await passOn(name, canonical);
      for (const button of BUTTONS) {
        const opened = first[button].url;
        const tailed = opened === canonical ? `${canonical}?from=groupmessage&isappinstalled=0` : opened;
        const second = await passOn(name, tailed);
        await passOn(name, second[button].url);
      }
    });
  }

  test('what WeCom passes on to WeChat is whole there, too', async () => {
    const first = await passOn('wecom-ios', canonical);
    await withPhone(wechat, 'ios-8', {}, async (phone) => {
      await phone.open(first['wecom-wechat'].url, canonical);
      await phone.configured();
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      const card = await phone.share('chat');
      assert.deepEqual(plain(card), { title: QUOTES.title, desc: QUOTES.desc, link: canonical, imgUrl });
      assert.deepEqual(phone.complaints(), {});
    });
  });
});
