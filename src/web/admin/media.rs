//! The library: its grid, what comes into it, and the grid as a place to choose from.

mod arrival;
mod choice;
mod framing;
mod item;

use std::fmt;

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
use super::upload::MOST_FILES;
use crate::config::Language;
use crate::content::media::Unfit;
use crate::content::{self, Filed, Item, LibraryCursor, MediaId, Rendition, Shot};
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
    #[serde(default)]
    known: Known,
}

/// What somebody has just sent that was there already.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "String")]
struct Known(Vec<MediaId>);

impl From<String> for Known {
    fn from(text: String) -> Self {
        Self(text.split(',').take(MOST_FILES).filter_map(|id| id.parse().ok()).collect())
    }
}

impl fmt::Display for Known {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.iter().map(MediaId::as_str).collect::<Vec<_>>().join(","))
    }
}

impl Known {
    fn of(items: &[&Item]) -> Self {
        Self(items.iter().map(|item| item.id().clone()).collect())
    }
}

impl Wanted {
    fn of(request: &HttpRequest) -> Self {
        Query::<Self>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default()
    }

    /// Its path below `/admin`.
    fn path(&self) -> String {
        format!("/media{}", self.query())
    }

    /// The path of something in it, which leads back to it.
    fn path_of(&self, id: &MediaId) -> String {
        format!("/media/{id}{}", self.without_known().query())
    }

    /// The same, once it has been said what was there already.
    fn without_known(&self) -> Self {
        Self { known: Known::default(), ..self.clone() }
    }

    /// What follows the path, from the question mark.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.kind != Kind::Picture {
            query.append_pair("kind", self.kind.word());
        }
        let known = self.known.to_string();
        for (name, value) in [("q", &self.q), ("before", &self.before), ("choose", &self.choose), ("known", &known)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
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
    /// What stands where there is no small picture.
    blank: &'static str,
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
    /// What was sent and is there already.
    known: Vec<Tile>,
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
    let known = known(&desk, &wanted, choice.as_ref()).await?;
    let wanted = wanted.without_known();
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
        known,
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
        return Ok((shots.into_iter().map(|shot| tile(desk, wanted, &Item::Picture(shot), choice)).collect(), older));
    }
    let mut filed = content.filed(wanted.kind == Kind::Video, &wanted.q, before, TILES + 1).await?;
    let more = filed.len() > shown;
    filed.truncate(shown);
    let older = filed.last().filter(|_| more).map(Filed::cursor);
    Ok((filed.into_iter().map(|filed| tile(desk, wanted, &Item::File(filed), choice)).collect(), older))
}

/// What was sent and is there already.
async fn known(desk: &Desk<'_>, wanted: &Wanted, choice: Option<&Choice>) -> Result<Vec<Tile>, Error> {
    let mut tiles = Vec::new();
    for id in &wanted.known.0 {
        match desk.site.state.content.item(id).await {
            Ok(item) => tiles.push(tile(desk, wanted, &item, choice)),
            // Deleted meanwhile.
            Err(content::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tiles)
}

fn kind(item: &Item) -> Kind {
    match item {
        Item::Picture(_) => Kind::Picture,
        Item::File(filed) if filed.attachment.video.is_some() => Kind::Video,
        Item::File(_) => Kind::Attachment,
    }
}

fn tile(desk: &Desk<'_>, wanted: &Wanted, item: &Item, choice: Option<&Choice>) -> Tile {
    let m = desk.t.library;
    let (about, alt, wordless) = match item {
        Item::Picture(Shot { media, .. }) => {
            (format!("{} × {}", media.size.width, media.size.height), media.alt.clone(), media.alt.is_empty())
        }
        Item::File(Filed { attachment, .. }) => match attachment.video {
            Some(video) => {
                let about = format!("{}, {}", video.length(), attachment.size());
                (about, String::new(), attachment.alt.is_empty())
            }
            None => (format!("{}, {}", attachment.kind.label(), attachment.size()), String::new(), false),
        },
    };
    Tile {
        id: item.id().to_string(),
        url: desk.url(&wanted.path_of(item.id())),
        name: item.name().to_owned(),
        about,
        thumb: thumb(desk.site, item),
        blank: if kind(item) == Kind::Video { m.video } else { m.attachment },
        alt,
        wordless,
        hindrance: choice.map_or("", |choice| choice.hindrance(item, m)),
    }
}

/// The small picture of a picture.
fn thumb(site: &Site, item: &Item) -> Option<String> {
    let Item::Picture(Shot { media, .. }) = item else { return None };
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
