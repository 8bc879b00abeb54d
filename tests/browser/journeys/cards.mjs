// What the cards of tests/fixtures/journeys have to be, written down here by hand: nothing of this comes from the
// program under test, except where a picture is kept.
import assert from 'node:assert/strict';
import { exchange } from '../harness/exchange.mjs';

export const QUOTES = {
  path: '/articles/quotes',
  title: '县“融媒体”中心 <新闻> & "服务" 上线：读者说\'真方便\'',
  desc: '摘要里也有 <b>、& 和 "引号"，一个都不能少',
  colour: [192, 57, 43],
};
export const SNOW = {
  path: '/articles/plain-snow',
  title: '大雪之后',
  // The first 50 characters of the text.
  desc: '昨夜一场大雪落在云溪县北部山区，全县三十七条农村公路全部积雪。县交通运输局连夜出动四十二台铲雪车，V',
  colour: [39, 174, 96],
};
export const NOTICE = {
  path: '/articles/no-picture',
  title: '停水通知',
  desc: '三月三日零时至六时，城东片区停水。',
  colour: null, // the site's default picture
};
export const LONG = {
  path: '/articles/long-title',
  title:
    '关于进一步加强全县冬春季节森林草原防火工作并切实做好清明节期间文明祭扫与安全巡查值守各项准备的通知' +
    '（第二次修订征求意见稿，含附件一至附件七及名词解释与常见问题答复）',
  desc: '通知全文很长。'.repeat(10),
  colour: [142, 68, 173],
};
export const ARTICLES = [QUOTES, SNOW, NOTICE, LONG];

/** Where the picture of an article's card is; that it is the right one is shown by `picture`. */
export async function pictureAddress(site, article) {
  const html = (await exchange(site.local + site.prefix + article.path)).text;
  return /<meta property="og:image" content="([^"]+)">/.exec(html)[1];
}

/** What a client finds that fetches a card's picture as WeChat does: no referrer, no redirect. */
export async function picture(phone, url) {
  const seen = await phone.page.evaluate(async (address) => {
    const response = await fetch(address, { redirect: 'error', referrerPolicy: 'no-referrer', credentials: 'omit' });
    const blob = await response.blob();
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const middle = context.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data;
    const { width, height } = bitmap;
    return { status: response.status, type: blob.type, bytes: blob.size, width, height, colour: [...middle.slice(0, 3)] };
  }, url);
  return seen;
}

/** A picture that WeChat shows: JPEG or PNG, square, at least 300 pixels, at most 100 KB, and of this colour. */
export async function assertPicture(phone, url, colour) {
  const seen = await picture(phone, url);
  assert.equal(seen.status, 200, url);
  assert.match(seen.type, /^image\/(jpeg|png)$/);
  assert.match(url, /\.(jpg|png)$/);
  assert.equal(seen.width, seen.height);
  assert.ok(seen.width >= 300 && seen.bytes <= 100_000, JSON.stringify(seen));
  if (colour) {
    const far = seen.colour.map((value, at) => Math.abs(value - colour[at]));
    assert.ok(Math.max(...far) <= 6, `${url} is ${seen.colour}, not ${colour}`);
  }
}

/** The words and addresses of a card, without what the simulator says about it. */
export function plain({ title, desc, link, imgUrl }) {
  return { title, desc, link, imgUrl };
}
