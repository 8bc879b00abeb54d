//! map
pub mod clock;
pub mod config;
pub mod fetch;
pub mod wechat;
pub mod credentials;
