// Every client × every place a card can go to × the first, second and third hand.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { healthy } from '../harness/programs.mjs';
import { withPhone } from '../harness/phone.mjs';
import { QUOTES, assertPicture, pictureAddress, plain } from './cards.mjs';

const NEW = 'new-calls';
const LEGACY = 'legacy';
const LEGACY_GRANTS = ['imagePreview', 'menu:share:QZone', 'menu:share:appmessage', 'menu:share:qq', 'menu:share:timeline', 'menu:share:weiboApp'];
const ALL_GRANTS = [...LEGACY_GRANTS, 'updateAppMessageShareData', 'updateTimelineShareData'];

// Where each client takes a card's words from, by place, and what it grants. The old call for QZone carries a
// description, the new one does not (wechat-facts §5.1).
const MODERN = { sources: { chat: NEW, moments: NEW, qq: NEW, qzone: NEW }, grants: ALL_GRANTS };
const OLD = { sources: { chat: LEGACY, moments: LEGACY, qq: LEGACY, qzone: LEGACY }, grants: LEGACY_GRANTS };
const DESKTOP = {
  sources: { chat: NEW, moments: LEGACY, qq: NEW, qzone: LEGACY },
  grants: [...LEGACY_GRANTS, 'updateAppMessageShareData'],
};
const CLIENTS = {
  'ios-8': MODERN,
  'android-8': MODERN,
  'android-7.0': { ...OLD, grants: ALL_GRANTS },
  'android-6.6': OLD,
  windows: DESKTOP,
  'windows-undefined': DESKTOP,
  'late-bridge': MODERN,
  'iframe-bridge': MODERN,
};
const PLACES = ['chat', 'moments', 'qq', 'qzone'];

function expected(place, source, article, link, imgUrl) {
  const titleOnly = place === 'moments' || (place === 'qzone' && source === NEW);
  return { title: article.title, desc: titleOnly ? '' : article.desc, link, imgUrl };
}

/** What WeChat writes into the address of a card that is opened; QQ writes nothing that is known. */
const FROM = { chat: 'singlemessage', moments: 'timeline', qq: null, qzone: null };

describe('a card is whole in every client, at every place, at first, second and third hand', { concurrency: 4 }, () => {
  let wechat, site, canonical, imgUrl;
  before(async () => {
    ({ wechat, site } = await healthy());
    canonical = site.at(QUOTES.path);
    imgUrl = await pictureAddress(site, QUOTES);
  });

  /** A reader opens `url` and passes the article on to every place; the cards by place. */
  const passOn = (name, url, { sources, grants }, more) =>
    withPhone(wechat, name, {}, async (phone) => {
      await phone.open(url, canonical);
      await phone.configured();
      assert.deepEqual(phone.verdicts(), ['config:ok']);
      assert.equal(phone.redirects(), url === canonical ? 0 : 1, url);
      const cards = {};
      for (const place of PLACES) {
        const card = (cards[place] = await phone.share(place));
        assert.deepEqual(plain(card), expected(place, sources[place], QUOTES, canonical, imgUrl), `${name}, ${place}`);
        assert.deepEqual([card.source, card.bare, card.warnings], [sources[place], false, []]);
        assert.deepEqual(card.verdict, { config: 'config:ok', agentConfig: 'none', granted: grants });
      }
      await more?.(phone);
      assert.deepEqual(phone.asked, []);
      assert.deepEqual(phone.complaints(), {});
      return cards;
    });

  for (const [name, client] of Object.entries(CLIENTS)) {
    test(name, { concurrency: 4 }, async (journey) => {
      let first;
      await journey.test('first hand', async () => {
        first = await passOn(name, canonical, client, async (phone) => {
          const recent = await phone.share('chat-recent');
          assert.deepEqual(plain(recent), expected('chat', LEGACY, QUOTES, canonical, imgUrl));
          await assertPicture(phone, imgUrl, QUOTES.colour);
        });
      });
      const later = PLACES.map((place) =>
        journey.test(`second and third hand, by ${place}`, async () => {
          const { url } = first[place];
          assert.equal(new URL(url).searchParams.get('from'), FROM[place]);
          const second = await passOn(name, url, client);
          // In a chat, the third reader opens the card in a group.
          await passOn(name, second[place].opens.groupmessage ?? second[place].url, client);
        }),
      );
      await Promise.all(later);
    });
  }

  test('harmony, where wx.config fails: the bare card still leads to the canonical address', { concurrency: 4 }, async (journey) => {
    const places = PLACES.map((place) =>
      journey.test(`${place}, three hands long`, async () => {
        let url = canonical;
        for (const hand of [1, 2, 3]) {
          const card = await withPhone(wechat, 'harmony', {}, async (phone) => {
            await phone.open(url, canonical);
            await phone.configured(2);
            assert.deepEqual(phone.verdicts(), ['config:fail', 'config:fail']);
            assert.equal(phone.asked.length, 1, `fresh values are asked for once and not again, hand ${hand}`);
            assert.deepEqual(phone.complaints(), {});
            return phone.share(place);
          });
          assert.deepEqual(plain(card), { title: QUOTES.title, desc: '', link: canonical, imgUrl: '' });
          assert.deepEqual(card.verdict, { config: 'config:fail', agentConfig: 'none', granted: [] });
          assert.deepEqual([card.source, card.bare], ['default', true]);
          url = card.url;
        }
      }),
    );
    await Promise.all(places);
  });

  test('opened as an address in a message, which goes on as an address since 2021: it is the canonical one', async () => {
    await withPhone(wechat, 'ios-8', { opened: 'text' }, async (phone) => {
      await phone.open(`${canonical}?from=singlemessage&isappinstalled=0`, canonical);
      await phone.configured();
      const card = await phone.share('chat');
      assert.deepEqual([card.source, card.link], ['address', canonical]);
      assert.deepEqual(phone.verdicts(), ['config:ok']);
    });
  });
});
