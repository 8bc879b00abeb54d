//! Why a step was not taken, in words, beside the field that has to change, with the status that says as much.

use actix_web::ResponseError as _;
use actix_web::http::StatusCode;

use super::super::super::error::Error;
use super::super::names::Names;
use super::super::page::Desk;
use crate::content;
use crate::content::article::Refused;

/// Why.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) field: &'static str,
    pub(super) text: String,
}

impl Refusal {
    /// What `error` means to the one who asked; an error that is not about the article stays one.
    pub(super) async fn of(desk: &Desk<'_>, error: content::Error) -> Result<Self, Error> {
        let t = desk.t.articles;
        let (field, text) = match &error {
            content::Error::Conflict(theirs) => {
                let who = Names::load(desk).await?.of(theirs.saved.by);
                ("text", t.conflict_step.replace("{}", &who))
            }
            content::Error::SlugTaken(slug) => {
                let text = t.slug_taken.replace("{}", slug.as_str());
                return Ok(Self { status: StatusCode::UNPROCESSABLE_ENTITY, field: "slug", text });
            }
            content::Error::Refused(why) => (field_of(*why), (t.refused)(*why).to_owned()),
            _ => return Err(error.into()),
        };
        Ok(Self { status: Error::from(error).status_code(), field, text })
    }
}

/// The field beside which a refusal stands; `text` is the page itself.
fn field_of(why: Refused) -> &'static str {
    match why {
        Refused::NoHeadline => "headline",
        Refused::NoRemark => "remark",
        Refused::NoNotice => "notice",
        Refused::TimePassed | Refused::DownBeforeUp => "at",
        _ => "text",
    }
}
