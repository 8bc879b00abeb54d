//! The outermost layer: answers what is in memory before anything else looks at the request. No route is searched, no
//! header made, nothing boxed; what is kept has passed through all of that once.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::web::{Bytes, Data};
use futures_util::TryFutureExt as _;
use futures_util::future::{Either, MapOk, Ready, ready};

use super::Site;

/// The layer around an application.
#[derive(Clone, Debug)]
pub(crate) struct FromMemory(Data<Site>);

impl FromMemory {
    /// Over what `site` keeps.
    pub(crate) fn new(site: Data<Site>) -> Self {
        Self(site)
    }
}

impl<S, B> Transform<S, ServiceRequest> for FromMemory
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<Bytes, B>>;
    type Error = actix_web::Error;
    type Transform = Layer<S>;
    type InitError = ();
    type Future = Ready<Result<Layer<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(Layer { site: self.0.clone(), inner }))
    }
}

/// The layer in one worker.
#[derive(Debug)]
pub(crate) struct Layer<S> {
    site: Data<Site>,
    inner: S,
}

type Answered<B> = Result<ServiceResponse<EitherBody<Bytes, B>>, actix_web::Error>;
type Passed<B> = fn(ServiceResponse<B>) -> ServiceResponse<EitherBody<Bytes, B>>;

impl<S, B> Service<ServiceRequest> for Layer<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<Bytes, B>>;
    type Error = actix_web::Error;
    type Future = Either<Ready<Answered<B>>, MapOk<S::Future, Passed<B>>>;

    actix_web::dev::forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let head = request.head();
        // The query decides where a list begins and, in `sign` mode, what is signed: the handlers know about that.
        let is_plain = matches!(head.method, Method::GET | Method::HEAD) && head.uri.query().is_none();
        match is_plain.then(|| self.site.cache.respond(&self.site, head)).flatten() {
            Some(response) => Either::Left(ready(Ok(request.into_response(response).map_into_left_body()))),
            None => Either::Right(self.inner.call(request).map_ok(ServiceResponse::map_into_right_body)),
        }
    }
}
