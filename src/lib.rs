//! wxpress: a news site made for WeChat. This page is the map; read it from top to bottom.
//!
//! The modules form a chain. Each may name only what stands above it, and `tests/it/architecture.rs` holds the chain
//! as a table and fails when a module reaches where it must not.
//!
//! # The way of one request
//!
//! `GET /articles/spring`: [`web::create_app`] lists every address; the handler (`web/reader/article.rs`) asks
//! [`content::Content::published`] for the article, builds the page's struct, and takes the values of `wx.config` from
//! memory (`web/share.rs` asks [`credentials::Credentials::ticket`] and [`wechat::sign`]s the canonical address). The
//! template `templates/reader/article.html` prints it; `static/guard.js` keeps the reader on the canonical address and
//! `static/share.js` hands the card to WeChat. What goes wrong becomes a `web::Error` without words, and one
//! middleware makes the page that says it.
//!
//! # The way of one form
//!
//! `POST /admin/articles/7/publish`: `web/admin.rs` lists every address of the back office with its policy;
//! `web/admin/auth.rs` finds the [`staff::Session`] behind the cookie and lets nobody past whom the policy does not name,
//! before a byte of the form is read; `Posted` in `web/admin/form.rs` checks the form's token. The handler asks
//! [`content::Content`], which judges the step by the article's state (`content/article/state.rs`) and writes it with
//! its event in one transaction. What is refused comes back as the same form, with all that was typed.
//!
//! # The way of one ticket
//!
//! [`cli`] starts a [`credentials::Keeper`] beside the pages. It asks [`credentials::schedule`] what is due, calls
//! [`wechat::OfficialAccount`] through [`fetch::Fetch`], reacts to failures by [`wechat::error::Reaction`], and puts the
//! result into [`credentials::Credentials`], where every page finds it without waiting.

// Leaves: the time, and what the operator decided.
pub mod clock;

pub mod config;

// Doors: to the database and to the world.
pub mod db;

pub mod fetch;

// Who works here, and what they may do.
pub mod staff;

// The two peers, which do not know each other: what the site says, and how WeChat is spoken to.
pub mod content;

pub mod wechat;

// What the site holds and observes.
pub mod credentials;

pub mod stats;

pub mod diagnosis;

// Everything together, the pages, and the commands.
pub mod state;

pub mod web;

pub mod cli;

// WeChat's side, for tests and the demo; shares no code with ours, so that a mistake is not made twice.
pub mod simulator;
