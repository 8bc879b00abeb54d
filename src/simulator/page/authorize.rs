//! The pages that ask who somebody is, as a browser meets them. A phone knows who holds it; here a name is typed,
//! unless the world says whose phone it is.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page_with;
use crate::simulator::oauth::{AUTHORIZE, SCAN, Verdict, Visit};
use crate::simulator::shared::Shared;

/// A form's policy holds for where its answer leads, too, and that is any site under test.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action http: https:; base-uri 'none'";
/// What the form adds to the address.
const PERSON: &str = "sim_person";
const DENY: &str = "sim_deny";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route(AUTHORIZE, web::get().to(show)).route(SCAN, web::get().to(show));
}

#[derive(Template)]
#[template(path = "simulator/authorize.html")]
struct Authorize {
    scans: bool,
    refused: Option<&'static str>,
    query: Vec<(String, String)>,
}

async fn show(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned();
    let (own, query): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == PERSON || name == DENY);
    let typed = |wanted: &str| own.iter().find(|(name, value)| name == wanted && !value.is_empty());
    let agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok());
    let visit = Visit {
        path: request.path().to_owned(),
        query,
        user_agent: agent.unwrap_or_default().to_owned(),
        person: typed(PERSON).map(|(_, person)| person.clone()),
        denies: typed(DENY).is_some(),
    };
    let (scans, verdict) = (visit.path == SCAN, shared.with(|world| world.authorize(&visit)));
    let refused = match verdict {
        Verdict::Back(address) => return HttpResponse::Found().insert_header((LOCATION, address)).finish(),
        Verdict::Ask => None,
        Verdict::Refused(words) => Some(words),
    };
    page_with(StatusCode::OK, POLICY, &Authorize { scans, refused, query: visit.query })
}
