//! The page of an article: its form, where it stands, what may be done with it, and both texts where two people wrote.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::FormErrors;
use super::super::happened::Line;
use super::super::names::Names;
use super::super::page::{self, Desk, Layout, respond};
use super::super::qr::Qr;
use super::differences::{FieldDifference, differences};
use super::form::Written;
use super::standing::{self, May, Word};
use super::{Here, Thumbnail, path, presence};
use crate::content::article::{Live, Working};
use crate::content::{self, Article, ArticleKey, MediaId, Section, WorkingCopy};

/// Events on the article's own page; the history has the rest.
const RECENT_EVENTS: u16 = 6;

#[derive(Template)]
#[template(path = "admin/articles/edit.html")]
struct EditPage {
    layout: Layout,
    w: &'static Articles,
    form: FormErrors,
    written: Written,
    /// Number, name, and whether it is the chosen one.
    categories: Vec<(String, String, bool)>,
    lead: Option<Thumbnail>,
    share: Option<Thumbnail>,
    action: String,
    script: String,
    /// Under which name this device keeps what is typed.
    keep_as: String,
    /// The mark of what was stored just now; the device then forgets what it kept under that.
    stored: String,
    /// Whether the form was sent and not stored.
    refused: bool,
    /// Else the text is only to be read.
    editable: bool,
    article: Option<Sheet>,
    /// Whether an article that is not there yet could go out as soon as it is.
    new_may_publish: bool,
    conflict: Option<Conflict>,
}

impl EditPage {
    /// Whether the address is part of the form: readers do not know it yet.
    fn has_address(&self) -> bool {
        self.article.as_ref().is_none_or(|article| !article.is_known)
    }

    /// Whether there are steps besides the buttons of the form.
    fn has_steps(&self) -> bool {
        self.article.as_ref().is_some_and(|article| article.may.step(self.w))
    }

    fn amends(&self) -> bool {
        self.article.as_ref().is_some_and(|article| article.may.amend)
    }

    fn may_submit(&self) -> bool {
        self.article.as_ref().is_none_or(|article| article.may.submit)
    }

    fn may_publish(&self) -> bool {
        self.article.as_ref().map_or(self.new_may_publish, |article| article.may.publish)
    }

    fn may_correct(&self) -> bool {
        self.article.as_ref().is_some_and(|article| article.may.turn_to_correction)
    }
}

/// What the page says of an article besides its text.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each thing that the page says or not")]
struct Sheet {
    url: String,
    live_url: Option<String>,
    words: Vec<Word>,
    saved: String,
    /// What the reviewer said when it was sent back.
    remark: String,
    typed_remark: String,
    /// Why the text cannot be changed now.
    lock: Option<&'static str>,
    may: May,
    /// Whether another stage follows the one that is approved.
    more_stages: bool,
    /// Whether readers know its address.
    is_known: bool,
    is_live: bool,
    /// Of the address that readers open.
    qr: Option<Qr>,
    /// Whether what is sent on from there is a card.
    has_cards: bool,
    /// Whether it went out just now.
    is_fresh: bool,
    slug: String,
    others: Vec<String>,
    events: Vec<Line>,
}

/// Somebody else was faster.
#[derive(Debug)]
struct Conflict {
    lede: String,
    differences: Vec<FieldDifference>,
    body: String,
}

/// What the page shows besides what is stored.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// The form as it was sent; none: as it is stored.
    pub(super) written: Option<Written>,
    /// Into the form of an address of its own.
    pub(super) slug: Option<String>,
    pub(super) remark: String,
    pub(super) errors: FormErrors,
    /// The text that somebody else has saved meanwhile.
    pub(super) theirs: Option<Box<WorkingCopy>>,
    /// The device's mark of a text that was stored before something else was refused.
    pub(super) stored: String,
}

/// The page of an article that is not there yet.
pub(super) async fn blank(
    here: &Here,
    status: StatusCode,
    written: Written,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let w = desk.t.articles;
    let sections = here.content().sections().await?;
    let page = EditPage {
        layout: desk.layout(w.new, "/articles", &here.signed_in, &here.request),
        action: desk.url("/articles/new"),
        script: desk.script("writing.js"),
        keep_as: format!("{}-new", here.member().id().0),
        stored: String::new(),
        refused: !form.is_empty(),
        editable: true,
        categories: choices(&sections, &written.category),
        lead: thumbnail(&desk, &written.lead_media).await?,
        share: thumbnail(&desk, &written.share_media).await?,
        w,
        form,
        written,
        article: None,
        new_may_publish: standing::may_publish_new(here.member(), desk.settings.review_stages),
        conflict: None,
    };
    respond(status, &page)
}

