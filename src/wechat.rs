//! A client of WeChat's API, nothing more: endpoints, signature, errors and their cures. It keeps no state and
//! does not know what an article is.
//!
//! | file | holds |
//! |---|---|
//! | [`official`] | the official account's calls (公众号) |
//! | [`wecom`] | the calls of an agent in WeCom (企业微信) |
//! | [`oauth`] | who somebody is, by the word of either |
//! | [`credential`] | the two kinds of token and the ticket, as types that cannot be mixed up |
//! | [`envelope`] | reading `{errcode, errmsg}` strictly |
//! | [`signature`] | what `wx.config` wants |
//! | [`error`] | what went wrong, and whether asking again can help |
//! | [`cure`] | code → meaning, cause, console page and button |
//! | [`domain`] | the rule of the JS-SDK safe domain |

pub mod credential;
pub mod cure;
pub mod domain;
pub mod envelope;
pub mod error;
pub mod oauth;
pub mod official;
pub mod signature;
pub mod wecom;

pub use credential::{Issued, JsapiTicket, OAuthAccessToken, OAuthCode, SiteAccessToken};
pub use error::{Error, Platform};
pub use official::OfficialAccount;
pub use signature::{AgentConfig, JsConfig, sign};
pub use wecom::WeComAgent;
