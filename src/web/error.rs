//! What can go wrong for a reader, and the page or JSON that says so. The error itself carries no text to the reader:
//! its response is empty, and the middlewares below present it in the site's language.

use std::fmt;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpResponse, ResponseError};

use super::{Site, page};
use crate::content;

/// Every way a request ends badly.
#[derive(Debug)]
pub(crate) enum Error {
    /// Nothing lives at this address.
    NotFound,
    /// Something did, and was withdrawn.
    Withdrawn,
    /// The request makes no sense.
    BadRequest,
    /// Too many requests from one place.
    TooManyRequests,
    /// The database is busy or away; trying again helps.
    Unavailable(anyhow::Error),
    /// A fault of ours.
    Internal(anyhow::Error),
}

impl Error {
    fn cause(&self) -> Option<&anyhow::Error> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(cause),
            Self::NotFound | Self::Withdrawn | Self::BadRequest | Self::TooManyRequests => None,
        }
    }
}

impl fmt::Display for Error {
    /// For the log only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Some(cause) => write!(formatter, "{cause:#}"),
            None => write!(formatter, "{}", self.status_code()),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Withdrawn => StatusCode::GONE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Presents every answer that went wrong: as a page that helps, or as JSON below `/api/`. Logs what is our fault, once.
pub(crate) async fn present_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let site = request.app_data::<Data<Site>>().cloned();
    let is_api = is_api(request.path(), site.as_ref());
    let response = next.call(request).await?;
    let status = response.status();
    let (Some(site), true) = (site, status.is_client_error() || status.is_server_error()) else {
        return Ok(response.map_into_left_body());
    };
    let id = request_id();
    if let Some(error) = response.response().error()
        && (status.is_server_error() || error.as_error::<Error>().is_some_and(|error| error.cause().is_some()))
    {
        tracing::error!(%error, status = status.as_u16(), request_id = id, "a request failed");
    }
    let presented = if is_api { json(status) } else { page::error(&site, status, &id).await };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, presented).map_into_right_body())
}

fn is_api(path: &str, site: Option<&Data<Site>>) -> bool {
    let prefix = site.map_or("", |site| site.state.config.site.base_url.prefix());
    path.strip_prefix(prefix).unwrap_or(path).starts_with("/api/")
}

fn json(status: StatusCode) -> HttpResponse {
    let code = match status.as_u16() {
        404 => "not_found",
        429 => "too_many_requests",
        500.. => "unavailable",
        _ => "bad_request",
    };
    HttpResponse::build(status).json(serde_json::json!({ "error": { "code": code } }))
}

/// Eight characters that tie an error page to its line in the log.
fn request_id() -> String {
    format!("{:08x}", rand::random::<u32>())
}

/// A wrong status cannot be made of a `content::Error`: this mapping is the policy.
impl From<content::Error> for Error {
    fn from(error: content::Error) -> Self {
        match error {
            content::Error::NotFound | content::Error::Moved(_) => Self::NotFound,
            content::Error::Withdrawn { .. } => Self::Withdrawn,
            content::Error::Database(cause) => Self::Unavailable(cause.into()),
            other => Self::Internal(other.into()),
        }
    }
}