/// The page of `article`.
pub(super) async fn page(
    here: &Here,
    status: StatusCode,
    article: &Article,
    typed: Typed,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let names = Names::load(&desk).await?;
    let w = desk.t.articles;
    let sections = here.content().sections().await?;
    let copy = here.content().working_copy(article.id).await?;
    let sheet = Sheet::load(here, (&desk, &names), (article, &copy), &typed).await?;
    let conflict = conflict(&desk, &names, &sections, &typed);
    let refused = typed.written.is_some();
    let written = match (typed.written, &typed.theirs) {
        // Saved once more, it is saved over what is there now: that has been seen.
        (Some(mine), Some(theirs)) => Written { version: theirs.version, ..mine },
        (Some(mine), None) => mine,
        (None, _) => Written::of(&copy.fields, copy.version, &sheet.slug),
    };
    let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
    let page = EditPage {
        layout: desk.layout(headline, "/articles", &here.signed_in, &here.request),
        action: sheet.url.clone(),
        script: desk.script("writing.js"),
        keep_as: format!("{}-{}", here.member().id().0, article.id),
        stored: typed.stored,
        refused,
        editable: sheet.may.save || sheet.may.amend,
        categories: choices(&sections, &written.category),
        lead: thumbnail(&desk, &written.lead_media).await?,
        share: thumbnail(&desk, &written.share_media).await?,
        w,
        form: typed.errors,
        written,
        article: Some(sheet),
        new_may_publish: false,
        conflict,
    };
    respond(status, &page)
}

impl Sheet {
    async fn load(
        here: &Here,
        (desk, names): (&Desk<'_>, &Names),
        (article, copy): (&Article, &WorkingCopy),
        typed: &Typed,
    ) -> Result<Self, Error> {
        let w = desk.t.articles;
        let stages = desk.settings.review_stages;
        let may = May::of(here.member(), article, stages);
        let is_live = article.state.live == Live::Published;
        let public = || here.site.state.config.site.base_url.absolute(&format!("/articles/{}", article.key));
        let slug = match (&typed.slug, &article.key) {
            (Some(typed), _) => typed.clone(),
            (None, ArticleKey::Slug(slug)) => slug.to_string(),
            (None, ArticleKey::Number(_)) => String::new(),
        };
        let (saved, who) = (desk.date_time(copy.saved.at), names.of(copy.saved.by));
        let events = here.content().events_of(article.id, None, RECENT_EVENTS).await?;
        Ok(Self {
            url: desk.url(&path(article.id)),
            qr: is_live.then(public).and_then(|url| Qr::of(&url)),
            has_cards: here.has_cards(),
            is_fresh: ["published", "corrected"].contains(&page::said(&here.request)),
            live_url: is_live.then(public),
            words: standing::words(desk, article),
            saved: w.last_saved.replace("{0}", &saved).replace("{1}", &who),
            remark: article.remark.clone(),
            typed_remark: typed.remark.clone(),
            lock: standing::lock(w, here.member(), article, stages).filter(|_| !may.amend),
            may,
            more_stages: matches!(article.state.working, Working::InReview(stage) if stage < stages),
            is_known: article.state.live != Live::None,
            is_live,
            slug,
            others: presence::others(here, article, stages, names).await?,
            events: events.iter().map(|event| Line::new(desk, names, event)).collect(),
        })
    }
}

/// Both texts, where somebody else was faster.
fn conflict(desk: &Desk<'_>, names: &Names, sections: &[Section], typed: &Typed) -> Option<Conflict> {
    let (written, theirs) = (typed.written.as_ref()?, typed.theirs.as_ref()?);
    let (mine, _slug) = written.read(desk.t.articles).ok()?;
    let (at, who) = (desk.date_time(theirs.saved.at), names.of(theirs.saved.by));
    Some(Conflict {
        lede: desk.t.articles.conflict_lede.replace("{0}", &at).replace("{1}", &who),
        differences: differences(desk, sections, (&theirs.fields, &mine)),
        body: theirs.fields.body.as_str().to_owned(),
    })
}

fn choices(sections: &[Section], chosen: &str) -> Vec<(String, String, bool)> {
    let choice = |section: &Section| {
        let number = section.category.id.to_string();
        let is_chosen = number == chosen;
        (number, section.category.name.clone(), is_chosen)
    };
    sections.iter().map(choice).collect()
}

/// The picture that a hidden field names.
async fn thumbnail(desk: &Desk<'_>, id: &str) -> Result<Option<Thumbnail>, Error> {
    let Ok(id) = id.parse::<MediaId>() else { return Ok(None) };
    match desk.site.state.content.media(&id).await {
        Ok(media) => Ok(Thumbnail::new(desk, &media)),
        Err(content::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
