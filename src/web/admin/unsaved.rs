//! What somebody typed into an article or a page when it cannot be stored (the session has ended, the form is too old,
//! the database does not answer): it is given back with the page that says so.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest};

use super::super::texts::articles::Articles;

/// The fields of a form, as they were sent.
#[derive(Clone, Debug)]
pub(crate) struct Unsaved(Vec<(String, String)>);

/// Reads a form that was sent by nobody who may send it.
pub(super) async fn keep(request: &mut ServiceRequest) {
    if !holds_text(request.request()) {
        return;
    }
    if let Ok(body) = request.extract::<Bytes>().await {
        note(request.request(), &body);
    }
}

/// Remembers what was sent, for the page that says why it was not stored.
pub(super) fn note(request: &HttpRequest, body: &[u8]) {
    if !holds_text(request) {
        return;
    }
    if let Ok(fields) = serde_html_form::from_bytes::<Vec<(String, String)>>(body) {
        request.extensions_mut().insert(Unsaved(fields));
    }
}

/// Nothing but these is ever shown again: other forms hold passwords.
fn holds_text(request: &HttpRequest) -> bool {
    let path = request.path();
    request.method() == Method::POST && (path.contains("/admin/articles/") || path.contains("/admin/pages/"))
}

impl Unsaved {
    /// Whether it is the text of an article, which the script of its page keeps on the device as well.
    pub(super) fn is_a_text(&self) -> bool {
        self.0.iter().any(|(name, _)| name == "headline")
    }

    /// What was typed, under the names that the form has for it.
    pub(super) fn named(&self, t: &'static Articles) -> Vec<(&'static str, String)> {
        let known = |name: &str| match name {
            "headline" | "title" => Some(t.fields.headline),
            "standfirst" => Some(t.fields.standfirst),
            "body" => Some(t.fields.body),
            "summary" => Some(t.fields.summary),
            "byline" => Some(t.fields.byline),
            "source" => Some(t.fields.source),
            "editor" => Some(t.fields.editor),
            "tags" => Some(t.fields.tags),
            "share_title" => Some(t.fields.share_title),
            "moments_title" => Some(t.fields.moments_title),
            "share_text" => Some(t.fields.share_text),
            "remark" => Some(t.remark),
            "notice" => Some(t.notice),
            _ => None,
        };
        let typed = self.0.iter().filter(|(_, text)| !text.trim().is_empty());
        typed.filter_map(|(name, text)| Some((known(name)?, text.clone()))).collect()
    }
}
