//! What somebody sees whom WeChat or WeCom did not bring in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, REFERRER_POLICY};
use askama::Template;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::page::{Desk, Layout, respond};
use super::{Door, start};
use crate::wechat::error::Reaction;
use crate::wechat::{self, cure};

/// How it ended for somebody who is not in.
#[derive(Debug)]
pub(super) enum Ending {
    /// This door does not open in the program that the page is open in.
    Elsewhere,
    /// Too late, once more, from another browser, or with a code that is good for nothing.
    Stale,
    /// They did not agree.
    Declined,
    /// Nobody who may sign in is bound to this id.
    Unbound(String),
    /// Their second step has yet to be set up.
    PasswordFirst,
    /// No member of the corporation.
    Outsider,
    /// WeChat did not say who it is, only made somebody up.
    Snapshot,
    /// Nobody answered who knows.
    Silent,
    /// WeChat said no, for a reason that somebody must mend.
    Refused(wechat::Error),
}

impl Ending {
    pub(super) fn of(error: wechat::Error) -> Self {
        match error.code() {
            Some(40029 | 40163 | 41008 | 42003) => Self::Stale,
            // Busy, or with a token that is being renewed.
            Some(-1 | 40001 | 40014 | 42001 | 45009 | 45011 | 45033) if error.reaction() != Reaction::CallPerson => {
                Self::Silent
            }
            Some(_) => Self::Refused(error),
            None => Self::Silent,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Elsewhere => StatusCode::OK,
            Self::Stale => StatusCode::BAD_REQUEST,
            Self::Declined | Self::Unbound(_) | Self::PasswordFirst | Self::Outsider | Self::Snapshot => {
                StatusCode::FORBIDDEN
            }
            Self::Silent => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// Whether going there again can end otherwise.
    fn is_worth_another_try(&self) -> bool {
        !matches!(self, Self::Elsewhere | Self::Outsider | Self::PasswordFirst)
    }
}

#[derive(Template)]
#[template(path = "admin/oauth.html")]
struct OAuthPage {
    layout: Layout,
    headline: String,
    advice: String,
    /// What to tell an administrator, with what it is called.
    id: Option<(&'static str, String)>,
    /// What WeChat's refusal means and what mends it.
    cure: Option<(&'static str, &'static str)>,
    again: Option<String>,
    sign_in: String,
}

/// The page that says how it ended.
pub(super) async fn show(site: &Site, door: Door, ending: Ending) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let (t, name) = (desk.t.oauth, door.name(desk.t));
    let text = match &ending {
        Ending::Elsewhere if door == Door::WeChat => &t.wechat_elsewhere_page,
        Ending::Elsewhere => &t.wecom_elsewhere_page,
        Ending::Stale => &t.stale,
        Ending::Declined => &t.declined,
        Ending::Unbound(_) => &t.unbound,
        Ending::PasswordFirst => &t.password_first,
        Ending::Outsider => &t.outsider,
        Ending::Snapshot => &t.snapshot,
        Ending::Silent => &t.silent,
        Ending::Refused(_) => &t.refused,
    };
    let headline = text.headline.replace("{}", name);
    let again = ending.is_worth_another_try().then(|| start(site, door, ""));
    let (status, mut id, mut advice) = (ending.status(), None, None);
    match ending {
        Ending::Unbound(external_id) => {
            let label = if door == Door::WeCom { t.user_id } else { t.open_id };
            id = Some((label, external_id));
        }
        Ending::Refused(error) => {
            let (cure, language) = (cure::of(&error), desk.settings.language);
            let code = error.code().map(|code| code.to_string()).unwrap_or_default();
            id = Some((t.number, code));
            advice = Some((cure.meaning(language), cure.action(language)));
        }
        _ => {}
    }
    let page = OAuthPage {
        layout: desk.outside(&headline, ""),
        advice: text.advice.replace("{}", name),
        headline,
        id,
        cure: advice,
        again,
        sign_in: desk.url("/sign-in"),
    };
    let mut response = respond(status, &page)?;
    // The address of this page may hold a code.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
