// What programs find that look for faults: axe-core for readers who cannot see or point well, csp_evaluator for the
// policy.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { excess, PAINTED, violations } from '../harness/axe.mjs';
import { exchange } from '../harness/exchange.mjs';
import { theBrowser } from '../harness/phone.mjs';
import { healthy, run, startSite, temporaryFolder } from '../harness/programs.mjs';
import { LONG, QUOTES } from './cards.mjs';

const require = createRequire(import.meta.url);
const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js');
const { CspParser } = require('csp_evaluator/dist/parser.js');
const { Severity } = require('csp_evaluator/dist/finding.js');

const SIZES = [{ width: 390, height: 844 }, { width: 1280, height: 800 }];
const ASKED = ['/', QUOTES.path, LONG.path, '/search', `/search?q=${encodeURIComponent('通知')}`, '/search?q=zzzz', '/nothing-here', '/?before=1.1'];

/** One address of every further kind that a page links to: lists, fixed pages, whatever there will be. */
async function linkedKinds(site) {
  const pages = await Promise.all(['/', QUOTES.path].map((path) => exchange(site.local + path)));
  const links = pages.flatMap(({ text }) => [...text.matchAll(/<a [^>]*href="(\/[^"]*)"/g)].map(([, href]) => href.replaceAll('&amp;', '&')));
  const pageLinks = links.filter((href) => !/\.xml$|^\/(static|media)\//.test(href));
  const kinds = new Map(pageLinks.map((href) => [href.split(/[/?]/)[1], href]));
  return [...kinds.values()];
}

/** A site whose editors have pinned, corrected and withdrawn something, and written a fixed page. */
function decided() {
  return startSite({
    prepare: async (folder) => {
      const settings = { WXPRESS_DATA_DIR: folder };
      const pages = await temporaryFolder();
      await writeFile(`${pages}/about.md`, '---\ntitle: 关于我们\ntype: page\nslug: about\n---\n\n我们是谁。\n');
      await run(['import', pages], settings);
      for (const what of ['pin', 'correct']) {
        await run(['article', what, QUOTES.path, ...(what === 'correct' ? ['--notice', '人数应为三百。'] : [])], settings);
      }
      await run(['article', 'withdraw', LONG.path, '--notice', '内容有误。'], settings);
    },
  });
}

/** The reader's switches, as a finger would set them. */
function set(page, { large, contrast }) {
  return page.evaluate((wished) => {
    for (const [id, on] of Object.entries(wished)) {
      const box = document.getElementById(id);
      if (box.checked !== on) document.querySelector(`label[for=${id}]`).click();
    }
  }, { 'large-text': large, 'high-contrast': contrast });
}

describe('axe-core finds nothing', { concurrency: 4 }, () => {
  let site, other, targets;
  const contexts = [];
  before(async () => {
    ({ site } = await healthy());
    other = await decided();
    const asked = [...new Set([...ASKED, ...(await linkedKinds(site))])].map((path) => site.local + path);
    targets = [...asked, ...['/', QUOTES.path, LONG.path, '/pages/about'].map((path) => other.local + path)];
  });
  after(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await other.stop();
  });

  for (const viewport of SIZES) {
    test(`on any kind of page at ${viewport.width} pixels, light and dark, large and with high contrast`, async () => {
      const options = { viewport, locale: 'zh-CN', reducedMotion: 'reduce', serviceWorkers: 'block' };
      const context = await (await theBrowser()).newContext(options);
      contexts.push(context);
      const page = await context.newPage();
      const found = [];
      for (const target of targets) {
        await page.goto(target, { waitUntil: 'load' });
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          for (const [large, contrast] of [[false, false], [true, false], [false, true]]) {
            await set(page, { large, contrast });
            const first = colorScheme === 'light' && !large && !contrast;
            const rules = contrast ? [...PAINTED, 'color-contrast-enhanced'] : PAINTED;
            for (const violation of await violations(page, first ? undefined : rules)) {
              found.push(`${target} ${colorScheme}${large ? ', large' : ''}${contrast ? ', high contrast' : ''}: ${violation}`);
            }
            const tooWide = await excess(page);
            if (tooWide > 0) found.push(`${target}${large ? ', large' : ''}: ${tooWide} pixels too wide`);
          }
        }
        await set(page, { large: false, contrast: false });
      }
      assert.deepEqual(found, []);
    });
  }

  test('a system that asks for more contrast gets it without the switch', async () => {
    const context = await (await theBrowser()).newContext({ viewport: SIZES[0], contrast: 'more', reducedMotion: 'reduce' });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(site.local + QUOTES.path, { waitUntil: 'load' });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await violations(page, ['color-contrast-enhanced']), [], colorScheme);
    }
  });

  test('without scripts the switches work for the page at hand', async () => {
    const context = await (await theBrowser()).newContext({ viewport: SIZES[0], javaScriptEnabled: false });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${site.local}/`, { waitUntil: 'load' });
    const looks = () => page.locator('.row .headline a').first().evaluate((element) => [getComputedStyle(element).fontSize, getComputedStyle(element).color]);
    const before = await looks();
    for (const id of ['large-text', 'high-contrast']) await page.locator(`label[for=${id}]`).click();
    const after = await looks();
    assert.ok(parseFloat(after[0]) > parseFloat(before[0]) && after[1] !== before[1], `${before} ${after}`);
  });

  test('both switches are remembered, and reached and seen by keyboard', async () => {
    const context = await (await theBrowser()).newContext({ viewport: SIZES[0], locale: 'zh-CN' });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${site.local}/`, { waitUntil: 'load' });
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent.trim());
    const order = [];
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
      if (order.at(-1).startsWith('large') || order.at(-1).startsWith('high')) {
        const label = page.locator(`label[for=${order.at(-1)}]`);
        assert.notEqual(await label.evaluate((element) => getComputedStyle(element).outlineStyle), 'none');
        assert.ok(await label.isVisible());
        await page.keyboard.press('Space');
      }
    }
    assert.deepEqual(order, ['skip', 'name', 'large-text', 'high-contrast', 'tool']);
    await page.reload({ waitUntil: 'load' });
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('input:checked')].map(({ id }) => id)), ['large-text', 'high-contrast']);
  });

  test('the first key leads past everything to the text', async () => {
    const context = await (await theBrowser()).newContext({ viewport: SIZES[0], locale: 'zh-CN' });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${site.local}/`, { waitUntil: 'load' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'MAIN');
  });
});

describe('csp_evaluator finds nothing that matters', () => {
  test('in the policy of a page and of what is not a page', async () => {
    const { site } = await healthy();
    for (const target of ['/', QUOTES.path, '/nothing-here', '/feed.xml', '/robots.txt', '/api/v1/share-config?path=/']) {
      const { headers } = await exchange(site.local + target);
      const findings = new CspEvaluator(new CspParser(headers['content-security-policy']).csp).evaluate();
      const grave = findings.filter(({ severity }) => [Severity.HIGH, Severity.HIGH_MAYBE, Severity.MEDIUM, Severity.SYNTAX].includes(severity));
      assert.deepEqual(grave.map(({ directive, value, description }) => `${directive} ${value}: ${description}`), [], target);
    }
  });
});
