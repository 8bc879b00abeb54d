//! One picture, video or attachment: what is said about it, where it is used, how it is cut, and its end.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::super::reader::media as addresses;
use super::super::super::texts::library::Library;
use super::super::auth::SignedIn;
use super::super::form::{FormErrors, Posted};
use super::super::page::{self, Desk, Layout, respond};
use super::super::upload::{Received, Uploaded};
use super::framing::{FramingForm, Place};
use super::{Choice, Wanted, choice, script, sentence};
use crate::content::{self, Actor, Item, MediaId, MediaWords, NewFile, Reach, Rendition, Use};
use crate::staff::MemberId;

/// What is typed about it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct WordsForm {
    #[serde(default)]
    pub(super) alt: String,
    #[serde(default)]
    pub(super) caption: String,
    #[serde(default)]
    pub(super) credit: String,
}

/// What was typed into a form that was refused.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) framing: Option<FramingForm>,
    pub(super) words: Option<WordsForm>,
}

/// A place where it is used.
#[derive(Debug)]
struct UseLine {
    label: String,
    /// Empty for what this person may not open.
    url: String,
    /// How.
    about: String,
}

/// A picture on its page.
#[derive(Debug)]
struct Framed {
    src: String,
    width: u32,
    height: u32,
    /// The shorter side of the whole picture.
    shorter: u32,
    list: Option<String>,
    share: Option<String>,
    typed: FramingForm,
    places: Vec<Place>,
}

