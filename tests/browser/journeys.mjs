// All journeys in one process, so that they share one browser.
import { after } from 'node:test';
import { closeBrowser } from './harness/phone.mjs';
import { stopPrograms } from './harness/programs.mjs';
import './journeys/matrix.mjs';
import './journeys/cards-of-articles.mjs';
import './journeys/wecom.mjs';
import './journeys/pictures.mjs';
import './journeys/second-hand.mjs';
import './journeys/guard.mjs';
import './journeys/views.mjs';
import './journeys/trouble.mjs';
import './journeys/security.mjs';
import './journeys/scanners.mjs';
import './journeys/syntax.mjs';
import './journeys/office.mjs';
import './journeys/office-pages.mjs';

after(async () => {
  await closeBrowser();
  await stopPrograms();
});
