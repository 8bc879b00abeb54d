//! Pages in memory.
//!
//! | what | made again when |
//! |---|---|
//! | [`Page`]: rendered, with a gap where the values for WeChat go | something that readers see has changed |
//! | [`Answer`]: the values in place, hashed, compressed | besides: the minute is over, or a ticket changed |
//!
//! A page is made once however many ask for it at the same time. In `sign` mode a page that was opened at another
//! address than its own gets values of its own, put into the gap of the same page, and is not kept.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use moka::policy::EvictionPolicy;

use super::answer::{Answer, Parts};
use super::error::Error;
use super::share::{self, Card};
use super::{Site, headers};
use crate::clock::Millis;
use crate::config::SecondHand;

/// Memory for pages before their values are in them.
const PAGE_BYTES: u64 = 8 * 1024 * 1024;
/// Memory for answers in all their encodings.
const ANSWER_BYTES: u64 = 20 * 1024 * 1024;
/// A page shows a day or a year that is over for at most this long.
const LONGEST_LIFE: Duration = Duration::from_hours(1);
/// What the template prints before the gap. No text of an editor can hold it: it is escaped, or sanitised.
const BEFORE_GAP: &str = "<script type=\"application/json\" id=\"wx-share\">";
/// What a page needs besides its text.
const OVERHEAD: usize = 500;

/// A page before its values are in it.
#[derive(Debug)]
pub(crate) struct Page {
    status: StatusCode,
    content_type: &'static str,
    cache_control: &'static str,
    before: String,
    after: String,
    shared: Option<Shared>,
}

/// What a page's values are made of.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The address that readers pass on.
    pub(crate) canonical: String,
    /// What a recipient sees.
    pub(crate) card: Card,
    /// Whose beacon it is.
    pub(crate) article: Option<i64>,
}

impl Page {
    /// A page that is passed on as a card.
    pub(crate) fn shared(template: &impl Template, shared: Shared) -> Result<Self, Error> {
        let page = Self::document(template.render()?, "text/html; charset=utf-8", headers::SIGNED_PAGE);
        let Some((before, after)) = page.before.split_once(BEFORE_GAP) else {
            return Err(Error::internal(anyhow::anyhow!("a shared page was rendered without its gap")));
        };
        Ok(Self { before: format!("{before}{BEFORE_GAP}"), after: after.to_owned(), shared: Some(shared), ..page })
    }

    /// A page that is not.
    pub(crate) fn html(template: &impl Template, cache_control: &'static str) -> Result<Self, Error> {
        Ok(Self::document(template.render()?, "text/html; charset=utf-8", cache_control))
    }

    /// Anything that is text.
    pub(crate) fn document(body: String, content_type: &'static str, cache_control: &'static str) -> Self {
        let status = StatusCode::OK;
        Self { status, content_type, cache_control, before: body, after: String::new(), shared: None }
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The answer to one request, kept by nobody.
    pub(crate) fn respond(&self, site: &Site, request: &HttpRequest) -> Result<HttpResponse, Error> {
        let address = self.shared.as_ref().map(|shared| share::signed_address(site, request, &shared.canonical));
        Ok(self.answer(site, address.as_deref())?.for_once().respond(request.headers()).map_into_boxed_body())
    }

    /// With values for `address`.
    fn answer(&self, site: &Site, address: Option<&str>) -> Result<Answer, Error> {
        let body = match self.shared.as_ref().zip(address) {
            Some((shared, address)) => {
                let values = share::block(site, address, &shared.card, shared.article)?;
                [self.before.as_str(), &values, &self.after].concat()
            }
            None => self.before.clone(),
        };
        let Self { status, content_type, cache_control, .. } = *self;
        let body = Bytes::from(body);
        let parts = Parts { status, content_type, cache_control, is_embeddable: false, body };
        Ok(Answer::new(parts, &site.policies))
    }

    fn weight(&self) -> u32 {
        u32::try_from(self.before.len() + self.after.len() + OVERHEAD).unwrap_or(u32::MAX)
    }
}

/// What must not have changed since an answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    /// Of what readers see.
    version: i64,
    /// Of the tickets.
    tickets: u64,
}

impl Basis {
    fn now(site: &Site) -> Self {
        Self { version: site.state.content.seen_version(), tickets: site.state.credentials.changes() }
    }
}

/// An answer and how long it holds.
#[derive(Debug)]
struct Kept {
    answer: Answer,
    basis: Basis,
    until: Millis,
}

