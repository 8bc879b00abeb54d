/* The cropping of a picture can be set by numbers and positions without this; with it, both are moved on the picture
   itself, by mouse, finger or keyboard. Plain script. */
(function () {
  'use strict';
  var stage = document.querySelector('[data-stage]');
  var form = document.querySelector('form[data-framing]');
  if (!stage || !form || !window.PointerEvent) { return; }
  var image = stage.querySelector('img');
  var width = Number(image.getAttribute('width')), height = Number(image.getAttribute('height'));
  var shorter = Math.min(width, height);
  // WeChat draws no card from less than 300 pixels of the picture that is kept.
  var least = Math.min(100, 30000 / Number(stage.getAttribute('data-shorter')));
  var hasSquare = !!form.elements.square_side;
  var point = handle('button', 'point', stage.getAttribute('data-focus'));
  var square = hasSquare ? handle('button', 'square', stage.getAttribute('data-square')) : null;
  var corner = hasSquare ? handle('span', 'corner', '') : null;

  function handle(name, className, label) {
    var made = document.createElement(name);
    made.className = className;
    if (name === 'button') { made.type = 'button'; made.setAttribute('aria-label', label); }
    else { made.setAttribute('aria-hidden', 'true'); }
    stage.appendChild(made);
    return made;
  }
  function clamp(value, least, most) { return Math.max(least, Math.min(most, value)); }
  function number(name) {
    var value = parseFloat(form.elements[name].value);
    return isNaN(value) ? 0 : clamp(value, 0, 100);
  }
  function write(name, value) { form.elements[name].value = String(Math.round(value * 100) / 100); }
  function check(name, value) {
    var all = form.querySelectorAll('input[name=' + name + ']');
    for (var i = 0; i < all.length; i++) { all[i].checked = all[i].value === value; }
  }
  function chosen(name) {
    var found = form.querySelector('input[name=' + name + ']:checked');
    return found ? found.value : '';
  }
  function changed() { form.dispatchEvent(new Event('input', { bubbles: true })); draw(); }

  function focus() {
    var place = chosen('focus').split('-');
    if (place.length === 2) { return { x: Number(place[0]), y: Number(place[1]) }; }
    return { x: number('focus_x'), y: number('focus_y') };
  }
  /* In percent of the width, of the height, and of the shorter side. */
  function box() {
    if (chosen('square') === 'own') {
      return fitted({ left: number('square_left'), top: number('square_top'), side: number('square_side') });
    }
    var at = focus();
    return fitted({ left: at.x - 50 * shorter / width, top: at.y - 50 * shorter / height, side: 100 });
  }
  function fitted(piece) {
    var side = clamp(piece.side, least, 100);
    return {
      side: side,
      left: clamp(piece.left, 0, 100 - side * shorter / width),
      top: clamp(piece.top, 0, 100 - side * shorter / height)
    };
  }
  function draw() {
    var at = focus();
    point.style.left = at.x + '%';
    point.style.top = at.y + '%';
    if (!square) { return; }
    var piece = box();
    square.style.left = piece.left + '%';
    square.style.top = piece.top + '%';
    square.style.width = (piece.side * shorter / width) + '%';
    square.style.height = (piece.side * shorter / height) + '%';
    corner.style.left = (piece.left + piece.side * shorter / width) + '%';
    corner.style.top = (piece.top + piece.side * shorter / height) + '%';
  }
  function setFocus(x, y) {
    check('focus', 'exact');
    write('focus_x', clamp(x, 0, 100));
    write('focus_y', clamp(y, 0, 100));
    changed();
  }
  function setSquare(piece) {
    piece = fitted(piece);
    check('square', 'own');
    write('square_left', piece.left);
    write('square_top', piece.top);
    write('square_side', piece.side);
    changed();
  }

  /* Calls `move` with how far the pointer is from where it began, in percent, and what `begin` said then. */
  function drag(target, begin, move) {
    var from = null;
    target.addEventListener('pointerdown', function (event) {
      event.preventDefault();
      target.focus();
      target.setPointerCapture(event.pointerId);
      from = { x: event.clientX, y: event.clientY, state: begin() };
    });
    target.addEventListener('pointermove', function (event) {
      if (!from) { return; }
      var size = image.getBoundingClientRect();
      move(from.state, 100 * (event.clientX - from.x) / size.width, 100 * (event.clientY - from.y) / size.height);
    });
    function end() { from = null; }
    target.addEventListener('pointerup', end);
    target.addEventListener('pointercancel', end);
  }
  function arrow(event) {
    var step = event.shiftKey ? 5 : 1;
    var steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    var found = steps[event.key];
    if (found) { event.preventDefault(); }
    return found;
  }

  drag(point, focus, function (at, x, y) { setFocus(at.x + x, at.y + y); });
  point.addEventListener('keydown', function (event) {
    var by = arrow(event), at = focus();
    if (by) { setFocus(at.x + by[0], at.y + by[1]); }
  });
  if (square) {
    drag(square, box, function (piece, x, y) {
      setSquare({ left: piece.left + x, top: piece.top + y, side: piece.side });
    });
    drag(corner, box, function (piece, x, y) {
      var by = Math.max(x * width, y * height) / shorter;
      var room = Math.min((100 - piece.left) * width, (100 - piece.top) * height) / shorter;
      setSquare({ left: piece.left, top: piece.top, side: Math.min(piece.side + by, room) });
    });
    square.addEventListener('keydown', function (event) {
      var by = arrow(event), piece = box();
      if (by) {
        setSquare({ left: piece.left + by[0], top: piece.top + by[1], side: piece.side });
      } else if (event.key === '+' || event.key === '=' || event.key === '-') {
        event.preventDefault();
        setSquare({ left: piece.left, top: piece.top, side: piece.side + (event.key === '-' ? -2 : 2) });
      }
    });
  }
  form.addEventListener('input', draw);
  form.addEventListener('change', function (event) {
    var target = event.target;
    if (target.name === 'focus' && target.value !== 'exact') {
      var at = focus();
      write('focus_x', at.x);
      write('focus_y', at.y);
    }
    if (target.name === 'focus_x' || target.name === 'focus_y') { check('focus', 'exact'); }
    if (target.name.indexOf('square_') === 0) { check('square', 'own'); }
    draw();
  });
  draw();
}());
