/*
 * The bridge that a client of WeChat puts into a page, for a browser that has none. It runs before anything of
 * the page; its native half is phone.rs, reached through window.__wxNative(text) -> Promise<text>, which the
 * browser's driver provides and which adds the page's true address. The last line is completed by the server.
 *
 * For the driver: window.__phone = { client, view, share(item) -> Promise<card>, blocked() -> frames that the
 * page's policy kept from navigating }.
 */
(function (client) {
  "use strict";

  // The client serves the page itself, not the frames in it, nor the blank page before it.
  if (window.top !== window || !/^https?:$/.test(location.protocol)) {
    return;
  }

  var channel = window.__wxNative;
  try {
    // The page must not find the channel.
    delete window.__wxNative;
  } catch (ignored) {
    // A driver that makes it permanent is trusted to check its callers.
  }

  var view = String(Math.random()).slice(2) + String(Math.random()).slice(2);
  var handlers = {};
  var awaited = null;
  var waiting = [];
  var blocked = 0;

  /** How long it may take until a frame knows that it was blocked; measured up to 110 on two busy cores. */
  var FRAME_MS = 300;
  /** How long the client waits for the page to answer a tap. */
  var ANSWER_MS = 6000;

  function native(message) {
    message.view = view;
    return channel(JSON.stringify(message)).then(JSON.parse);
  }

  function copy(value) {
    return JSON.parse(JSON.stringify(value === undefined ? null : value));
  }

  document.addEventListener(
    "securitypolicyviolation",
    function (violation) {
      var directive = violation.effectiveDirective || violation.violatedDirective;
      if (violation.disposition === "enforce" && /^(frame|child|default)-src/.test(directive)) {
        blocked += 1;
      }
    },
    true
  );

  /** Navigates a hidden frame; resolves with whether the page's policy let it. */
  function navigateFrame(id, address) {
    return new Promise(function (resolve) {
      var before = blocked;
      var frame = document.createElement("iframe");
      frame.id = id;
      frame.style.display = "none";
      frame.src = address;
      document.documentElement.appendChild(frame);
      setTimeout(function () {
        frame.remove();
        resolve(blocked === before);
      }, FRAME_MS);
    });
  }

  /** Through a frame goes only the order to collect; the client then takes all that waits. */
  function deliver(message) {
    if (client.bridge !== "iframe") {
      return native(message);
    }
    return new Promise(function (resolve) {
      waiting.push(function () {
        resolve(native(message));
      });
      if (waiting.length > 1) {
        return;
      }
      navigateFrame("__WeixinJSBridgeIframe", "weixin://dispatch_message/").then(function (passed) {
        // What the client was not told of is never answered.
        waiting.splice(0).forEach(function (pass) {
          if (passed) {
            pass();
          }
        });
      });
    });
  }

  function invoke(name, parameters, callback) {
    // The page's script changes its objects later; what counts is what they are now.
    deliver({ kind: "invoke", name: name, arguments: copy(parameters) }).then(function (reply) {
      if (typeof callback === "function") {
        callback(reply);
      }
      if (awaited && awaited.call === name) {
        awaited.resolve();
      }
    });
  }

  var bridge = {
    invoke: invoke,
    call: invoke,
    // One handler for each event, as in the client: the last one holds.
    on: function (event, handler) {
      handlers[event] = handler;
    },
    log: function () {},
  };

  function inject() {
    window.WeixinJSBridge = bridge;
    document.dispatchEvent(new Event("WeixinJSBridgeReady"));
  }

  function ask(next) {
    return new Promise(function (resolve) {
      awaited = { call: next.call, resolve: resolve };
      setTimeout(resolve, ANSWER_MS);
      handlers[next.event](next.data);
      if (client.bridge === "iframe") {
        navigateFrame("__WeixinJSBridgeIframe_SetResult", "weixin://private/setresult/SCENE_HANDLEMSGFROMWX&ZHVtbXk=");
      }
    }).then(function () {
      awaited = null;
    });
  }

  function checked(reply) {
    if (reply.error) {
      throw new Error(reply.error);
    }
    return reply;
  }

  /** The reader opens the menu and taps an item. */
  function share(item) {
    if (client.bridge === "none") {
      return Promise.reject(new Error("a browser has no such menu"));
    }
    return native({ kind: "tap", target: item, handlers: Object.keys(handlers) })
      .then(checked)
      .then(function (next) {
        return next.event ? ask(next) : undefined;
      })
      .then(function () {
        return native({ kind: "send", title: document.title });
      })
      .then(checked);
  }

  /** After each script that arrives, before the page hears of it: some functions are not there. */
  function takeAway(names) {
    document.addEventListener(
      "load",
      function () {
        names.forEach(function (name) {
          if (window.wx) {
            delete window.wx[name];
          }
        });
      },
      true
    );
  }

  Object.defineProperty(Navigator.prototype, "platform", {
    configurable: true,
    get: function () {
      return client.platform;
    },
  });
  Object.defineProperty(window, "__phone", {
    value: Object.freeze({
      client: client,
      view: view,
      share: share,
      blocked: function () {
        return blocked;
      },
    }),
  });
  if (client.lacks.length) {
    takeAway(client.lacks);
  }
  if (client.bridge === "none") {
    return;
  }
  if (client.platform === "iPhone") {
    window.__wxjs_is_wkwebview = true;
  }
  native({ kind: "open" });
  if (client.bridge === "at-start") {
    inject();
  } else if (client.bridge === "late") {
    window.addEventListener("load", function () {
      setTimeout(inject, 1500);
    });
  } else {
    document.addEventListener("DOMContentLoaded", inject);
  }
})(__CLIENT__);
