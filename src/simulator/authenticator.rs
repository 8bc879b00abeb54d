//! An authenticator: not WeChat's, but on the same phone. It shows the codes of RFC 6238.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use totp_rs::{Builder, Secret};

use super::page;
use super::shared::Shared;

/// How long a code is shown, in seconds.
const STEP: u64 = 30;

/// One line of it.
struct Line {
    name: String,
    code: String,
}

#[derive(Template)]
#[template(path = "simulator/authenticator.html")]
struct Authenticator {
    lines: Vec<Line>,
    left: u64,
}

/// `GET /authenticator`.
pub(crate) async fn show(shared: web::Data<Shared>) -> HttpResponse {
    let (seeds, now) = shared.with(|world| (world.authenticator.clone(), world.clock.now()));
    let now = u64::try_from(now).unwrap_or(0);
    let lines = seeds.into_iter().filter_map(|(name, seed)| Some(Line { name, code: code(&seed, now)? })).collect();
    page::page(StatusCode::OK, &Authenticator { lines, left: STEP.saturating_sub(now % STEP) })
}

fn code(seed: &str, now: u64) -> Option<String> {
    let totp = Builder::new().with_secret(Secret::try_from_base32(seed).ok()?).build().ok()?;
    Some(totp.generate(now).to_string())
}
