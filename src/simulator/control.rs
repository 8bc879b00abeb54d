//! The control surface under `/__sim/`: what the module's documentation lists.
//!
//! Bodies are JSON with the JSON content type, so that no web page in a browser of the same machine can reach
//! it by accident.

use std::net::IpAddr;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::change::{AgentChange, CorpChange, OfficialChange};
use super::fault::Script;
use super::judge::{self, Platform};
use super::shared::Shared;
use super::signature::Claim;
use super::view;
use super::world::World;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/__sim/state", web::get().to(state))
        .route("/__sim/stats", web::get().to(stats))
        .route("/__sim/reset", web::post().to(reset))
        .route("/__sim/calls", web::delete().to(forget_calls))
        .route("/__sim/faults", web::get().to(faults))
        .route("/__sim/faults", web::post().to(add_faults))
        .route("/__sim/faults", web::delete().to(clear_faults))
        .route("/__sim/clock", web::get().to(clock))
        .route("/__sim/clock", web::post().to(set_clock))
        .route("/__sim/egress", web::post().to(set_egress))
        .route("/__sim/people", web::post().to(set_people))
        .route("/__sim/officials/{app_id}", web::post().to(change_official))
        .route("/__sim/corps/{corp_id}", web::post().to(change_corp))
        .route("/__sim/corps/{corp_id}/agents/{agent_id}", web::post().to(change_agent))
        .route("/__sim/verify", web::post().to(verify));
}

async fn state(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(shared.with(|world| view::world(world)))
}

async fn stats(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(shared.with(|world| world.calls.clone()))
}

async fn reset(shared: web::Data<Shared>) -> HttpResponse {
    shared.reset();
    done()
}

async fn forget_calls(shared: web::Data<Shared>) -> HttpResponse {
    shared.with(World::reset_calls);
    done()
}

async fn faults(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(shared.with(|world| world.faults.pending().to_vec()))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scripts {
    Many(Vec<Script>),
    One(Script),
}

async fn add_faults(scripts: web::Json<Scripts>, shared: web::Data<Shared>) -> HttpResponse {
    let scripts = match scripts.into_inner() {
        Scripts::Many(scripts) => scripts,
        Scripts::One(script) => vec![script],
    };
    shared.with(|world| scripts.into_iter().for_each(|script| world.faults.add(script)));
    done()
}

async fn clear_faults(shared: web::Data<Shared>) -> HttpResponse {
    shared.with(World::clear_faults);
    done()
}

/// Several at once are done in this order.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClockOrder {
    stop: bool,
    set: Option<i64>,
    advance: i64,
    go: bool,
}

async fn clock(shared: web::Data<Shared>) -> HttpResponse {
    shared.with(|world| clock_view(world))
}

async fn set_clock(order: web::Json<ClockOrder>, shared: web::Data<Shared>) -> HttpResponse {
    shared.with(|world| {
        if order.stop {
            world.clock.stop();
        }
        if let Some(to) = order.set {
            world.clock.set(to);
        }
        world.clock.advance(order.advance);
        if order.go {
            world.clock.go();
        }
        clock_view(world)
    })
}

fn clock_view(world: &World) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "now": world.clock.now(), "stopped": world.clock.is_stopped() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Egress {
    ip: Option<IpAddr>,
}

async fn set_egress(egress: web::Json<Egress>, shared: web::Data<Shared>) -> HttpResponse {
    shared.with(|world| world.egress = egress.ip);
    done()
}

/// Only what is given changes, but for the holder.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct People {
    holder: Option<String>,
    outsiders: Option<Vec<String>>,
    snapshots: Option<bool>,
}

async fn set_people(people: web::Json<People>, shared: web::Data<Shared>) -> HttpResponse {
    let People { holder, outsiders, snapshots } = people.into_inner();
    shared.with(|world| {
        world.hold(holder.as_deref());
        if let Some(outsiders) = outsiders {
            world.oauth.outsiders = outsiders.into_iter().collect();
        }
        if let Some(on) = snapshots {
            world.show_snapshots(on);
        }
    });
    done()
}

async fn change_official(
    app_id: web::Path<String>,
    change: web::Json<OfficialChange>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    answer(shared.with(|world| change.into_inner().apply(world, &app_id)))
}

async fn change_corp(
    corp_id: web::Path<String>,
    change: web::Json<CorpChange>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    answer(shared.with(|world| change.into_inner().apply(world, &corp_id)))
}

async fn change_agent(
    ids: web::Path<(String, String)>,
    change: web::Json<AgentChange>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    let (corp_id, agent_id) = ids.into_inner();
    answer(shared.with(|world| change.into_inner().apply(world, &corp_id, &agent_id)))
}

#[derive(Deserialize)]
struct Question {
    app_id: String,
    url: String,
    #[serde(flatten)]
    claim: Claim,
    /// An agent's id: the claim is one of `wx.agentConfig`.
    agent_id: Option<String>,
}

/// What the client would say to a page at `url` that carries this claim.
async fn verify(question: web::Json<Question>, shared: web::Data<Shared>) -> HttpResponse {
    let question = question.into_inner();
    let platform = if shared.with(|world| world.corps.contains_key(&question.app_id)) {
        Platform::WeCom
    } else {
        Platform::Official
    };
    let verdict = shared.with(|world| match &question.agent_id {
        Some(agent_id) => judge::agent_config(world, (&question.app_id, agent_id), &question.claim, &question.url),
        None => judge::config(world, platform, &question.app_id, &question.claim, &question.url),
    });
    match verdict {
        Ok(_) => HttpResponse::Ok().json(json!({ "ok": true })),
        Err(refused) => HttpResponse::Ok().json(json!({ "ok": false, "reason": refused.words() })),
    }
}

fn done() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "ok": true }))
}

fn answer(outcome: Result<(), String>) -> HttpResponse {
    match outcome {
        Ok(()) => done(),
        Err(problem) => HttpResponse::NotFound().json(json!({ "ok": false, "problem": problem })),
    }
}
