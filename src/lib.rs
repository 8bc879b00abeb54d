//! map
pub mod clock;
pub mod config;
