/* Beside the form of an article: what is typed is kept on this device until the site says that it has it, and who else
   has the article open is asked every half minute. Plain script; the form needs none of it. */
(function () {
  'use strict';
  var PAUSE = 1000; /* ms between a key and its being kept */
  var ASK_EVERY = 30000;
  var form = document.querySelector('form[data-keep]');
  var waiting = 0;
  var mark = Date.now().toString(36) + Math.random().toString(36).slice(2); /* of what this page sends */
  var wrote = false;
  var key, version, start;

  if (!form) { return; }
  /* By path, too: several sites may share a host. */
  key = 'wxpress-writing ' + form.getAttribute('action') + ' ' + form.getAttribute('data-keep');
  version = Number(form.getAttribute('data-version'));

  /* Storage may be missing, full or forbidden: then nothing is kept, and the form works as it is. */
  function read() {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (refused) { return null; }
  }
  function write(value) {
    try {
      if (value) { window.localStorage.setItem(key, JSON.stringify(value)); } else { window.localStorage.removeItem(key); }
      return true;
    } catch (refused) { return false; }
  }

  function each(work) {
    var fields = form.elements, i, field;
    for (i = 0; i < fields.length; i += 1) {
      field = fields[i];
      if (field.name && field.name !== 'csrf' && field.name !== 'version' && field.name !== 'kept' && field.name !== 'line' && field.tagName !== 'BUTTON') { work(field); }
    }
  }
  function typed() {
    var values = {};
    each(function (field) { values[field.name] = field.type === 'checkbox' ? field.checked : field.value; });
    return values;
  }
  function put(values) {
    each(function (field) {
      if (!Object.prototype.hasOwnProperty.call(values, field.name)) { return; }
      if (field.type === 'checkbox') { field.checked = values[field.name]; } else { field.value = values[field.name]; }
    });
  }
  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

  /* Whether the page has every word that was typed: the site puts marks around paragraphs, pictures come from elsewhere,
     and a published article has no field for its address. */
  function words(text) {
    return text.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
      .replace(/&nbsp;/g, '').replace(/&amp;/g, '&').replace(/[\s,;\uff0c\u3001\uff1b]/g, '');
  }
  function has(values, typed) {
    return Object.keys(typed).every(function (name) {
      return typeof typed[name] !== 'string' || typeof values[name] !== 'string' || /_media$/.test(name) || words(typed[name]) === words(values[name]);
    });
  }

  function keep(sent) {
    var values = typed();
    window.clearTimeout(waiting);
    waiting = 0;
    if (!sent && same(values, start)) { return; }
    if (sent) { send(); }
    if (write({ at: Date.now(), version: version, mark: mark, values: values })) { say(); }
  }
  /* The mark goes with the form, and comes back when the text is stored. */
  function send() {
    var field = form.elements.kept || document.createElement('input');
    field.type = 'hidden';
    field.name = 'kept';
    field.value = mark;
    form.appendChild(field);
  }
  /* How many lines stand above the cursor, where a picture is to go; nothing before the cursor was ever in the text. */
  function point() {
    var body = form.elements.body, above = body.value.slice(0, body.selectionStart);
    form.elements.line.value = wrote ? above.split('\n').length - (/(^|\n)$/.test(above) ? 1 : 0) : '';
  }
  function say() {
    var line = form.querySelector('.kept'), place = form.querySelector('.save');
    if (line || !place) { return; }
    line = document.createElement('span');
    line.className = 'meta kept';
    line.textContent = form.getAttribute('data-kept');
    place.appendChild(line);
  }

  function offer(record) {
    var box = document.createElement('div'), text = document.createElement('p'), actions = document.createElement('p');
    function button(label, work) {
      var made = document.createElement('button');
      made.type = 'button';
      made.textContent = label;
      made.addEventListener('click', function () { work(); box.parentNode.removeChild(box); });
      actions.appendChild(made);
    }
    box.className = 'warning unsaved';
    box.setAttribute('role', 'status');
    text.textContent = form.getAttribute('data-found').replace('{}', new Date(record.at).toLocaleString());
    actions.className = 'actions';
    button(form.getAttribute('data-restore'), function () {
      put(record.values);
      /* As it was begun: where somebody has saved another text since, the site then shows both. */
      version = record.version;
      form.elements.version.value = version;
      form.dispatchEvent(new Event('input'));
      keep(false);
    });
    button(form.getAttribute('data-drop'), function () { write(null); });
    box.appendChild(text);
    box.appendChild(actions);
    form.parentNode.insertBefore(box, form);
  }

  function begin() {
    var record = read();
    start = typed();
    if (record && record.values && !has(start, record.values)) { offer(record); }
    else if (record && !form.hasAttribute('data-refused')) { write(null); }
    form.addEventListener('input', function () {
      if (!waiting) { waiting = window.setTimeout(function () { keep(false); }, PAUSE); }
    });
    form.elements.body.addEventListener('focus', function () { wrote = true; });
    form.addEventListener('submit', function () { point(); keep(true); });
    window.addEventListener('pagehide', function () { if (waiting) { keep(false); } });
  }

  function watch() {
    var box = document.querySelector('[data-presence]'), request;
    function show(seen) {
      var i, line;
      var lines = seen.others.map(function (name) { return box.getAttribute('data-says').replace('{}', name); });
      if (seen.version > version) { lines.push(box.getAttribute('data-newer')); }
      box.textContent = '';
      for (i = 0; i < lines.length; i += 1) {
        line = document.createElement('p');
        line.textContent = lines[i];
        box.appendChild(line);
      }
      box.hidden = lines.length === 0;
    }
    function ask() {
      if (document.hidden) { return; }
      request = new XMLHttpRequest();
      request.open('POST', box.getAttribute('data-presence'), true);
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.onload = function () {
        if (this.status !== 200) { return; }
        try { show(JSON.parse(this.responseText)); } catch (broken) { /* the next answer may be better */ }
      };
      request.send(ping());
    }
    function token() { return 'csrf=' + encodeURIComponent(form.elements.csrf.value); }
    function ping() { return token() + (form.hasAttribute('data-locked') ? '&reading=true' : ''); }
    if (!box) { return; }
    ask();
    window.setInterval(ask, ASK_EVERY);
    window.addEventListener('pagehide', function () {
      var gone;
      if (!navigator.sendBeacon || !window.URLSearchParams) { return; }
      gone = new URLSearchParams(token() + '&gone=true');
      navigator.sendBeacon(box.getAttribute('data-presence'), gone);
    });
  }

  if (!form.hasAttribute('data-locked')) { begin(); }
  watch();
}());
