// One picture of the demo for the README: an article on a phone, the card that it becomes, the front page on a desktop.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { closeBrowser, theBrowser } from './harness/phone.mjs';
import { startDemo, stopPrograms } from './harness/programs.mjs';

const folder = path.resolve(process.argv[2] ?? '.');

const browser = await theBrowser();
const demo = await startDemo();

/** A part of a page as a data address. */
async function shoot({ url, width, height, selector, colorScheme = 'light' }) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2, locale: 'zh-CN', colorScheme });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  const picture = selector ? await page.locator(selector).first().screenshot() : await page.screenshot();
  await context.close();
  return `data:image/png;base64,${picture.toString('base64')}`;
}

const article = await shoot({ url: demo.article, width: 390, height: 844 });
const home = await shoot({ url: demo.site, width: 1280, height: 860 });
const card = await shoot({ url: demo.card, width: 390, height: 1200, selector: '.chat' });

const layout = `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8">
<style>
  * { margin: 0; box-sizing: border-box; }
  body { width: 1600px; height: 900px; overflow: hidden; position: relative; background: #e9eef3; }
  .shadow { box-shadow: 0 1px 2px rgb(31 41 55 / .10), 0 18px 48px rgb(31 41 55 / .16); }
  .phone { position: absolute; left: 64px; top: 56px; width: 368px; padding: 11px; border-radius: 44px; background: #14181d; }
  .phone img { display: block; width: 100%; border-radius: 34px; }
  .desktop { position: absolute; left: 480px; top: 56px; width: 1056px; height: 700px; border-radius: 10px; overflow: hidden; background: #fff; }
  .bar { height: 32px; background: #f6f7f9; border-bottom: 1px solid #e4e7eb; display: flex; align-items: center; gap: 8px; padding: 0 14px; }
  .bar i { width: 11px; height: 11px; border-radius: 50%; background: #d3d8de; }
  .desktop img { display: block; width: 100%; }
  .card { position: absolute; right: 40px; bottom: 40px; width: 440px; border-radius: 14px; overflow: hidden; background: #ededed; }
  .card img { display: block; width: 100%; }
</style>
<div class="desktop shadow"><div class="bar"><i></i><i></i><i></i></div><img src="${home}" alt=""></div>
<div class="phone shadow"><img src="${article}" alt=""></div>
<div class="card shadow"><img src="${card}" alt=""></div>`;

const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, deviceScaleFactor: 0.9 });
const page = await context.newPage();
await page.setContent(layout, { waitUntil: 'load' });
await mkdir(folder, { recursive: true });
await page.screenshot({ path: path.join(folder, 'overview.png') });
await demo.stop();
await closeBrowser();
await stopPrograms();
