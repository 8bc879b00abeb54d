//! Pictures: their addresses in pages, and the files behind them.

use actix_files::NamedFile;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::error::Error;
use super::super::page::Frame;
use super::super::{Site, headers};
use super::list::Picture;
use crate::content::{FileName, Media, MediaId, Rendition, Shown};

/// One of the files made of `media`, in a page.
pub(crate) fn picture(frame: &Frame<'_>, media: &Media, rendition: Rendition) -> Option<Picture> {
    media.file(rendition).map(|file| shown(frame, media, file))
}

/// `media` as wide as the text column.
pub(crate) fn in_column(frame: &Frame<'_>, media: &Media) -> Picture {
    shown(frame, media, media.column_file())
}

/// `media` inside a body.
pub(crate) fn in_body(frame: &Frame<'_>, media: &Media) -> Shown {
    let file = media.column_file();
    Shown { src: frame.url(&path(media, file)), size: media.size_of(file.rendition) }
}

/// The absolute address of one of the files made of `media`, for cards.
pub(crate) fn absolute(site: &Site, media: &Media, rendition: Rendition) -> Option<String> {
    media.file(rendition).map(|file| site.state.config.site.base_url.absolute(&path(media, file)))
}

fn shown(frame: &Frame<'_>, media: &Media, file: FileName) -> Picture {
    let size = media.size_of(file.rendition);
    Picture { src: frame.url(&path(media, file)), width: size.width, height: size.height, alt: media.alt.clone() }
}

fn path(media: &Media, file: FileName) -> String {
    format!("/media/{}/{file}", media.id)
}

/// `GET /media/{id}/{file}`. The name is a hash of the content, so the file never changes.
pub(crate) async fn show(
    site: Data<Site>,
    parts: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (id, name) = parts.into_inner();
    let id: MediaId = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    let file: FileName = name.parse().map_err(|_not_a_name| Error::NotFound)?;
    let named = NamedFile::open(site.state.content.media_file(&id, file)).map_err(|_gone| Error::NotFound)?;
    let mut response = named.use_last_modified(false).into_response(&request);
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, file.kind.content_type()),
        (CACHE_CONTROL, headers::IMMUTABLE),
        (CONTENT_DISPOSITION, "inline"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, actix_web::http::header::HeaderValue::from_static(value));
    }
    Ok(response)
}
