// axe-core on the present page, and what it does not look at: a page wider than its window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Rules that depend on how the page is painted; the others have their answer once per page. */
export const PAINTED = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block'];

/** The violations of the present page, each with its elements; `only` these rules, or all. */
export async function violations(page, only) {
  // Not as an element of the page, whose policy would refuse it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (values) => {
    const options = values ? { runOnly: { type: 'rule', values } } : { rules: { 'target-size': { enabled: true } } };
    const found = await window.axe.run(document, { resultTypes: ['violations'], ...options });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 150)} ${node.any[0]?.message ?? ''}`).join('\n  ')}`);
  }, only);
}

/** By how many pixels the page is wider than its window. */
export function excess(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
