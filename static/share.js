/* Hands the card to WeChat. Plain script for WebViews of 2016: no modules, no arrow functions, no fetch, no promises.
   What it relies on, with sources: wx.ready runs even after a failed wx.config, neither fires outside WeChat, and the
   success of the new calls fires at page load (so nothing here counts it as a share). */
(function () {
  'use strict';
  var SDK_PATIENCE = 6000; /* ms until the next address of the SDK is tried */
  var COLD_PAUSES = [2500, 15000, 75000]; /* ms until a page without values asks for them, and asks again */

  var agent = navigator.userAgent;
  var inWeCom = /wxwork\//i.test(agent);
  var inWeChat = !inWeCom && /micromessenger/i.test(agent);
  var block = document.getElementById('wx-share');
  var data;
  var asked = false; /* whether fresh values were asked for in this view */
  var reported = {};
  var troubled = false; /* whether values were refused in this view */
  var viewer = null; /* the SDK, once the client has accepted the page and can show pictures */

  try { data = JSON.parse(block.textContent); } catch (broken) { return; }

  function address() { return location.href.split('#')[0]; }

  /* WeCom's client wants WeCom's values; where one account is missing the other is used. */
  function pick(values) {
    var first = inWeCom ? 'wecom' : 'official', second = inWeCom ? 'official' : 'wecom';
    var name = !values ? '' : values[first] ? first : values[second] ? second : '';
    return name ? { account: name, config: values[name] } : null;
  }

  function send(fields) {
    var body, request;
    if (!data.beacon) { return; }
    fields.token = data.beacon.token;
    body = JSON.stringify(fields);
    try { if (navigator.sendBeacon && navigator.sendBeacon(data.beacon.url, body)) { return; } } catch (refused) { /* next */ }
    try {
      request = new XMLHttpRequest();
      request.open('POST', data.beacon.url, true);
      request.setRequestHeader('Content-Type', 'text/plain;charset=UTF-8');
      request.send(body);
    } catch (refused) { /* a statistic is not worth an error */ }
  }

  /* How the reader came: the guard kept WeChat's parameters before it removed them from the address. */
  function opening() {
    var kept = null, query = location.search, found;
    try {
      kept = sessionStorage.getItem('wxpress-came');
      sessionStorage.removeItem('wxpress-came');
    } catch (refused) { /* no storage */ }
    if (kept && kept.split(' ')[0] === address()) { query = kept.slice(kept.indexOf(' ') + 1); }
    found = /[?&]from=([a-z]{1,20})(?:&|$)/.exec(query);
    if (found) { return found[1]; }
    found = /[?&]scene=([0-9]{1,6})(?:&|$)/.exec(query);
    return found ? 'scene' + found[1] : '';
  }

  /* A page that nobody looks at yet (prerendered, or in a tab behind) is no view until somebody does. Each page is one
     view, also when it comes back from the back-forward cache. */
  function view(from) {
    function isSeen() { return !document.prerendering && document.visibilityState !== 'hidden' && document.visibilityState !== 'prerender'; }
    function look() {
      if (!isSeen()) { return; }
      document.removeEventListener('visibilitychange', look, false);
      document.removeEventListener('prerenderingchange', look, false);
      send({ event: 'view', from: from });
    }
    document.addEventListener('visibilitychange', look, false);
    document.addEventListener('prerenderingchange', look, false);
    look();
  }

  function report(outcome, message, used) {
    if (reported[outcome]) { return; }
    reported[outcome] = true;
    send({
      event: 'config', outcome: outcome, message: String(message || '').slice(0, 200),
      account: used ? used.account : '', generation: used ? used.config.generation : 0, timestamp: used ? used.config.timestamp : 0
    });
  }

  function copy(card) {
    return { title: card.title, desc: card.desc, link: card.link, imgUrl: card.imgUrl };
  }

  /* Both generations, the new calls first: some clients honour only one of them. */
  function share(wx, account) {
    var chat = data.card;
    var moments = { title: chat.momentsTitle || chat.title, desc: chat.desc, link: chat.link, imgUrl: chat.imgUrl };
    var calls = [
      ['updateAppMessageShareData', chat], ['updateTimelineShareData', moments],
      ['onMenuShareAppMessage', chat], ['onMenuShareTimeline', moments],
      ['onMenuShareQQ', chat], ['onMenuShareQZone', moments], ['onMenuShareWeibo', chat]
    ];
    for (var i = 0; i < calls.length; i++) {
      /* WeCom's client knows only the older calls. */
      if (account === 'wecom' && calls[i][0].indexOf('update') === 0) { continue; }
      try { if (typeof wx[calls[i][0]] === 'function') { wx[calls[i][0]](copy(calls[i][1])); } } catch (failed) { /* the others still count */ }
    }
    if (account === 'wecom') { shareFromWeCom(wx, chat); }
  }

  /* WeCom has a button for passing on to WeChat. The one script that serves both clients (jweixin; WeCom's own is not
     needed for anything a shared page does, and would be a second one to load) lacks its name, so it is spoken to by
     the bridge's: menu:share:wechat, answered with shareWechat. */
  function shareFromWeCom(wx, chat) {
    try {
      if (typeof wx.onMenuShareWechat === 'function') { wx.onMenuShareWechat(copy(chat)); return; }
      wx.on('menu:share:wechat', function () {
        wx.invoke('shareWechat', { title: chat.title, desc: chat.desc, link: chat.link, img_url: chat.imgUrl, type: 'link', data_url: '' }, nothing);
      });
    } catch (failed) { /* the other buttons still work */ }
  }

  function nothing() { /* the outcome of a share is nobody's business */ }

  /* WeChat's own viewer, with all pictures of the article. Until the client has accepted this page, and wherever it
     refuses, a picture is the plain link that it is. Links that an editor made are no business of this. */
  function pictures() {
    var all = document.querySelectorAll ? document.querySelectorAll('.lead-image a.picture, .body a.picture') : [];
    var urls = [];
    for (var i = 0; i < all.length; i++) { if (urls.indexOf(all[i].href) < 0) { urls.push(all[i].href); } }
    return urls;
  }

  function onTap(event) {
    var link = event.target, plain = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    while (link && link !== document && !(link.tagName === 'A' && link.className === 'picture')) { link = link.parentNode; }
    if (!viewer || plain || event.defaultPrevented || !link || link === document) { return; }
    try {
      viewer.previewImage({
        current: link.href,
        urls: pictures(),
        fail: function () { viewer = null; location.href = link.href; }
      });
      event.preventDefault();
    } catch (failed) { /* the link leads there */ }
  }

  /* What a WeCom agent may do beyond the menu; jweixin has no name for it either. */
  function configureAgent(wx, agent) {
    try {
      wx.invoke('agentConfig', {
        corpid: agent.corpid, agentid: agent.agentid, timestamp: String(agent.timestamp), nonceStr: agent.nonceStr,
        signature: agent.signature, jsApiList: agent.jsApiList.slice()
      }, nothing);
    } catch (failed) { /* the menu works without it */ }
  }

  function load(addresses, used, done) {
    var index = 0, over = false;
    function next() {
      var script, timer, left = false;
      if (over) { return; }
      if (index >= addresses.length) { over = true; report('sdk_missing', '', used); return; }
      script = document.createElement('script');
      script.async = true;
      script.src = addresses[index++];
      function leave() { if (!left) { left = true; clearTimeout(timer); next(); } }
      script.onload = function () {
        if (over) { return; }
        if (!window.wx || !window.wx.config) { leave(); return; }
        over = true;
        left = true;
        clearTimeout(timer);
        done(window.wx);
      };
      script.onerror = leave;
      timer = setTimeout(leave, SDK_PATIENCE);
      document.head.appendChild(script);
    }
    next();
  }

  /* The SDK keeps the outcome of its first wx.config for ever, so a second one needs a fresh copy of it. */
  function forgetSdk() {
    viewer = null;
    try { delete window.jWeixin; delete window.wx; } catch (sealed) { window.jWeixin = undefined; window.wx = undefined; }
  }

  function configure(used) {
    load(data.sdk, used, function (wx) {
      var values = used.config, failed = false;
      wx.ready(function () {
        share(wx, used.account);
        if (failed) { return; }
        report(troubled ? 'ok_again' : 'ok', '', used);
        if (typeof wx.previewImage === 'function') { viewer = wx; }
        if (inWeCom && values.agent) { configureAgent(wx, values.agent); }
      });
      wx.error(function (reply) {
        failed = true;
        report(troubled ? 'error_again' : 'error', reply && reply.errMsg, used);
        troubled = true;
        ask();
      });
      wx.config({
        debug: false,
        beta: used.account === 'wecom', /* without it WeCom's wx.invoke misbehaves */
        appId: values.appId,
        timestamp: values.timestamp,
        nonceStr: values.nonceStr,
        signature: values.signature,
        jsApiList: values.jsApiList.slice()
      });
    });
  }

  /* Fresh values for the address as it is now, once per view. */
  function ask() {
    var request;
    if (asked) { return; }
    asked = true;
    request = new XMLHttpRequest();
    request.open('GET', data.shareConfig + '?path=' + encodeURIComponent(location.pathname + location.search), true);
    request.onreadystatechange = function () {
      var values = null;
      if (request.readyState !== 4) { return; }
      try { values = request.status === 200 ? pick(JSON.parse(request.responseText)) : null; } catch (broken) { values = null; }
      if (values) { forgetSdk(); configure(values); } else { waitForTicket(); }
    };
    request.send();
  }

  /* The site may be without a ticket for a minute; a reader who stays gets the card all the same. */
  function waitForTicket() {
    var pause = COLD_PAUSES.shift();
    if (pause) { setTimeout(function () { asked = false; ask(); }, pause); }
  }

  function start() {
    var values = pick(data);
    if (!data.sdk || !data.accounts) { return; }
    if (values && data.url === address()) { configure(values); return; }
    if (data.url === address()) { waitForTicket(); } else { ask(); }
  }

  view(opening());
  if (!inWeCom && !inWeChat) { return; }
  start();
  document.addEventListener('click', onTap, false);
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) { asked = false; reported = {}; troubled = false; ask(); }
  });
})();
