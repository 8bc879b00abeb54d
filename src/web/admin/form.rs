//! Forms of the back office: what was typed is never cleared, and what is wrong with it is said beside the field and
//! once more at the top. [`Posted`] is the only way to read one, so that no handler can forget the token in it.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse};
use askama::Template;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::error::Error;
use super::auth::Token;
use super::typed::tidy_form;
use super::{page, unsaved};

/// What is wrong with one field.
#[derive(Clone, Debug)]
pub(crate) struct FieldError {
    /// The field's name, which is its id in the page too.
    pub(crate) field: &'static str,
    /// One sentence that says what to change.
    pub(crate) text: String,
}

/// All that is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormErrors {
    /// In the order of the fields.
    pub(crate) errors: Vec<FieldError>,
    /// When the form is listened to again.
    retry_after: Option<Duration>,
}

impl FormErrors {
    /// One thing is wrong.
    pub(crate) fn of(field: &'static str, text: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, text);
        errors
    }

    /// This is wrong, too.
    pub(crate) fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.errors.push(FieldError { field, text: text.into() });
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Nothing may be wrong with it, but it is not listened to before some time has passed.
    pub(crate) fn late(field: &'static str, text: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::of(field, text) }
    }

    /// The answer of a page that shows this form: 200 while nothing is wrong with it, else 422, or 429.
    pub(crate) fn answer(&self, page: &impl Template) -> Result<HttpResponse, Error> {
        let status = match self.retry_after {
            Some(_) => StatusCode::TOO_MANY_REQUESTS,
            None if self.is_empty() => StatusCode::OK,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut response = page::respond(status, page)?;
        if let Some(time) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(time.as_secs().max(1)));
        }
        Ok(response)
    }

    /// For templates: what is wrong with one field.
    pub(crate) fn error_of(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.text.as_str())
    }
}

/// A form that was sent from one of this site's own pages. Fields may repeat (`Vec`); those that are missing must have
/// a default.
#[derive(Debug)]
pub(crate) struct Posted<T>(pub(crate) T);

#[derive(Deserialize)]
struct Guarded {
    #[serde(default)]
    csrf: String,
}

/// The fields that are left for whoever asked for the form: `()` where the token is all that it carries.
fn without_token(body: &[u8]) -> Vec<u8> {
    let fields = body.split(|byte| *byte == b'&').filter(|field| !field.starts_with(b"csrf="));
    fields.collect::<Vec<_>>().join(&b'&')
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let token = request.extensions().get::<Token>().cloned();
        let sent_to = request.clone();
        let in_header = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = tidy_form(body.await.map_err(|_too_long| Error::TooLarge)?);
            let sent = match in_header {
                Some(sent) => sent,
                None => serde_html_form::from_bytes::<Guarded>(&body).map_err(|_shape| Error::BadRequest)?.csrf,
            };
            unsaved::note(&sent_to, &body);
            if !token.is_some_and(|token| token.matches(&sent)) {
                return Err(Error::CrossSite);
            }
            serde_html_form::from_bytes(&without_token(&body)).map(Self).map_err(|_shape| Error::BadRequest)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_carry_nothing_but_its_token() {
        for body in ["csrf=x", "", "csrf="] {
            assert!(serde_html_form::from_bytes::<()>(&without_token(body.as_bytes())).is_ok(), "{body}");
        }
        assert_eq!(without_token(b"a=1&csrf=x&b=2&csrf2=y"), b"a=1&b=2&csrf2=y");
    }
}
