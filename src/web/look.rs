//! The site's own colours and pictures: what makes it look like nobody else's.
//!
//! The colours are a style sheet of one line. Its name says which they are, and the hash of what it holds, so that it
//! never changes: any process can make it at any time, also for a page that is older than the colours of today.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};

use super::answer::{Answer, Parts};
use super::assets::hashed_name;
use super::error::Error;
use super::reader::media;
use super::{Site, headers};
use crate::content::accent::Colour;
use crate::content::{Accent, Media, Rendition};

/// Where the colours are; the name is checked by [`show`].
pub(crate) const COLOURS: &str = "/static/accent.{light:[0-9a-f]{6}}-{dark:[0-9a-f]{6}}.{hash:[0-9a-f]{12}}.css";
/// A logo that is wider is shown by a smaller picture that was made of it.
const WIDEST_LOGO: u32 = 1200;

/// The picture in the masthead.
#[derive(Debug)]
pub(crate) struct Logo {
    pub(crate) src: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Logo {
    /// `media` as the masthead shows it: the whole, which alone may be transparent, unless it is far too large.
    pub(crate) fn new(site: &Site, media: &Media) -> Option<Self> {
        let small = media.file(Rendition::W540).filter(|_| media.size.width > WIDEST_LOGO);
        let file = small.or_else(|| media.file(Rendition::Main))?;
        let size = media.size_of(file.rendition);
        let src = site.state.config.site.base_url.path(&media::path(media, file));
        Some(Self { src, width: size.width, height: size.height })
    }
}

/// The path of the style sheet with these colours, below the site's prefix.
pub(crate) fn path(accent: Accent) -> String {
    let digits = |colour: Colour| hex::encode(colour.0);
    let name = format!("accent.{}-{}.css", digits(accent.light()), digits(accent.dark()));
    format!("/static/{}", hashed_name(&name, sheet(accent).as_bytes()))
}

/// `site.css` takes its accent from these, but for readers who want more contrast.
fn sheet(accent: Accent) -> String {
    format!(":root{{--site-accent:{};--site-accent-dark:{}}}\n", accent.light(), accent.dark())
}

/// `GET /static/accent.….css`.
pub(crate) async fn show(
    site: Data<Site>,
    name: Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse<Bytes>, Error> {
    let (light, dark, hash) = name.into_inner();
    let accent: Accent = format!("#{light} #{dark}").parse().map_err(|_unreadable| Error::NotFound)?;
    if !path(accent).ends_with(&format!(".{hash}.css")) {
        return Err(Error::NotFound);
    }
    let parts = Parts {
        status: StatusCode::OK,
        content_type: "text/css; charset=utf-8",
        cache_control: headers::IMMUTABLE,
        is_embeddable: true,
        body: Bytes::from(sheet(accent)),
    };
    Ok(Answer::new(parts, &site.policies).for_once().respond(request.headers()))
}
