// Remembers the large-text switch on this device; without this script the switch works for one page.
(function () {
  "use strict";
  var KEY = "wx-large-text";
  var box = document.getElementById("large-text");
  if (!box) { return; }
  // Storage may be missing or refuse (private browsing): the switch then forgets, and nothing else happens.
  try {
    if (window.localStorage.getItem(KEY)) { box.checked = true; }
    box.addEventListener("change", function () {
      try {
        if (box.checked) { window.localStorage.setItem(KEY, "1"); } else { window.localStorage.removeItem(KEY); }
      } catch (refused) { /* See above. */ }
    });
  } catch (refused) { /* See above. */ }
}());
