//! The library: its grid, what comes into it, and the grid as a place to choose from.

mod arrival;
mod choice;
mod framing;
mod item;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use url::form_urlencoded;

use super::super::Site;
use super::super::error::Error;
use super::super::reader::media as addresses;
use super::super::texts::library::Library;
use super::auth::SignedIn;
use super::form::FormErrors;
use super::page::{Desk, Layout, respond};
use crate::config::Language;
use crate::content::media::Unfit;
use crate::content::{Filed, LibraryCursor, Media, Rendition, Shot};
pub(crate) use arrival::submit;
use choice::Choice;
pub(crate) use framing::submit as frame;
pub(crate) use item::{delete, describe, replace, show as show_one};

/// Tiles on a page.
const TILES: u16 = 24;

/// What the library holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Picture,
    Video,
    Attachment,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Picture, Self::Video, Self::Attachment];

    fn word(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Video => "video",
            Self::Attachment => "attachment",
        }
    }

    fn label(self, text: &'static Library) -> &'static str {
        match self {
            Self::Picture => text.pictures,
            Self::Video => text.videos,
            Self::Attachment => text.attachments,
        }
    }
}

/// What of the library is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    q: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    choose: String,
}

impl Wanted {
    fn of(request: &HttpRequest) -> Self {
        Query::<Self>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default()
    }

    /// Its path below `/admin`.
    fn path(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.kind != Kind::Picture {
            query.append_pair("kind", self.kind.word());
        }
        for (name, value) in [("q", &self.q), ("before", &self.before), ("choose", &self.choose)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => "/media".to_owned(),
            query => format!("/media?{query}"),
        }
    }
}

/// A way to another part of the library.
#[derive(Debug)]
struct Chip {
    label: &'static str,
    url: String,
    current: bool,
}

/// One thing in the grid.
#[derive(Debug)]
struct Tile {
    id: String,
    url: String,
    name: String,
    /// What it is in a word, and how large.
    about: String,
    thumb: Option<String>,
    alt: String,
    /// Nobody has said yet what is to be seen.
    wordless: bool,
    /// Why it cannot be chosen; empty: it can.
    hindrance: &'static str,
}

#[derive(Template)]
#[template(path = "admin/media/index.html")]
struct IndexPage {
    layout: Layout,
    m: &'static Library,
    form: FormErrors,
    script: String,
    /// What of an upload has arrived although not all has.
    arrived: String,
    upload_url: String,
    search_url: String,
    chips: Vec<Chip>,
    wanted: Wanted,
    kind_word: &'static str,
    tiles: Vec<Tile>,
    older: Option<String>,
    first: Option<String>,
    choice: Option<choice::Shown>,
}

/// `GET /admin/media`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    index(&site, (&signed_in, &request), Wanted::of(&request), (FormErrors::default(), 0)).await
}

/// The grid; after an upload of which not everything could be taken, with what is wrong, and how much arrived.
async fn index(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    mut wanted: Wanted,
    (form, arrived): (FormErrors, usize),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let m = desk.t.library;
    let choice = Choice::asked(&wanted.choose, signed_in)?;
    if choice.as_ref().is_some_and(|choice| !choice.takes(wanted.kind)) {
        wanted.kind = Kind::Picture;
    }
    let before: Option<LibraryCursor> = wanted.before.parse().ok();
    let (tiles, older) = tiles(&desk, &wanted, before.as_ref(), choice.as_ref()).await?;
    let of_kind = |kind| Wanted { kind, before: String::new(), ..wanted.clone() };
    let chips = Kind::ALL.into_iter().filter(|kind| choice.as_ref().is_none_or(|choice| choice.takes(*kind)));
    let chip =
        |kind: Kind| Chip { label: kind.label(m), url: desk.url(&of_kind(kind).path()), current: kind == wanted.kind };
    let status = if form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = IndexPage {
        layout: desk.layout(choice.as_ref().map_or(m.title, |choice| choice.title(m)), "/media", signed_in, request),
        m,
        form,
        script: script(site, "upload.js"),
        arrived: if arrived == 0 { String::new() } else { m.arrived.replace("{}", &arrived.to_string()) },
        upload_url: desk.url("/media"),
        search_url: desk.url("/media"),
        chips: chips.map(chip).collect(),
        kind_word: wanted.kind.word(),
        tiles,
        older: older.map(|cursor| desk.url(&Wanted { before: cursor.to_string(), ..wanted.clone() }.path())),
        first: before.map(|_| desk.url(&of_kind(wanted.kind).path())),
        choice: choice.map(|choice| choice.shown(&desk)),
        wanted,
    };
    respond(status, &page)
}

type Tiles = (Vec<Tile>, Option<LibraryCursor>);

async fn tiles(
    desk: &Desk<'_>,
    wanted: &Wanted,
    before: Option<&LibraryCursor>,
    choice: Option<&Choice>,
) -> Result<Tiles, Error> {
    let content = &desk.site.state.content;
    // One more than is shown tells whether there is another page.
    let shown = usize::from(TILES);
    if wanted.kind == Kind::Picture {
        let mut shots = content.library(&wanted.q, before, TILES + 1).await?;
        let more = shots.len() > shown;
        shots.truncate(shown);
        let older = shots.last().filter(|_| more).map(Shot::cursor);
        return Ok((shots.iter().map(|shot| picture_tile(desk, shot, choice)).collect(), older));
    }
    let mut filed = content.filed(wanted.kind == Kind::Video, &wanted.q, before, TILES + 1).await?;
    let more = filed.len() > shown;
    filed.truncate(shown);
    let older = filed.last().filter(|_| more).map(Filed::cursor);
    Ok((filed.iter().map(|filed| file_tile(desk, filed)).collect(), older))
}

fn picture_tile(desk: &Desk<'_>, shot: &Shot, choice: Option<&Choice>) -> Tile {
    let media = &shot.media;
    let too_small = choice.is_some_and(Choice::is_a_card) && !media.shareable;
    Tile {
        id: media.id.to_string(),
        url: desk.url(&format!("/media/{}", media.id)),
        name: shot.name.clone(),
        about: format!("{} × {}", media.size.width, media.size.height),
        thumb: thumb(desk.site, media),
        alt: media.alt.clone(),
        wordless: media.alt.is_empty(),
        hindrance: if too_small { desk.t.library.too_small } else { "" },
    }
}

fn file_tile(desk: &Desk<'_>, filed: &Filed) -> Tile {
    let attachment = &filed.attachment;
    let about = match attachment.video {
        Some(video) => format!("{}, {}", video.length(), attachment.size()),
        None => format!("{}, {}", attachment.kind.label(), attachment.size()),
    };
    Tile {
        id: attachment.id.to_string(),
        url: desk.url(&format!("/media/{}", attachment.id)),
        name: attachment.name.clone(),
        about,
        thumb: None,
        alt: String::new(),
        wordless: attachment.video.is_some() && attachment.alt.is_empty(),
        hindrance: "",
    }
}

/// The small picture of a picture.
fn thumb(site: &Site, media: &Media) -> Option<String> {
    let file = media.file(Rendition::List).or_else(|| media.file(Rendition::Main))?;
    Some(site.state.config.site.base_url.path(&addresses::path(media, file)))
}

fn script(site: &Site, name: &str) -> String {
    site.state.config.site.base_url.path(&site.assets.path(name))
}

/// Why a file was not taken, in the site's language.
fn sentence(desk: &Desk<'_>, unfit: &Unfit) -> String {
    if desk.settings.language == Language::English { unfit.to_string() } else { unfit.zh() }
}
