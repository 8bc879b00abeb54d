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

  var wrong = document.querySelector('.errors');
  if (wrong) { wrong.focus(); }
}());
