//! Violations of the content security policy, as browsers report them. They go to the log, shortened and rationed.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::super::{Site, client};

/// The largest report, in bytes.
pub(crate) const BODY_CAP: usize = 8 * 1024;
/// How much of an address is logged, in characters.
const LONGEST: usize = 200;

/// `POST /api/v1/csp-report`.
pub(crate) async fn create(
    site: Data<Site>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> HttpResponse {
    let trusted = &site.state.config.server.trusted_proxies;
    if let (Ok(()), Ok(body)) = (site.csp_limit.check(client::address(&request, trusted)), body)
        && let Ok(report) = serde_json::from_slice::<Value>(&body)
    {
        let field = |name: &str| excerpt(report.pointer(&format!("/csp-report/{name}")));
        tracing::warn!(
            directive = field("violated-directive"),
            blocked = field("blocked-uri"),
            page = field("document-uri"),
            "a browser reports a violation of the content security policy"
        );
    }
    HttpResponse::NoContent().finish()
}

fn excerpt(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    text.chars().filter(|character| !character.is_control()).take(LONGEST).collect()
}
