(function () {
  /* WeChat appends parameters to a shared address, and the signature is over the canonical one: go there, at most once per view. */
  var NAME = 'wxpress-guard:';
  var root = document.documentElement;
  var canonical = root.getAttribute('data-canonical');
  var parts = /^([^#]*)([^]*)$/.exec(location.href);
  var session = null;
  if (!canonical || root.getAttribute('data-second-hand') === 'sign') { return; }
  try {
    session = window.sessionStorage;
    session.setItem(NAME, session.getItem(NAME) || '');
  } catch (refused) { session = null; }
  function tried() {
    if (session) { return session.getItem(NAME); }
    return String(window.name).indexOf(NAME) === 0 ? String(window.name).slice(NAME.length) : '';
  }
  function remember(address) {
    if (session) { session.setItem(NAME, address); } else if (address || tried()) { window.name = address ? NAME + address : ''; }
  }
  if (parts[1] === canonical || tried() === canonical) { remember(''); return; }
  /* Without storage only window.name remembers, and it does not survive a change of host: then stay. */
  if (!session && canonical.indexOf(location.protocol + '//' + location.host + '/') !== 0) { return; }
  try { remember(canonical); } catch (full) { return; }
  if (tried() !== canonical) { return; }
  if (session) {
    try { session.setItem('wxpress-came', canonical + ' ' + location.search.slice(0, 200)); } catch (full) { /* only a statistic */ }
  }
  location.replace(canonical + parts[2]);
})();
