//! What can go wrong for a reader, and the page or JSON that says so. The error itself carries no text to the reader:
//! its response is empty, and the middlewares below present it in the site's language.

use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpResponse, ResponseError};

use super::{Site, admin, headers, page};
use crate::content;
use crate::content::article::Refused;
use crate::content::media::Unfit;
use crate::staff::{self, SessionState};

/// Every way a request ends badly.
#[derive(Clone, Debug)]
pub(crate) enum Error {
    /// What was here has another address for good; this one, absolute.
    Moved(String),
    /// Nothing lives at this address.
    NotFound,
    /// Something did, and was withdrawn.
    Withdrawn,
    /// The request makes no sense.
    BadRequest,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is, but for the second step.
    SecondStep(SessionState),
    /// Something risky, and the password was typed too long ago.
    NeedsConfirmation,
    /// The role may not do this.
    Forbidden,
    /// The form was not sent from one of our pages, or from one of another session.
    CrossSite,
    /// More bytes than this address takes.
    TooLarge,
    /// What is there now does not allow it.
    Conflict,
    /// What was sent is understood, and something in it has to change.
    Unprocessable,
    /// Too many requests from one place.
    TooManyRequests,
    /// There is no room on the disk for what was sent.
    DiskFull(Arc<anyhow::Error>),
    /// The database is busy or away; trying again helps.
    Unavailable(Arc<anyhow::Error>),
    /// A fault of ours.
    Internal(Arc<anyhow::Error>),
}

impl Error {
    /// A fault of ours.
    pub(crate) fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(Arc::new(cause.into()))
    }

    /// The database is busy or away.
    pub(crate) fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(Arc::new(cause.into()))
    }

    /// What happened to a file on its way to the disk.
    pub(crate) fn file(cause: std::io::Error) -> Self {
        match cause.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(Arc::new(cause.into())),
            _ => Self::internal(cause),
        }
    }

    fn cause(&self) -> Option<&anyhow::Error> {
        match self {
            Self::DiskFull(cause) | Self::Unavailable(cause) | Self::Internal(cause) => Some(cause),
            _ => None,
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
            Self::Moved(_) => StatusCode::MOVED_PERMANENTLY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Withdrawn => StatusCode::GONE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::SecondStep(_) | Self::NeedsConfirmation | Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::DiskFull(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        if let Self::Moved(address) = self {
            response.insert_header((LOCATION, address.as_str())).insert_header((CACHE_CONTROL, headers::AN_HOUR));
        }
        response.finish()
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// Presents every answer that went wrong: as a page that helps, or as JSON below `/api/`. Logs what is our fault, once.
pub(crate) async fn present_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let site = request.app_data::<Data<Site>>().cloned();
    let area = Area::of(request.path(), site.as_ref());
    let response = next.call(request).await?;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let (Some(site), true, false) = (site, failed, is_finished(&response)) else {
        return Ok(response.map_into_left_body());
    };
    // A handler that answers with a page of its own, as for a withdrawn article, has said what there is to say.
    if headers::is_html(response.headers()) {
        return Ok(response.map_into_left_body());
    }
    let id = request_id();
    if let Some(error) = response.response().error()
        && (status.is_server_error() || error.as_error::<Error>().is_some_and(|error| error.cause().is_some()))
    {
        tracing::error!(%error, status = status.as_u16(), request_id = id, "a request failed");
    }
    let way_on = response.response().error().and_then(|error| error.as_error::<Error>()).cloned();
    let (request, response) = response.into_parts();
    let mut presented = match area {
        Area::Api => json(status),
        Area::BackOffice => admin::present(&site, &request, status, (way_on.as_ref(), &id)).await,
        Area::Reader => page::error(&site, &request, status, &id).await,
    };
    if let Some(allowed) = response.headers().get(ALLOW) {
        presented.headers_mut().insert(ALLOW, allowed.clone());
    }
    Ok(ServiceResponse::new(request, presented).map_into_right_body())
}

/// A page that says itself what went wrong: a form with what is wrong in it, or what became of an article.
fn is_finished<B>(response: &ServiceResponse<B>) -> bool {
    response.response().error().is_none() && response.headers().contains_key(CONTENT_TYPE)
}

/// The parts of the site, each of which shows errors in its own way.
#[derive(Clone, Copy, Debug)]
enum Area {
    Api,
    BackOffice,
    Reader,
}

impl Area {
    fn of(path: &str, site: Option<&Data<Site>>) -> Self {
        let prefix = site.map_or("", |site| site.state.config.site.base_url.prefix());
        let path = path.strip_prefix(prefix).unwrap_or(path);
        if path.starts_with("/api/") {
            Self::Api
        } else if path == "/admin" || path.starts_with("/admin/") {
            Self::BackOffice
        } else {
            Self::Reader
        }
    }
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
            content::Error::OutOfReach => Self::Forbidden,
            content::Error::Refused(why) => refused(why),
            content::Error::Conflict(_)
            | content::Error::PageConflict(_)
            | content::Error::SlugTaken(_)
            | content::Error::PathTaken(_)
            | content::Error::NameTaken(_)
            | content::Error::NotEmpty(_)
            | content::Error::Superseded
            | content::Error::InUse(_) => Self::Conflict,
            content::Error::Unfit(Unfit::TooManyBytes) => Self::TooLarge,
            content::Error::Unsuitable(_) | content::Error::Circle | content::Error::Unfit(_) => Self::Unprocessable,
            content::Error::Database(cause) => Self::unavailable(cause),
            content::Error::Stopping => Self::unavailable(error),
            content::Error::Files(cause) => Self::file(cause),
            content::Error::Damaged(_) => Self::internal(error),
        }
    }
}

/// A step that was refused: for what was sent, for who sent it, or for where the article stands.
fn refused(why: Refused) -> Error {
    match why {
        Refused::NoHeadline
        | Refused::MediaGone
        | Refused::NoNotice
        | Refused::NoRemark
        | Refused::NoTitle
        | Refused::NoName
        | Refused::TimePassed
        | Refused::DownBeforeUp => Error::Unprocessable,
        Refused::OwnText | Refused::PassedBefore => Error::Forbidden,
        Refused::InReview
        | Refused::Approved
        | Refused::Scheduled
        | Refused::Discarded
        | Refused::NotInReview
        | Refused::NotReviewed
        | Refused::NotScheduled
        | Refused::NotDiscarded
        | Refused::SeenByReaders
        | Refused::NotPublished
        | Refused::TooManyPinned => Error::Conflict,
    }
}

impl From<staff::Error> for Error {
    fn from(error: staff::Error) -> Self {
        match error {
            staff::Error::SignedOut => Self::SignedOut,
            staff::Error::NeedsTotp => Self::SecondStep(SessionState::NeedsTotp),
            staff::Error::NeedsConfirmation => Self::NeedsConfirmation,
            staff::Error::Forbidden => Self::Forbidden,
            staff::Error::NotFound => Self::NotFound,
            staff::Error::TooManyRequests { .. } => Self::TooManyRequests,
            staff::Error::Database(cause) => Self::unavailable(cause),
            other => Self::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_disk_without_room_is_no_fault_of_the_program() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().write_all(b"x").unwrap_err();
        assert_eq!(Error::from(content::Error::Files(full)).status_code(), StatusCode::INSUFFICIENT_STORAGE);
        let gone = std::fs::File::open("/nowhere").unwrap_err();
        assert_eq!(Error::from(content::Error::Files(gone)).status_code(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
