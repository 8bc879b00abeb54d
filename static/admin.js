/* The back office works without this; with it, a form that was changed asks before it is left, and long lists can be
   chosen as a whole. Plain script, like the reader's. */
(function () {
  'use strict';
  var guarded = document.querySelectorAll('form[data-guard]');
  var changed = false;

  function mark() { changed = true; }
  function forget() { changed = false; }
  for (var i = 0; i < guarded.length; i++) {
    guarded[i].addEventListener('input', mark);
    guarded[i].addEventListener('submit', forget);
  }
  window.addEventListener('beforeunload', function (event) {
    if (changed) { event.preventDefault(); event.returnValue = ''; }
  });

  var all = document.querySelector('[data-choose-all]');
  if (all) {
    all.addEventListener('change', function () {
      var boxes = document.querySelectorAll('input[name="' + all.getAttribute('data-choose-all') + '"]');
      for (var i = 0; i < boxes.length; i++) { boxes[i].checked = all.checked; }
    });
  }

  /* What the site has stored need not be kept on this device (writing.js) any longer. Its mark comes back in the address
     of whatever page follows, or with the page itself where something else was refused. */
  function forgetStored() {
    var found = /[?&]stored=([0-9a-z]+)(?:&|$)/.exec(location.search), told = document.querySelector('[data-stored]');
    var mark = found ? found[1] : told ? told.getAttribute('data-stored') : '';
    var keys, i, record;
    if (!mark) { return; }
    try {
      keys = Object.keys(window.localStorage);
      for (i = 0; i < keys.length; i++) {
        if (keys[i].indexOf('wxpress-writing ') === 0) {
          record = JSON.parse(window.localStorage.getItem(keys[i]));
          if (record && record.mark === mark) { window.localStorage.removeItem(keys[i]); }
        }
      }
    } catch (refused) { /* nothing is kept here */ }
  }
  forgetStored();

  var wrong = document.querySelector('.errors');
  if (wrong) { wrong.focus(); }
}());
