//! The integration tests, one binary: the site as readers, editors and operators meet it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a helper that cannot do its work fails the test"
)]

mod api;
mod architecture;
mod attachments;
mod command;
mod content;
mod database;
mod engine;
mod faults;
mod fleet;
mod import;
mod migrations;
mod pictures;
mod process;
mod reader;
mod readme;
mod renditions;
mod rig;
mod site;
mod wechat;
mod wecom;
