// The rules of a card: which words, which picture, for articles of every kind, also under a path prefix.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { SITE_DESCRIPTION, SITE_NAME, healthy, startReadySite, startSimulator } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { ARTICLES, assertPicture, pictureAddress, plain } from './cards.mjs';

const TAIL = '?from=groupmessage&isappinstalled=0&scene=1&clicktime=1740000000&enterid=1740000000';

describe('the card of each kind of article', { concurrency: 4 }, () => {
  let sites;
  before(async () => {
    const wechat = await startSimulator(['127.0.0.1/mp']);
    const prefixed = await startReadySite({ wechat: wechat.base, base: (port) => `http://127.0.0.1:${port}/mp` });
    sites = { 'at the root': await healthy(), 'below /mp, which alone is the safe domain': { wechat, site: prefixed } };
  });

  for (const where of ['at the root', 'below /mp, which alone is the safe domain']) {
    for (const article of ARTICLES) {
      for (const client of ['ios-8', 'android-6.6']) {
        test(`${article.path} ${where}, ${client}`, async () => {
          const { wechat, site } = sites[where];
          const imgUrl = await pictureAddress(site, article);
          const { path, title, desc, colour } = article;
          await withPhone(wechat, client, {}, async (phone) => {
            await phone.open(site.at(path) + TAIL, site.at(path));
            await phone.configured();
            assert.deepEqual(plain(await phone.share('chat')), { title, desc, link: site.at(path), imgUrl });
            assert.deepEqual(plain(await phone.share('moments')), { title, desc: '', link: site.at(path), imgUrl });
            assert.ok(imgUrl.startsWith(`${site.base}/`), imgUrl);
            await assertPicture(phone, imgUrl, colour);
            assert.deepEqual(phone.complaints(), {});
          });
        });
      }
    }
    test(`the front page ${where}`, async () => {
      const { wechat, site } = sites[where];
      await withPhone(wechat, 'android-8', {}, async (phone) => {
        await phone.open(site.base + TAIL, site.at('/'));
        await phone.configured();
        assert.deepEqual(phone.verdicts(), ['config:ok']);
        const card = await phone.share('chat');
        assert.deepEqual([card.title, card.desc, card.link], [SITE_NAME, SITE_DESCRIPTION, site.at('/')]);
        await assertPicture(phone, card.imgUrl, null);
        assert.deepEqual(phone.complaints(), {});
      });
    });
  }
});
