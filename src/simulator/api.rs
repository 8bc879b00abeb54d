//! The addresses of WeChat's API. Each hands the call to the model and delivers what comes back.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use super::corp::{AGENT_TICKET, CORP_TICKET, GET_TOKEN};
use super::delivery::{self, InFlight};
use super::oauth::{GET_USER_INFO, OLD_USER_INFO, SNS_ACCESS_TOKEN};
use super::official::{GET_TICKET, STABLE_TOKEN, TOKEN};
use super::shared::Shared;
use super::world::ApiRequest;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let of_people = [SNS_ACCESS_TOKEN, GET_USER_INFO, OLD_USER_INFO];
    let of_sites = [TOKEN, STABLE_TOKEN, GET_TICKET, GET_TOKEN, CORP_TICKET, AGENT_TICKET];
    for endpoint in of_sites.into_iter().chain(of_people) {
        config.route(endpoint, web::route().to(call));
    }
}

async fn call(request: HttpRequest, body: web::Bytes, shared: web::Data<Shared>) -> HttpResponse {
    let shared = shared.get_ref().clone();
    let received = read(&request, &body);
    let answer = shared.with(|world| world.receive(&received));
    let in_flight = InFlight::new(shared, received.endpoint);
    delivery::deliver(answer, in_flight).await
}

/// Whatever has no other route: counted, because a call that nobody foresaw is a finding.
pub(crate) async fn unknown(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let body = shared.with(|world| world.unknown(caller(&request)));
    delivery::json(body.to_string())
}

fn read(request: &HttpRequest, body: &[u8]) -> ApiRequest {
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    ApiRequest {
        endpoint: request.path().to_owned(),
        is_post: request.method() == Method::POST,
        query: query.into_owned().collect::<BTreeMap<_, _>>(),
        body: body.to_vec(),
        from: caller(request),
    }
}

fn caller(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip())
}
