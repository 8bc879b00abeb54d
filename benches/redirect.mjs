// What a reader at second hand waits until WeChat has accepted the page: with the canonical redirect, with `sign`, and
// at first hand for comparison. `benches/redirect` starts this.
import { closeBrowser, withPhone } from '../tests/browser/harness/phone.mjs';
import { startReadySite, startSimulator, stopPrograms } from '../tests/browser/harness/programs.mjs';
import { median } from './harness.mjs';

const TIMES = Number(process.argv[2] ?? 31);
const ARTICLE = '/articles/quotes';
const TAIL = '?from=singlemessage&isappinstalled=0&scene=1&clicktime=1740900000&enterid=1740900000';
const CLIENT = 'android-8';
/** Round trips, in milliseconds: none on this machine, a good and a poor mobile network. */
const NETWORKS = [0, 60, 200];

/** From the reader's tap to the client's word on wx.config. */
async function once(wechat, url, roundTrip) {
  return withPhone(wechat, CLIENT, {}, async (phone) => {
    if (roundTrip > 0) {
      const devtools = await phone.context.newCDPSession(phone.page);
      const conditions = { offline: false, latency: roundTrip, downloadThroughput: -1, uploadThroughput: -1 };
      await devtools.send('Network.emulateNetworkConditions', conditions);
    }
    const tapped = performance.now();
    await phone.page.goto(url, { waitUntil: 'commit' });
    await phone.until(() => phone.verdicts()[0] === 'config:ok', 'config:ok');
    return { ms: performance.now() - tapped, redirects: phone.redirects() };
  });
}

const quartiles = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 4)], sorted[Math.floor((sorted.length * 3) / 4)]].map((n) => n.toFixed(0)).join('–');
};

try {
  const wechat = await startSimulator();
  const redirect = await startReadySite({ wechat: wechat.base });
  const sign = await startReadySite({ wechat: wechat.base, settings: { WXPRESS_WECHAT__SECOND_HAND: 'sign' } });
  const ways = [
    ['first hand', redirect.at(ARTICLE), 0],
    ['second hand, `redirect`', redirect.at(ARTICLE + TAIL), 1],
    ['second hand, `sign`', sign.at(ARTICLE + TAIL), 0],
  ];
  console.log('| round trip | way | config ok after, median | middle half | more than first hand |');
  console.log('|---:|---|---:|---:|---:|');
  for (const roundTrip of NETWORKS) {
    const took = ways.map(() => []);
    // In turn, so that whatever else the machine does falls on all; the first round only warms up.
    for (let round = 0; round <= TIMES; round += 1) {
      for (const [index, [way, url, redirects]] of ways.entries()) {
        const result = await once(wechat, url, roundTrip);
        if (result.redirects !== redirects) throw new Error(`${way}: ${result.redirects} redirects`);
        if (round > 0) took[index].push(result.ms);
      }
    }
    for (const [index, [way]] of ways.entries()) {
      const more = median(took[index]) - median(took[0]);
      const cells = [`${roundTrip} ms`, way, `${median(took[index]).toFixed(0)} ms`, `${quartiles(took[index])} ms`];
      console.log(`| ${[...cells, index === 0 ? '' : `${more.toFixed(0)} ms`].join(' | ')} |`);
    }
  }
} finally {
  await closeBrowser();
  await stopPrograms();
}
