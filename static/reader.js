// Remembers the switches for large text and high contrast on this device; without this script they work for one page.
(function () {
  "use strict";

  function remember(box) {
    var key = "wx-" + box.id;
    // Storage may be missing or refuse (private browsing): the switch then forgets, and nothing else happens.
    try {
      if (window.localStorage.getItem(key)) { box.checked = true; }
      box.addEventListener("change", function () {
        try {
          if (box.checked) { window.localStorage.setItem(key, "1"); } else { window.localStorage.removeItem(key); }
        } catch (refused) { /* See above. */ }
      });
    } catch (refused) { /* See above. */ }
  }

  var names = ["large-text", "high-contrast"];
  for (var i = 0; i < names.length; i += 1) {
    if (document.getElementById(names[i])) { remember(document.getElementById(names[i])); }
  }
}());
