//! What somebody types who comes to work here: by the set-up link, or by an invitation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::ErrorText;
use super::super::texts::entrance::Entrance;
use super::form::FormErrors;
use super::page::{Desk, Layout, respond};
use crate::config::Secret;
use crate::staff::{self, DisplayName, LoginName, Registration};

/// The fields. Passwords are never sent back to the page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    /// Only of the set-up.
    #[serde(default)]
    pub(crate) site_name: String,
    #[serde(default)]
    pub(crate) login: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) password: String,
    #[serde(default)]
    pub(crate) again: String,
}

impl Typed {
    /// What is wrong before anything is tried.
    pub(crate) fn check(&self, text: &Entrance) -> FormErrors {
        let mut form = FormErrors::default();
        if self.name.parse::<DisplayName>().is_err() {
            form.add("name", text.name_invalid);
        }
        if self.login.parse::<LoginName>().is_err() {
            form.add("login", text.login_invalid);
        }
        if self.password != self.again {
            form.add("again", text.differs);
        }
        form
    }

    /// As the staff takes it.
    pub(crate) fn registration(&self) -> Registration {
        let password = Secret::new(self.password.clone());
        Registration { login: self.login.clone(), name: self.name.clone(), password }
    }
}

/// What the staff found wrong; an error that is not the form's goes on.
pub(crate) fn refusal(error: staff::Error, text: &Entrance) -> Result<FormErrors, Error> {
    match error {
        staff::Error::LoginTaken => Ok(FormErrors::of("login", text.login_taken)),
        staff::Error::LoginName(_) => Ok(FormErrors::of("login", text.login_invalid)),
        staff::Error::DisplayName(_) => Ok(FormErrors::of("name", text.name_invalid)),
        staff::Error::Password(why) => Ok(FormErrors::of("password", text.weak(why))),
        staff::Error::TooManyRequests { retry_after } => {
            Ok(FormErrors::late("password", text.wait(retry_after), retry_after))
        }
        other => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "admin/link_expired.html")]
struct ExpiredPage {
    layout: Layout,
    advice: &'static str,
    sign_in_url: String,
}

/// The page of a link that was used, has expired, or never was: which of them is not told.
pub(crate) async fn expired(site: &Site, text: fn(&Entrance) -> &ErrorText) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let text = text(desk.t.entrance);
    let layout = desk.outside(text.headline, "");
    respond(StatusCode::GONE, &ExpiredPage { layout, advice: text.advice, sign_in_url: desk.url("/sign-in") })
}
