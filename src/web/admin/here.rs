//! Who asks, and where: what a handler of the newsroom begins with.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::{Ready, ready};

use super::super::Site;
use super::super::error::Error;
use super::auth::SignedIn;
use super::page;
use crate::content::{Actor, Content};
use crate::staff::{By, Member, Staff};

/// Somebody who works here, with what they ask for.
#[derive(Debug)]
pub(crate) struct Here {
    pub(super) site: Data<Site>,
    pub(super) signed_in: SignedIn,
    pub(super) request: HttpRequest,
}

impl FromRequest for Here {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let site = request.app_data::<Data<Site>>().cloned().ok_or(Error::SignedOut);
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(site.and_then(|site| Ok(Self { site, signed_in: signed_in?, request: request.clone() })))
    }
}

impl Here {
    pub(super) fn content(&self) -> &Content {
        &self.site.state.content
    }

    pub(super) fn staff(&self) -> &Staff {
        &self.site.state.staff
    }

    pub(super) fn member(&self) -> &Member {
        &self.signed_in.member
    }

    /// On whose behalf the site acts.
    pub(super) fn actor(&self) -> Actor {
        Actor::Member(self.member().id().0)
    }

    /// On whose behalf the staff is changed.
    pub(super) fn by(&self) -> By<'_> {
        By::Session(&self.signed_in.session)
    }

    /// After a form was taken: to the page at `path`, which says what was `done`; see [`page::see`].
    pub(super) fn see(&self, path: &str, done: &str) -> HttpResponse {
        page::see(&self.site, path, done)
    }
}
