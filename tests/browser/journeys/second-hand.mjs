// `wechat.second_hand = sign`: the page is signed for the address exactly as it was opened, and stays there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startReadySite, startSimulator } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { QUOTES, pictureAddress, plain } from './cards.mjs';

const TAILS = [
  '',
  '?',
  '?from=singlemessage&isappinstalled=0',
  '?from=timeline&isappinstalled=0&scene=1&clicktime=1740900000&enterid=1740900000',
  '?from=singlemessage&isappinstalled=0&from=timeline&isappinstalled=0',
  '?q=%E6%96%B0%E9%97%BB&x=%e6%96%b0',
  '?from=groupmessage#text',
];

describe('in sign mode a page is right at whatever address it is opened', { concurrency: 4 }, () => {
  let wechat, site, canonical, imgUrl;
  before(async () => {
    wechat = await startSimulator();
    site = await startReadySite({ wechat: wechat.base, settings: { WXPRESS_WECHAT__SECOND_HAND: 'sign' } });
    canonical = site.at(QUOTES.path);
    imgUrl = await pictureAddress(site, QUOTES);
  });
  after(() => Promise.all([site?.stop(), wechat?.stop()]));

  for (const client of ['ios-8', 'android-8', 'android-6.6', 'windows']) {
    test(client, async () => {
      for (const tail of TAILS) {
        const url = canonical + tail;
        await withPhone(wechat, client, {}, async (phone) => {
          await phone.open(url);
          await phone.configured();
          assert.deepEqual(phone.verdicts(), ['config:ok'], url);
          assert.equal(phone.redirects(), 0, url);
          const card = await phone.share('chat');
          assert.deepEqual(plain(card), { title: QUOTES.title, desc: QUOTES.desc, link: canonical, imgUrl }, url);
          assert.deepEqual([phone.asked, phone.complaints()], [[], {}]);
        });
      }
    });
  }
});
