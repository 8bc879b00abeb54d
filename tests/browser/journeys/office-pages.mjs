// Every page of the back office, found by following its own links: axe-core finds nothing, nothing is wider than its
// window, no script complains.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { excess, PAINTED, violations } from '../harness/axe.mjs';
import { chief, colleague, DESK, PHONE, stranger } from '../harness/office.mjs';
import { startSite } from '../harness/programs.mjs';
import { QUOTES } from './cards.mjs';

/** Paths that are no pages. */
const FILES = /\.(csv|xlsx|txt)$/;
const kind = (path) => path.replace(/\?.*/, '').replace(/\/media\/[0-9a-f]{32}/, '/media/N').replace(/\/pages\/[^/]+\//, '/pages/N/').replace(/\/\d+/g, '/N');

/** One address of each kind of page that somebody can reach, the first one found; `more` are those no link leads to. */
async function reachable(person, ...more) {
  const found = new Map(['', ...more].map((path) => [kind(path), path]));
  for (const path of found.values()) {
    await person.open(path);
    const links = await person.page.$$eval('a[href], form[method=get]', (elements) => elements.map((element) => element.href ?? element.action));
    for (const link of links) {
      const { pathname, search } = new URL(link, person.page.url());
      if (!pathname.startsWith('/admin') || FILES.test(pathname)) continue;
      const next = pathname.slice('/admin'.length) + search;
      if (!found.has(kind(next))) found.set(kind(next), next);
    }
  }
  return [...found.values()];
}

/** A newsroom in which there is something of everything. */
async function busy() {
  const site = await startSite({});
  const lin = await chief(site);
  const zhou = await colleague(site, 'zhou', '周记者', 'writer');
  await site.run('article', 'pin', QUOTES.path);
  await site.run('article', 'correct', QUOTES.path, '--notice', '人数应为三百。');
  for (const [headline, then] of [['等待审核的稿件，标题很长很长，长到在手机上要换两三行才能写完', 'submit'], ['草稿', '']]) {
    await zhou.open('/articles/new');
    await zhou.send('/articles/new', { headline, body: `<p>${'一段话。'.repeat(40)}</p>` }, `button[value="${then}"]:not(.unseen)`);
  }
  return { site, lin, zhou };
}

describe('the pages of the back office', () => {
  let office, paths;
  before(async () => {
    office = await busy();
    paths = { lin: await reachable(office.lin, '/articles/1/publish', '/articles/1/withdraw'), zhou: await reachable(office.zhou) };
  });

  test('are all found', () => {
    const kinds = paths.lin.map(kind);
    for (const path of ['/articles', '/articles/N', '/articles/N/publish', '/articles/N/withdraw', '/articles/N/history', '/articles/N/preview', '/media', '/media/N', '/categories', '/categories/N', '/tags', '/pages',
      '/redirects', '/settings', '/staff', '/staff/N', '/wechat', '/figures', '/log', '/account']) {
      assert.ok(kinds.includes(path), `${path} is not among ${kinds.join(' ')}`);
    }
    assert.ok(!paths.zhou.map(kind).some((path) => /^\/(settings|staff|wechat|log|categories)/.test(path)), paths.zhou.join(' '));
  });

  for (const [who, viewport] of [['lin', DESK], ['lin', PHONE], ['zhou', PHONE]]) {
    test(`are right for ${who} at ${viewport.width} pixels, light and dark`, async () => {
      const person = office[who];
      const { page } = person;
      await page.setViewportSize(viewport);
      const found = [];
      const look = async (what) => {
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          for (const violation of await violations(page, colorScheme === 'light' ? undefined : PAINTED)) found.push(`${what} ${colorScheme}: ${violation}`);
        }
        const tooWide = await excess(page);
        if (tooWide > 0) found.push(`${what}: ${tooWide} pixels too wide`);
      };
      for (const path of paths[who]) {
        const answer = await person.open(path);
        assert.equal(answer.status(), 200, path);
        await look(path);
      }
      await person.open('/articles/new');
      await person.send('/articles/new', { slug: '不行 的 地址', headline: '有错误的稿件' }, 'button.primary');
      await look('a refused form');
      await person.open('/nothing-here');
      await look('not found');
      assert.deepEqual(found, []);
      assert.deepEqual(person.errors, []);
    });
  }

  test('on the way in are right, too', async () => {
    const someone = await stranger(office.site, { viewport: PHONE });
    const found = [];
    const invitation = (await office.site.run('staff', 'invite', '--name', '新同事', '--role', 'editor')).match(/\/admin(\S+)/)[1];
    for (const path of ['/sign-in', invitation, '/join/nobody-knows-this-link', '/articles']) {
      await someone.open(path);
      for (const colorScheme of ['light', 'dark']) {
        await someone.page.emulateMedia({ colorScheme });
        for (const violation of await violations(someone.page)) found.push(`${path} ${colorScheme}: ${violation}`);
      }
    }
    assert.deepEqual(found, []);
    await someone.leave();
  });
});
