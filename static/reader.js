// The switches for large text and high contrast, remembered on this device. Without this script they work for one page,
// and only in browsers whose style sheets know :has().
(function () {
  "use strict";

  function show(name, on) { document.documentElement.classList[on ? "add" : "remove"](name); }

  // Storage may be missing or refuse (private browsing): a switch then forgets, and nothing else happens.
  function recall(key) {
    try { return window.localStorage.getItem(key); } catch (refused) { return null; }
  }

  function keep(key, on) {
    try {
      if (on) { window.localStorage.setItem(key, "1"); } else { window.localStorage.removeItem(key); }
    } catch (refused) { /* See above. */ }
  }

  function connect(box) {
    var key = "wx-" + box.id;
    if (recall(key)) { box.checked = true; }
    show(box.id, box.checked);
    box.addEventListener("change", function () {
      show(box.id, box.checked);
      keep(key, box.checked);
    });
  }

  var names = ["large-text", "high-contrast"];
  for (var i = 0; i < names.length; i += 1) {
    if (document.getElementById(names[i])) { connect(document.getElementById(names[i])); }
  }
}());
