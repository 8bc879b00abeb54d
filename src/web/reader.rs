//! The pages that readers see.

pub(crate) mod article;
pub(crate) mod feed;
pub(crate) mod list;
pub(crate) mod media;
pub(crate) mod moved;
pub(crate) mod search;
pub(crate) mod sitemap;
pub(crate) mod verification;