#[derive(Template)]
#[template(path = "admin/media/item.html")]
struct ItemPage {
    layout: Layout,
    m: &'static Library,
    form: FormErrors,
    script: String,
    id: String,
    here: String,
    /// What follows the path of whatever is done here, so that the way back stays.
    query: String,
    back: String,
    /// Where the library was asked for something, and why this is not fit for it (empty: it is).
    choice: Option<(choice::Shown, &'static str)>,
    /// Names with their values.
    facts: Vec<(&'static str, String)>,
    picture: Option<Framed>,
    /// The address of a video.
    video: String,
    /// The address of an attachment.
    download: String,
    words: WordsForm,
    uses: Vec<UseLine>,
    /// Whether this person may change it.
    is_open: bool,
    accept: &'static str,
}

/// With whose hand and how far.
pub(super) fn hand(signed_in: &SignedIn) -> (Actor, Reach) {
    let member = signed_in.member.id().0;
    let reach = if signed_in.member.may_arrange() { Reach::All } else { Reach::Own(member) };
    (Actor::Member(member), reach)
}

/// `GET /admin/media/{id}`.
pub(crate) async fn show(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    let shown = (FormErrors::default(), Typed::default());
    one(&site, (&signed_in, &request), &id, StatusCode::OK, shown).await
}

/// `POST /admin/media/{id}`.
pub(crate) async fn describe(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<String>,
    request: HttpRequest,
    Posted(typed): Posted<WordsForm>,
) -> Result<HttpResponse, Error> {
    let id: MediaId = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    let WordsForm { alt, caption, credit } = typed;
    site.state.content.describe_media(hand(&signed_in), &id, MediaWords { alt, caption, credit }).await?;
    Ok(page::see(&site, &Wanted::of(&request).path_of(&id), "saved"))
}

/// Nothing but the file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Alone {}

/// `POST /admin/media/{id}/replace`.
pub(crate) async fn replace(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<String>,
    request: HttpRequest,
    uploaded: Uploaded<Alone>,
) -> Result<HttpResponse, Error> {
    let id: MediaId = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    let desk = Desk::load(&site).await?;
    let m = desk.t.library;
    let Uploaded { files, form: Alone {}, .. } = uploaded;
    let wrong = match files.into_iter().next() {
        None => m.nothing_chosen.to_owned(),
        Some(Received { content: Err(unfit), .. }) => sentence(&desk, &unfit),
        Some(Received { content: Ok(file), name }) => {
            match site.state.content.replace_media(hand(&signed_in), &id, NewFile { file, name }).await {
                Ok(()) => return Ok(page::see(&site, &Wanted::of(&request).path_of(&id), "replaced")),
                Err(content::Error::Unfit(unfit)) => sentence(&desk, &unfit),
                Err(content::Error::Unsuitable(_)) => m.too_small_for_cards.to_owned(),
                Err(content::Error::Superseded) => m.superseded.to_owned(),
                Err(error) => return Err(error.into()),
            }
        }
    };
    refused(&site, (&signed_in, &request), &id, (FormErrors::of("file", wrong), Typed::default())).await
}

/// `POST /admin/media/{id}/delete`.
pub(crate) async fn delete(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<String>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let id: MediaId = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    match site.state.content.delete_media(hand(&signed_in), &id).await {
        Ok(()) => Ok(page::see(&site, &Wanted::of(&request).without_known().path(), "deleted")),
        Err(content::Error::InUse(_)) => {
            let errors = FormErrors::of("uses", Desk::load(&site).await?.t.library.in_use);
            refused(&site, (&signed_in, &request), &id, (errors, Typed::default())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page again, with what is wrong.
pub(super) async fn refused(
    site: &Site,
    who: (&SignedIn, &HttpRequest),
    id: &MediaId,
    shown: (FormErrors, Typed),
) -> Result<HttpResponse, Error> {
    one(site, who, id, StatusCode::UNPROCESSABLE_ENTITY, shown).await
}

async fn one(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    id: &MediaId,
    status: StatusCode,
    (form, typed): (FormErrors, Typed),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let m = desk.t.library;
    let content = &site.state.content;
    let wanted = Wanted::of(request).without_known();
    let choice = Choice::asked(&wanted.choose, signed_in)?;
    let item = content.item(id).await?;
    let uses = content.uses(id).await?;
    let words = match &item {
        Item::Picture(shot) => MediaWords {
            alt: shot.media.alt.clone(),
            caption: shot.media.caption.clone(),
            credit: shot.media.credit.clone(),
        },
        Item::File(filed) => filed.words.clone(),
    };
    let MediaWords { alt, caption, credit } = words;
    let address = |path: String| site.state.config.site.base_url.path(&path);
    let (video, download) = match &item {
        Item::Picture(_) => (String::new(), String::new()),
        Item::File(filed) if filed.attachment.video.is_some() => {
            (address(addresses::attachment_path(&filed.attachment)), String::new())
        }
        Item::File(filed) => (String::new(), address(addresses::attachment_path(&filed.attachment))),
    };
    let page = ItemPage {
        layout: desk.layout(item.name(), "/media", signed_in, request),
        m,
        form,
        script: script(site, "crop.js"),
        id: id.to_string(),
        here: desk.url(&format!("/media/{id}")),
        query: wanted.query(),
        back: desk.url(&wanted.path()),
        choice: choice.map(|choice| (choice.shown(&desk), choice.hindrance(&item, m))),
        facts: facts(&desk, &item).await?,
        picture: framed(&desk, &item, typed.framing),
        is_open: content.is_within(hand(signed_in).1, &item).await?,
        accept: accept(&item),
        video,
        download,
        words: typed.words.unwrap_or(WordsForm { alt, caption, credit }),
        uses: use_lines(&desk, signed_in, &uses),
    };
    respond(status, &page)
}

/// Which files a browser offers. Without HEIC among them, iPhones hand over a JPEG.
fn accept(item: &Item) -> &'static str {
    match item {
        Item::Picture(_) => "image/jpeg,image/png,image/gif,image/webp",
        Item::File(filed) if filed.attachment.video.is_some() => "video/mp4",
        Item::File(_) => ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.zip,.txt",
    }
}

async fn facts(desk: &Desk<'_>, item: &Item) -> Result<Vec<(&'static str, String)>, Error> {
    let m = desk.t.library;
    let mut facts = Vec::new();
    let added = match item {
        Item::Picture(shot) => {
            facts.push((m.dimensions, format!("{} × {}", shot.media.size.width, shot.media.size.height)));
            shot.added
        }
        Item::File(filed) => {
            if let Some(video) = filed.attachment.video {
                facts.push((m.dimensions, format!("{} × {}", video.size.width, video.size.height)));
                facts.push((m.length, video.length()));
            }
            facts.push((m.weight, filed.attachment.size()));
            filed.added
        }
    };
    facts.push((m.added, desk.date_time(added)));
    if let Some(by) = item.by() {
        let members = desk.site.state.staff.members().await?;
        let name = members.iter().find(|member| member.id.0 == by).map(|member| member.name.to_string());
        facts.extend(name.map(|name| (m.by, name)));
    }
    Ok(facts)
}

fn framed(desk: &Desk<'_>, item: &Item, typed: Option<FramingForm>) -> Option<Framed> {
    let Item::Picture(shot) = item else { return None };
    let media = &shot.media;
    let address = |file| desk.site.state.config.site.base_url.path(&addresses::path(media, file));
    let column = media.column_file();
    let size = media.size_of(column.rendition);
    let typed = typed.unwrap_or_else(|| FramingForm::of(media.framing));
    Some(Framed {
        src: address(column),
        width: size.width,
        height: size.height,
        shorter: media.size.width.min(media.size.height),
        list: media.file(Rendition::List).map(address),
        share: media.file(Rendition::Share).map(address),
        places: typed.places(desk.t.library),
        typed,
    })
}

/// Every use, but that articles which this person may not open are only counted.
fn use_lines(desk: &Desk<'_>, signed_in: &SignedIn, uses: &[Use]) -> Vec<UseLine> {
    let is_hidden = |used: &&Use| match used {
        Use::Article { author, .. } => !signed_in.member.may_edit(author.map(MemberId)),
        Use::Page { .. } | Use::Logo | Use::DefaultShareImage => false,
    };
    let hidden = uses.iter().filter(is_hidden).count();
    let shown = uses.iter().filter(|used| !is_hidden(used)).map(|used| use_line(desk, signed_in, used));
    let m = desk.t.library;
    let others = match hidden {
        0 => None,
        1 => Some(m.use_elsewhere.to_owned()),
        more => Some(m.uses_elsewhere.replace("{}", &more.to_string())),
    };
    let others = others.map(|label| UseLine { label, url: String::new(), about: String::new() });
    shown.chain(others).collect()
}

fn use_line(desk: &Desk<'_>, signed_in: &SignedIn, used: &Use) -> UseLine {
    let m = desk.t.library;
    let link = |may: bool, path: &str| if may { desk.url(path) } else { String::new() };
    match used {
        Use::Article { id, headline, live, working, lead, share, .. } => {
            let ways =
                [(*live, m.use_live), (*working && !*live, m.use_draft), (*lead, m.use_lead), (*share, m.use_share)];
            let ways: Vec<&str> = ways.iter().filter(|(is, _)| *is).map(|(_, way)| *way).collect();
            UseLine {
                label: if headline.is_empty() { m.untitled.to_owned() } else { headline.clone() },
                url: desk.url(&format!("/articles/{}", id.0)),
                about: ways.join(m.separator),
            }
        }
        Use::Page { slug, title } => UseLine {
            label: title.clone(),
            url: link(signed_in.member.may_arrange(), &format!("/pages/{slug}/edit")),
            about: m.use_page.to_owned(),
        },
        Use::Logo | Use::DefaultShareImage => UseLine {
            label: if *used == Use::Logo { m.use_logo } else { m.use_default_share }.to_owned(),
            url: link(signed_in.member.may_change_settings(), "/settings"),
            about: String::new(),
        },
    }
}
