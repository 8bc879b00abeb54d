//! What comes into the library: one file or many, from a form or from the script that shows how far each is.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::super::error::Error;
use super::super::super::{Site, headers};
use super::super::auth::SignedIn;
use super::super::form::FormErrors;
use super::super::page::{self, Desk};
use super::super::upload::{Received, Uploaded};
use super::{Kind, Known, Wanted, index, kind, sentence, thumb};
use crate::content::{self, Actor, Item, NewFile};

/// What is sent besides the files.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    choose: String,
}

/// What became of one file.
struct Outcome {
    name: String,
    /// Or the sentence that says what is wrong with it.
    item: Result<Item, String>,
    /// Whether it was in the library before.
    known: bool,
}

impl Outcome {
    /// What is in the library now.
    fn there(&self) -> Option<&Item> {
        self.item.as_ref().ok()
    }
}

/// `POST /admin/media`.
pub(crate) async fn submit(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    uploaded: Uploaded<Where>,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let actor = Actor::Member(signed_in.member.id().0);
    let Uploaded { form, files, .. } = uploaded;
    let mut outcomes = Vec::new();
    for file in files {
        outcomes.push(taken(&desk, actor, file).await?);
    }
    if wants_json(&request) {
        return Ok(told(&site, &outcomes));
    }
    let mut errors = FormErrors::default();
    if outcomes.is_empty() {
        errors.add("files", desk.t.library.nothing_chosen);
    }
    for outcome in &outcomes {
        if let Err(sentence) = &outcome.item {
            errors.add("files", desk.t.library.of_file.replacen("{}", &outcome.name, 1).replacen("{}", sentence, 1));
        }
    }
    let arrived: Vec<&Item> = outcomes.iter().filter_map(Outcome::there).collect();
    let kind = arrived.last().map_or(Kind::Picture, |item| kind(item));
    let known: Vec<&Item> = outcomes.iter().filter(|outcome| outcome.known).filter_map(Outcome::there).collect();
    let wanted = Wanted { kind, choose: form.choose, known: Known::of(&known), ..Wanted::default() };
    let done = if known.len() < arrived.len() { "uploaded" } else { "" };
    match arrived.as_slice() {
        _ if !errors.is_empty() => {
            index(&site, (&signed_in, &request), wanted, (errors, arrived.len() - known.len())).await
        }
        // There is something to say about it while one still knows.
        [one] if wanted.choose.is_empty() => {
            let done = if known.is_empty() { done } else { "known" };
            Ok(page::see(&site, &format!("/media/{}", one.id()), done))
        }
        _ => Ok(page::see(&site, &wanted.path(), done)),
    }
}

async fn taken(desk: &Desk<'_>, actor: Actor, received: Received) -> Result<Outcome, Error> {
    let Received { name, content } = received;
    let taken = match content {
        Ok(file) => desk.site.state.content.take_in(actor, NewFile { file, name: name.clone() }).await,
        Err(unfit) => Err(content::Error::Unfit(unfit)),
    };
    let (item, known) = match taken {
        Ok((item, is_new)) => (Ok(item), !is_new),
        Err(content::Error::Unfit(unfit)) => (Err(sentence(desk, &unfit)), false),
        Err(error) => return Err(error.into()),
    };
    Ok(Outcome { name: content::attachment::shown_name(&name), item, known })
}

fn wants_json(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.starts_with("application/json"))
}

/// The outcomes for the script.
fn told(site: &Site, outcomes: &[Outcome]) -> HttpResponse {
    let files: Vec<Value> = outcomes
        .iter()
        .map(|outcome| match &outcome.item {
            Ok(item) => one(site, item, outcome.known),
            Err(sentence) => json!({ "name": outcome.name, "error": sentence }),
        })
        .collect();
    let any = outcomes.iter().any(|outcome| outcome.item.is_ok());
    let status = if any { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    HttpResponse::build(status).insert_header((CACHE_CONTROL, headers::NO_STORE)).json(json!({ "files": files }))
}

fn one(site: &Site, item: &Item, known: bool) -> Value {
    let url = page::url(site, &format!("/media/{}", item.id()));
    let size = match item {
        Item::Picture(shot) => Some(shot.media.size),
        Item::File(filed) => filed.attachment.video.map(|video| video.size),
    };
    json!({
        "name": item.name(), "id": item.id().as_str(), "kind": kind(item).word(), "url": url,
        "thumb": thumb(site, item),
        "known": known, "width": size.map(|size| size.width), "height": size.map(|size| size.height),
    })
}
