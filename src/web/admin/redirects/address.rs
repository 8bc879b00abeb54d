//! What people type as an address, and what is wrong with it.

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::super::texts::fixed::Fixed;
use crate::config::BaseUrl;
use crate::content::{self, Month, SitePath};

/// Addresses that routes of the site's own answer whatever was entered here.
const RESERVED: &[&str] = &[
    "/admin",
    "/archive",
    "/feed.xml",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/rss.xml",
    "/search",
    "/sitemap-articles.xml",
    "/sitemap-pages.xml",
    "/sitemap.xml",
];
/// The same for all below.
const RESERVED_BELOW: &[&str] = &["/admin/", "/api/", "/media/", "/preview/", "/static/", "/MP_verify_", "/WW_verify_"];
/// Those of the site's own to which it makes sense to lead.
const LISTS: &[&str] = &["/", "/archive", "/feed.xml", "/rss.xml", "/search"];

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    EmptyOld,
    EmptyNew,
    Old,
    New,
    /// What follows a question mark is not looked at.
    Query,
    /// On another site.
    Foreign,
    Reserved,
    /// Nothing is there.
    Missing,
}

impl Wrong {
    pub(super) fn sentence(self, t: &Fixed) -> &'static str {
        match self {
            Self::EmptyOld => t.empty_old,
            Self::EmptyNew => t.empty_new,
            Self::Old => t.bad_old,
            Self::New => t.bad_new,
            Self::Query => t.with_query,
            Self::Foreign => t.foreign,
            Self::Reserved => t.reserved,
            Self::Missing => t.missing,
        }
    }
}

/// Why a redirect is refused; none: for a reason that is not the one's who typed it.
pub(super) fn refusal(t: &Fixed, error: &content::Error) -> Option<&'static str> {
    match error {
        content::Error::Circle => Some(t.circle),
        content::Error::PathTaken(_) => Some(t.taken),
        _ => None,
    }
}

/// An address of former times: a path, or an address of any site, which may have been this one's once.
pub(super) fn old(site: &Site, typed: &str) -> Result<SitePath, Wrong> {
    old_below(&site.state.config.site.base_url, typed)
}

fn old_below(base: &BaseUrl, typed: &str) -> Result<SitePath, Wrong> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Wrong::EmptyOld);
    }
    let path = match without_scheme(typed) {
        Some(rest) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default(),
        None => typed,
    };
    if path.contains('?') {
        return Err(Wrong::Query);
    }
    let path: SitePath = below(base, path).parse().map_err(|_not_a_path| Wrong::Old)?;
    let text = path.as_str();
    let is_feed = text.starts_with("/categories/") && text.ends_with("/feed.xml");
    let is_below = RESERVED_BELOW.iter().any(|reserved| text.starts_with(reserved));
    let reserved = is_feed || is_below || RESERVED.contains(&text) || is_month(text);
    if reserved { Err(Wrong::Reserved) } else { Ok(path) }
}

/// An address of today, at which something is.
pub(super) async fn new(site: &Site, typed: &str) -> Result<Result<SitePath, Wrong>, Error> {
    let path = match new_below(&site.state.config.site.base_url, typed) {
        Ok(path) => path,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let text = path.as_str();
    let is_there = LISTS.contains(&text) || is_month(text) || site.state.content.has_address(&path).await?;
    Ok(if is_there { Ok(path) } else { Err(Wrong::Missing) })
}

fn new_below(base: &BaseUrl, typed: &str) -> Result<SitePath, Wrong> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Wrong::EmptyNew);
    }
    let path = match without_scheme(typed) {
        Some(rest) => {
            let own = without_scheme(base.origin()).unwrap_or_default();
            let path = rest.strip_prefix(own).ok_or(Wrong::Foreign)?;
            if path.is_empty() || path.starts_with('/') { path } else { return Err(Wrong::Foreign) }
        }
        None => typed,
    };
    if path.contains('?') {
        return Err(Wrong::Query);
    }
    match below(base, path) {
        "" | "/" => Ok(SitePath::home()),
        path => path.parse().map_err(|_not_a_path| Wrong::New),
    }
}

fn without_scheme(address: &str) -> Option<&str> {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))
}

/// The path without the site's prefix, as it is looked up.
fn below<'a>(base: &BaseUrl, path: &'a str) -> &'a str {
    let rest = path.strip_prefix(base.prefix()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    rest.unwrap_or(path)
}

fn is_month(path: &str) -> bool {
    path.strip_prefix("/archive/").is_some_and(|month| month.parse::<Month>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> BaseUrl {
        BaseUrl::parse("https://news.example.cn/mp").unwrap()
    }

    #[test]
    fn an_old_address_may_be_pasted_from_anywhere() {
        let read = |typed| old_below(&base(), typed).map(|path| path.to_string());
        for (typed, path) in [
            (" /news/1.html ", "/news/1.html"),
            ("/mp/news/1.html", "/news/1.html"),
            ("/mpx/1", "/mpx/1"),
            ("https://old.example.cn/a/", "/a"),
            ("http://news.example.cn/mp/a#x", "/a"),
            ("https://old.example.cn/%E6%96%B0", "/新"),
            ("/archive/old", "/archive/old"),
        ] {
            assert_eq!(read(typed), Ok(path.to_owned()), "{typed}");
        }
        for (typed, wrong) in [
            ("", Wrong::EmptyOld),
            ("/", Wrong::Old),
            ("https://old.example.cn", Wrong::Old),
            ("news/1", Wrong::Old),
            ("//evil.example/x", Wrong::Old),
            ("/a/../b", Wrong::Old),
            ("/a?id=5", Wrong::Query),
            ("/search", Wrong::Reserved),
            ("/mp/admin/staff", Wrong::Reserved),
            ("/static/x.css", Wrong::Reserved),
            ("/archive/2020-01", Wrong::Reserved),
            ("/categories/a/feed.xml", Wrong::Reserved),
        ] {
            assert_eq!(read(typed), Err(wrong), "{typed}");
        }
    }

    #[test]
    fn a_new_address_is_one_of_this_site() {
        let read = |typed| new_below(&base(), typed).map(|path| path.to_string());
        for (typed, path) in [
            ("/", "/"),
            ("/mp", "/"),
            ("https://news.example.cn/mp/", "/"),
            ("http://news.example.cn/mp/articles/1", "/articles/1"),
            ("/articles/1#x", "/articles/1"),
        ] {
            assert_eq!(read(typed), Ok(path.to_owned()), "{typed}");
        }
        for (typed, wrong) in [
            (" ", Wrong::EmptyNew),
            ("https://evil.example/a", Wrong::Foreign),
            ("https://news.example.cn.evil.example/a", Wrong::Foreign),
            ("https://news.example.cn@evil.example/a", Wrong::Foreign),
            ("//evil.example/a", Wrong::New),
            ("javascript:alert(1)", Wrong::New),
            ("/articles/1?x", Wrong::Query),
        ] {
            assert_eq!(read(typed), Err(wrong), "{typed}");
        }
    }
}
