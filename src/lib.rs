//! map
pub mod clock;
pub mod db;
pub mod content;
pub mod config;
pub mod fetch;
pub mod wechat;
pub mod credentials;
