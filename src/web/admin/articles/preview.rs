//! The working copy on the reader's own page, for those who work on it.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::super::error::Error;
use super::super::super::page::{Frame, Link};
use super::super::super::reader;
use super::super::page;
use super::{Here, path};

/// `GET /admin/articles/{id}/preview`.
pub(crate) async fn show(here: Here, id: Path<i64>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let proof = here.content().proof(article.id).await?;
    let frame = Frame::load(&here.site).await?;
    let t = frame.t.articles;
    let back = Link { label: t.preview_back.to_owned(), url: page::url(&here.site, &path(article.id)) };
    reader::article::proof(&frame, &here.request, proof, (t.preview_sign, back))
}
