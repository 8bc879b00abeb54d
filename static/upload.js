/* The upload form works without this; with it, files may be dragged and pasted, each shows how far it is and can be
   cancelled, and what is wrong with one is said beside it. Plain script. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-upload]');
  if (!form || !window.FormData || !window.XMLHttpRequest) { return; }
  var input = form.querySelector('input[type=file]');
  var list = form.querySelector('.uploads');
  var AT_ONCE = 2;
  var waiting = [], underWay = 0, failed = false, lastKind = 'picture', known = [], isNew = false;

  function text(name) { return form.getAttribute('data-' + name) || ''; }
  function field(name) {
    var found = form.querySelector('input[name=' + name + ']');
    return found ? found.value : '';
  }
  function element(name, className, words) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (words) { made.textContent = words; }
    return made;
  }

  /* The list below the form is of before; once a file is in, it must not say that there is nothing. */
  function notEmpty() {
    var says = document.querySelector('[data-until-first]');
    if (says) { says.hidden = true; }
  }

  function Line(file) {
    var line = this;
    line.file = file;
    line.node = element('li');
    line.bar = element('progress');
    line.bar.max = 100;
    line.bar.value = 0;
    line.bar.setAttribute('aria-label', file.name);
    line.state = element('span', 'state', text('queued'));
    line.cancel = element('button', 'link', text('cancel'));
    line.cancel.type = 'button';
    line.cancel.setAttribute('aria-label', text('cancel') + ' ' + file.name);
    line.cancel.addEventListener('click', function () { line.stop(); });
    line.node.appendChild(element('span', 'name', file.name));
    line.node.appendChild(line.bar);
    line.node.appendChild(line.state);
    line.node.appendChild(line.cancel);
    list.appendChild(line.node);
  }
  Line.prototype.end = function (className, words) {
    this.ended = true;
    this.state.className = 'state ' + className;
    this.state.textContent = words;
    this.node.removeChild(this.bar);
    this.node.removeChild(this.cancel);
    if (className === 'bad') { failed = true; }
    if (className === 'good') { notEmpty(); }
  };
  Line.prototype.stop = function () {
    if (this.ended) { return; }
    if (this.request) { this.request.abort(); return; }
    waiting.splice(waiting.indexOf(this), 1);
    failed = true;
    this.end('', text('cancelled'));
    settle();
  };
  Line.prototype.start = function () {
    var line = this, body = new FormData(), request = new XMLHttpRequest();
    line.request = request;
    line.state.textContent = text('sending');
    // The token first: nothing is read before it.
    body.append('csrf', field('csrf'));
    body.append('choose', field('choose'));
    body.append('files', line.file, line.file.name);
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', function (event) {
      if (event.lengthComputable && !line.ended) { line.bar.value = 100 * event.loaded / event.total; }
    });
    request.upload.addEventListener('load', function () {
      if (!line.ended) { line.bar.removeAttribute('value'); line.state.textContent = text('working'); }
    });
    request.addEventListener('load', function () { line.answered(request); });
    request.addEventListener('error', function () { line.end('bad', text('failed')); });
    request.addEventListener('abort', function () { failed = true; line.end('', text('cancelled')); });
    request.addEventListener('loadend', function () { underWay -= 1; next(); });
    request.send(body);
  };
  Line.prototype.answered = function (request) {
    var file = null;
    try { file = JSON.parse(request.responseText).files[0]; } catch (notJson) { file = null; }
    if (file && file.id) {
      lastKind = file.kind;
      if (file.known) {
        known.push(file.id);
        this.end('good', text('known'));
        this.state.appendChild(document.createTextNode(' '));
        this.state.appendChild(element('a', '', file.name)).href = file.url;
      } else {
        isNew = true;
        this.end('good', text('done'));
      }
    } else if (file && file.error) {
      this.end('bad', file.error);
    } else if (request.status === 429) {
      this.end('bad', text('too-many'));
    } else if (request.status === 413) {
      this.end('bad', text('too-large'));
    } else if (request.status === 507) {
      this.end('bad', text('full'));
    } else if (request.status === 401 || request.status === 403) {
      this.end('bad', text('expired'));
    } else {
      this.end('bad', text('failed'));
    }
  };

  function next() {
    while (underWay < AT_ONCE && waiting.length) {
      underWay += 1;
      waiting.shift().start();
    }
    settle();
  }

  /* When all have arrived, the grid shows them; while something is wrong, its sentence stays to be read. */
  function settle() {
    if (underWay || waiting.length) { return; }
    var choose = field('choose');
    var address = form.getAttribute('action') + '?kind=' + lastKind + (isNew ? '&done=uploaded' : '') +
      (choose ? '&choose=' + encodeURIComponent(choose) : '') + (known.length ? '&known=' + known.join(',') : '');
    if (!failed) { window.location.assign(address); return; }
    if (list.querySelector('.good') && !list.querySelector('a.button')) {
      var last = element('li'), link = element('a', 'button', text('look'));
      link.href = address;
      last.appendChild(link);
      list.appendChild(last);
    }
  }

  function take(files) {
    for (var i = 0; i < files.length; i++) { waiting.push(new Line(files[i])); }
    if (files.length) { next(); }
  }

  function carriesFiles(event) {
    var types = event.dataTransfer ? event.dataTransfer.types : [];
    return Array.prototype.indexOf.call(types, 'Files') >= 0;
  }
  var depth = 0;
  document.addEventListener('dragenter', function (event) {
    if (!carriesFiles(event)) { return; }
    depth += 1;
    document.body.setAttribute('data-drop', text('drop'));
    document.body.classList.add('dropping');
  });
  function left() {
    depth = Math.max(0, depth - 1);
    if (!depth) { document.body.classList.remove('dropping'); }
  }
  document.addEventListener('dragleave', left);
  document.addEventListener('dragover', function (event) { if (carriesFiles(event)) { event.preventDefault(); } });
  document.addEventListener('drop', function (event) {
    if (!carriesFiles(event)) { return; }
    event.preventDefault();
    depth = 0;
    document.body.classList.remove('dropping');
    take(event.dataTransfer.files);
  });
  document.addEventListener('paste', function (event) {
    var files = event.clipboardData ? event.clipboardData.files : [];
    if (files && files.length) { event.preventDefault(); take(files); }
  });
  form.addEventListener('submit', function (event) {
    if (!input.files.length) { return; }
    event.preventDefault();
    take(input.files);
    input.value = '';
  });
  window.addEventListener('beforeunload', function (event) {
    if (underWay || waiting.length) { event.preventDefault(); event.returnValue = ''; }
  });
}());
