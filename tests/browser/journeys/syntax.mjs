// What runs on readers' phones is parsed by WebViews of 2016: ECMAScript 5, plain scripts.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'acorn';
import { repository } from '../harness/programs.mjs';

const folder = path.join(repository, 'static');

describe('every script of ours is ECMAScript 5', async () => {
  const scripts = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  for (const name of new Set(['guard.js', 'share.js', 'reader.js', ...scripts])) {
    test(name, async () => {
      parse(await readFile(path.join(folder, name), 'utf8'), { ecmaVersion: 5, sourceType: 'script' });
    });
  }
});
