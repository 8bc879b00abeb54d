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
mod archive;
mod around;
mod arrange;
mod article_command;
mod articles;
mod at_once;
mod attachments;
mod command;
mod content;
mod cookies;
mod csrf_matrix;
mod dashboard;
mod database;
mod desk;
mod engine;
mod entrance;
mod faults;
mod feeds;
mod figures;
mod films;
mod fleet;
mod front;
mod full_disk;
mod history;
mod hostile;
mod import;
mod library;
mod migrations;
mod newsroom;
mod notices;
mod nul;
mod oauth;
mod office;
mod office_matrix;
mod page_cache;
mod pages;
mod people;
mod pictures;
mod process;
mod reader;
mod readme;
mod renditions;
mod rig;
mod schedule;
mod search;
mod sections;
mod settings_pages;
mod site;
mod staff;
mod uploads;
mod wechat;
mod wechat_page;
mod wecom;
mod weight;