impl Kept {
    fn holds(&self, site: &Site) -> bool {
        site.state.clock.now() < self.until && self.basis == Basis::now(site)
    }
}

/// All that is kept.
#[derive(Debug)]
pub(crate) struct PageCache {
    pages: moka::future::Cache<(String, i64), Arc<Page>>,
    answers: moka::sync::Cache<String, Arc<Kept>>,
}

impl PageCache {
    /// An empty cache.
    pub(crate) fn new() -> Self {
        // Last used, last dropped: a new version makes all pages worthless at once, and counting how often an old one
        // was read would keep the new one out.
        Self {
            pages: moka::future::Cache::builder()
                .max_capacity(PAGE_BYTES)
                .weigher(|(path, _): &(String, i64), page: &Arc<Page>| {
                    page.weight().saturating_add(u32::try_from(path.len()).unwrap_or(u32::MAX))
                })
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(LONGEST_LIFE)
                .build(),
            answers: moka::sync::Cache::builder()
                .max_capacity(ANSWER_BYTES)
                .weigher(|_, kept: &Arc<Kept>| kept.answer.weight())
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// The answer for a path as it was requested, if one is kept that still holds.
    pub(crate) fn respond(&self, site: &Site, request: &actix_web::dev::RequestHead) -> Option<HttpResponse<Bytes>> {
        let kept = self.answers.get(request.uri.path())?;
        kept.holds(site).then(|| kept.answer.respond(&request.headers))
    }

    /// The answer for `path` below the prefix, whose page `make` renders if it is not there.
    pub(crate) async fn answer(
        &self,
        site: &Site,
        request: &HttpRequest,
        path: &str,
        make: impl AsyncFnOnce() -> Result<Page, Error>,
    ) -> Result<HttpResponse, Error> {
        let key = site.state.config.site.base_url.path(path);
        if site.state.config.wechat.second_hand == SecondHand::Redirect
            && let Some(kept) = self.answers.get(&key).filter(|kept| kept.holds(site))
        {
            return Ok(kept.answer.respond(request.headers()).map_into_boxed_body());
        }
        // Before anything is read: what changes meanwhile is then newer than its name says, never older.
        let basis = Basis::now(site);
        let page = async { make().await.map(Arc::new) };
        let page =
            self.pages.try_get_with((key.clone(), basis.version), page).await.map_err(|error| Error::clone(&error))?;
        let own = page.shared.as_ref().map(|shared| shared.canonical.as_str());
        if own.is_some_and(|own| share::signed_address(site, request, own) != own) {
            return page.respond(site, request);
        }
        let kept = self.keep(site, &key, basis, &page)?;
        Ok(kept.answer.respond(request.headers()).map_into_boxed_body())
    }

    fn keep(&self, site: &Site, key: &str, basis: Basis, page: &Page) -> Result<Arc<Kept>, Error> {
        let own = page.shared.as_ref().map(|shared| shared.canonical.as_str());
        let until = share::valid_until(&site.state);
        let kept = Arc::new(Kept { answer: page.answer(site, own)?, basis, until });
        // Whoever is later takes what is there, unless it holds no longer, so that it is compressed once.
        let entry = self.answers.entry_by_ref(key).or_insert_with_if(|| kept, |there| !there.holds(site));
        Ok(entry.into_value())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use actix_web::test::TestRequest;
    use futures_util::future::join_all;

    use super::*;
    use crate::clock::Clock;
    use crate::config::{Config, Overrides};
    use crate::state::AppState;

    #[tokio::test]
    async fn a_page_is_made_once_however_many_ask_and_a_failure_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let environment = BTreeMap::from([("WXPRESS_DATA_DIR".to_owned(), folder.path().display().to_string())]);
        let config = Config::from_sources(None, &environment, &Overrides::new()).unwrap();
        let site = Site::new(AppState::build(config, Clock::fixed(Millis(0))).await.unwrap().0);
        let request = TestRequest::default().to_http_request();
        let made = AtomicUsize::new(0);
        let make = async |outcome: Result<Page, Error>| {
            made.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            outcome
        };
        let page = || Ok(Page::document("雪".to_owned(), "text/plain", headers::NO_STORE));

        let failed = site.cache.answer(&site, &request, "/x", async || make(Err(Error::NotFound)).await).await;
        assert!(matches!(failed, Err(Error::NotFound)));
        let asking = (0..50).map(|_| site.cache.answer(&site, &request, "/x", async || make(page()).await));
        assert!(join_all(asking).await.iter().all(Result::is_ok));

        assert_eq!(made.load(Ordering::SeqCst), 2);
    }
}
