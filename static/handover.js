/* What is shown once can be copied and printed with a tap; without this, as everywhere, by selecting it. */
(function () {
  'use strict';
  function select(field) { field.focus(); field.select(); field.setSelectionRange(0, field.value.length); }

  var copy = document.querySelector('[data-copy]');
  var field = copy && document.getElementById(copy.getAttribute('data-copy'));
  var said = field && document.getElementById(field.id + '-done');
  function done() { said.textContent = copy.getAttribute('data-done'); }
  function byHand() { select(field); if (document.execCommand('copy')) { done(); } }
  if (copy && field) {
    copy.hidden = false;
    copy.addEventListener('click', function () {
      said.textContent = '';
      // The clipboard is for pages over https only; on others the selection is copied.
      if (navigator.clipboard) { navigator.clipboard.writeText(field.value).then(done, byHand); } else { byHand(); }
    });
    field.addEventListener('focus', function () { field.select(); });
  }

  var print = document.querySelector('[data-print]');
  if (print) {
    print.hidden = false;
    print.addEventListener('click', function () { window.print(); });
  }
}());
