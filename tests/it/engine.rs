//! The engine that keeps tokens and tickets: what it costs in calls, what it does about trouble of every kind, and how
//! several processes share it.

use std::collections::BTreeMap;
use std::time::Duration;

use wxpress::credentials::Kind;
use wxpress::simulator::{
    AGENT_TICKET, CORP_TICKET, Fault, GET_TICKET, GET_TOKEN, OfficialAccount, STABLE_TOKEN, TOKEN, TicketPolicy, World,
};

use crate::rig::{
    CORP_ID, HOST, Member, Rig, Robot, Setting, corp, corp_secret, eventually, official, official_settings,
    wecom_settings,
};
use crate::site::{APP_ID, APP_SECRET};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// How finely time passes.
const TICK: Duration = Duration::from_secs(10);

/// What some time came to.
struct Record {
    /// The calls by path.
    calls: BTreeMap<String, u64>,
    /// The longest time in a row in which pages could not be signed.
    longest_without: Duration,
}

impl Record {
    fn to(&self, endpoint: &str) -> u64 {
        self.calls.get(endpoint).copied().unwrap_or(0)
    }

    fn tokens(&self) -> u64 {
        [TOKEN, STABLE_TOKEN, GET_TOKEN].into_iter().map(|endpoint| self.to(endpoint)).sum()
    }

    fn total(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// Lets `time` go by while every member keeps its credentials, and counts from zero.
async fn live(rig: &Rig, members: &mut [Member], time: Duration) -> Record {
    rig.simulator.with(World::reset_calls);
    let (mut left, mut without, mut longest_without) = (time, Duration::ZERO, Duration::ZERO);
    while left > Duration::ZERO {
        let mut pause = Duration::MAX;
        for member in &mut *members {
            pause = pause.min(member.keep().await);
        }
        // A running keeper asks again within a second, too.
        let mut pause = pause.clamp(Duration::from_secs(1), left.max(Duration::from_secs(1)));
        while pause > Duration::ZERO {
            let step = pause.min(TICK);
            without = if members.iter().all(Member::can_sign) { Duration::ZERO } else { without + step };
            longest_without = longest_without.max(without);
            rig.pass(step);
            pause -= step;
            left = left.saturating_sub(step);
        }
    }
    Record { calls: rig.calls(), longest_without }
}

/// Seven days with this account: the calls of every day, and the longest time without a ticket.
async fn a_week(world: World, settings: impl Fn(&str) -> Vec<Setting>, policy: TicketPolicy) {
    let rig = Rig::new(world).await;
    let mut members = [rig.member(&settings(&rig.simulator.base_url())).await];
    members[0].keep().await;
    for day in 1..=7 {
        let record = live(&rig, &mut members, DAY).await;
        assert!(record.tokens() <= 16, "day {day}: {:?}", record.calls);
        // One that is repeated until it dies has to be met just after its death.
        let (most_tickets, longest) = match policy {
            TicketPolicy::RenewedEarly => (26, Duration::ZERO),
            _ => (96, Duration::from_secs(75)),
        };
        for endpoint in [GET_TICKET, CORP_TICKET, AGENT_TICKET] {
            assert!(record.to(endpoint) <= most_tickets, "day {day}: {:?}", record.calls);
        }
        assert!(record.longest_without <= longest, "day {day}: {:?} without a ticket", record.longest_without);
        assert!(record.total() > 0, "nothing was renewed on day {day}");
    }
}

async fn an_official_week(endpoint: &'static str, policy: TicketPolicy) {
    let settings = |wechat: &str| {
        let mut settings = official_settings(wechat);
        settings.push(("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", endpoint.to_owned()));
        settings
    };
    a_week(World::new().with_official(official().with_ticket_policy(policy)), settings, policy).await;
}

async fn a_week_in_wecom(policy: TicketPolicy) {
    let world = World::new().with_corp(corp().with_ticket_policy(policy));
    a_week(world, |wechat| wecom_settings(wechat, "1000002"), policy).await;
}

#[actix_web::test]
async fn a_week_with_the_stable_token_and_a_ticket_that_is_repeated() {
    an_official_week("stable", TicketPolicy::SameUntilExpiry).await;
}

#[actix_web::test]
async fn a_week_with_the_stable_token_and_a_ticket_that_is_renewed_early() {
    an_official_week("stable", TicketPolicy::RenewedEarly).await;
}

#[actix_web::test]
async fn a_week_with_the_classic_token_and_a_ticket_that_is_repeated() {
    an_official_week("classic", TicketPolicy::SameUntilExpiry).await;
}

#[actix_web::test]
async fn a_week_with_the_classic_token_and_a_ticket_that_is_renewed_early() {
    an_official_week("classic", TicketPolicy::RenewedEarly).await;
}

#[actix_web::test]
async fn a_week_in_wecom_with_tickets_that_are_repeated() {
    a_week_in_wecom(TicketPolicy::SameUntilExpiry).await;
}

#[actix_web::test]
async fn a_week_in_wecom_with_tickets_that_are_renewed_early() {
    a_week_in_wecom(TicketPolicy::RenewedEarly).await;
}

/// Two days in which every call to `endpoint` is refused with 40001, and then all is well again.
async fn refused_for_two_days(endpoint: &str, classic: bool) {
    let rig = Rig::new(World::new().with_official(official())).await;
    let robot = Robot::start();
    let mut settings = official_settings(&rig.simulator.base_url());
    settings.push(("WXPRESS_ALARM__WEBHOOK", robot.url.clone()));
    if classic {
        settings.push(("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", "classic".to_owned()));
    }
    let mut members = [rig.member(&settings).await];
    rig.simulator.fault(endpoint, Fault::Errcode { code: 40001, message: None }, None);
    for day in 1..=2 {
        let record = live(&rig, &mut members, DAY).await;
        assert!(record.total() <= 100, "day {day}: {} calls: {:?}", record.total(), record.calls);
        // It is tried all day long, so that it heals by itself.
        assert!(record.to(endpoint) >= 24, "day {day}: {:?}", record.calls);
    }
    assert_eq!(robot.hears(1).await.len(), 1, "{:?}", robot.heard());

    rig.simulator.with(World::clear_faults);
    live(&rig, &mut members, HOUR + MINUTE).await;

    assert!(members[0].can_sign(), "an hour after the cause is gone");
    let heard = robot.hears(2).await;
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].contains(APP_ID) && heard[0].contains("处理办法") && heard[0].contains("40001"), "{heard:?}");
    assert!(heard[1].contains(APP_ID) && heard[1].contains("已恢复正常"), "{heard:?}");
    assert!(!heard.concat().contains("CANARY"), "{heard:?}");
    assert!(members[0].token().is_some_and(|token| !heard.concat().contains(&token)));
    let state = &members[0].state;
    let alarms = sqlx::query("SELECT cause FROM alarm").fetch_all(state.db.read()).await.unwrap();
    assert!(alarms.is_empty(), "an alarm outlives its cause");
}

#[actix_web::test]
async fn a_ticket_refused_for_days_costs_few_calls_and_one_alarm() {
    refused_for_two_days(GET_TICKET, false).await;
}

#[actix_web::test]
async fn a_ticket_refused_for_days_with_the_classic_token_costs_few_calls_and_one_alarm() {
    refused_for_two_days(GET_TICKET, true).await;
}

#[actix_web::test]
async fn a_wrong_secret_for_days_costs_few_calls_and_one_alarm() {
    refused_for_two_days(STABLE_TOKEN, false).await;
}

/// Two days in which nothing comes back, and then all is well again.
#[actix_web::test]
async fn a_silent_wechat_costs_few_calls_and_is_met_soon_after_it_returns() {
    for fault in [Fault::Errcode { code: -1, message: None }, Fault::Status { status: 502 }] {
        let rig = Rig::new(World::new().with_official(official())).await;
        let mut members = [rig.official().await];
        members[0].keep().await;
        rig.simulator.fault("*", fault.clone(), None);
        for day in 1..=2 {
            let record = live(&rig, &mut members, DAY).await;
            for (endpoint, calls) in &record.calls {
                assert!(*calls <= 150, "{fault:?}: {endpoint} was called {calls} times on day {day}");
            }
        }
        rig.simulator.with(World::clear_faults);
        live(&rig, &mut members, Duration::from_mins(31)).await;
        assert!(members[0].can_sign(), "{fault:?}: half an hour after WeChat is back");
    }
}

#[actix_web::test]
async fn another_system_that_rotates_the_classic_token_is_met_with_one_heal_each_time() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut settings = official_settings(&rig.simulator.base_url());
    settings.push(("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", "classic".to_owned()));
    let mut members = [rig.member(&settings).await];
    let before = live(&rig, &mut members, DAY).await;
    let mut tokens = 0;
    for _ in 0..24 {
        rig.simulator.with(|world| world.rotate_classic_token(APP_ID));
        let record = live(&rig, &mut members, HOUR).await;
        assert!(record.tokens() <= 2, "one rotation, {:?}", record.calls);
        assert!(record.longest_without <= Duration::from_secs(75), "{:?} without", record.longest_without);
        tokens += record.tokens();
    }
    assert!(tokens <= before.tokens() + 24, "{tokens} token calls for 24 rotations");
}

#[actix_web::test]
async fn a_token_that_is_repeated_although_it_is_refused_is_renewed_by_force_once() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut members = [rig.official().await];
    members[0].keep().await;
    let before = members[0].token();
    rig.simulator.with(World::reset_calls);
    // The stable endpoint goes on handing out a token that the rest of WeChat does not take.
    rig.simulator.fault(GET_TICKET, Fault::Errcode { code: 40001, message: None }, Some(1));
    rig.pass(HOUR + MINUTE);

    members[0].keep().await;

    assert_eq!((rig.simulator.calls(STABLE_TOKEN), rig.simulator.calls(GET_TICKET)), (2, 2));
    assert!(members[0].can_sign());
    assert_ne!(members[0].token(), before, "only force brings another token");
    let record = live(&rig, &mut members, HOUR).await;
    assert!(record.tokens() <= 1, "{:?}", record.calls);
}

#[actix_web::test]
async fn a_revoked_stable_token_is_renewed_once() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut members = [rig.official().await];
    members[0].keep().await;
    assert!(rig.simulator.with(|world| world.revoke(APP_ID, "stable")));
    let record = live(&rig, &mut members, 2 * HOUR).await;
    assert!(record.tokens() <= 2, "one heal and one ordinary renewal at most: {:?}", record.calls);
    assert!(record.longest_without <= Duration::from_secs(75), "{:?}", record.longest_without);
}

#[actix_web::test]
async fn two_keepers_on_one_database_never_both_call() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let (mut one, mut other) = (rig.official().await, rig.official().await);
    // Calls take their time, so that they would meet.
    for endpoint in [STABLE_TOKEN, GET_TICKET] {
        rig.simulator.fault(endpoint, Fault::Slow { ms: 150 }, None);
    }
    for _ in 0..4 {
        for _ in 0..2 {
            tokio::join!(one.keep(), other.keep());
        }
        assert!(one.can_sign() && one.ticket(Kind::JsapiTicket) == other.ticket(Kind::JsapiTicket));
        rig.pass(2 * HOUR);
    }
    let peaks: Vec<u64> =
        rig.simulator.with(|world| world.calls().endpoints.values().map(|tally| tally.peak).collect());
    assert_eq!(peaks, [1, 1]);
    assert_eq!((rig.simulator.calls(STABLE_TOKEN), rig.simulator.calls(GET_TICKET)), (4, 4));
}

#[actix_web::test]
async fn eight_keepers_for_a_day_call_no_more_than_one() {
    let rig = Rig::new(World::new().with_official(official().with_ticket_policy(TicketPolicy::RenewedEarly))).await;
    let mut members = Vec::new();
    for _ in 0..8 {
        members.push(rig.official().await);
    }
    for member in &mut members {
        member.keep().await;
    }
    let record = live(&rig, &mut members, DAY).await;
    assert!(record.tokens() <= 16 && record.to(GET_TICKET) <= 26, "{:?}", record.calls);
    assert_eq!(record.longest_without, Duration::ZERO);
}

#[actix_web::test]
async fn what_an_older_fence_brings_is_refused() {
    let account = official().with_ticket_policy(TicketPolicy::NewEachTime);
    let rig = Rig::new(World::new().with_official(account)).await;
    let (mut slow, mut quick) = (rig.official().await, rig.official().await);
    rig.simulator.fault(GET_TICKET, Fault::Slow { ms: 1_500 }, Some(1));
    let late = async {
        slow.keep().await;
    };
    let in_between = async {
        eventually("the slow call", Duration::from_secs(20), async || {
            (rig.simulator.calls(GET_TICKET) == 1).then_some(())
        })
        .await;
        // Its lease is over, and another process takes it.
        rig.pass(10 * Duration::from_secs(1));
        quick.keep().await;
        assert!(quick.can_sign());
    };
    tokio::join!(late, in_between);

    assert_eq!(rig.simulator.calls(GET_TICKET), 2);
    assert!(slow.ticket(Kind::JsapiTicket).is_none_or(|ticket| Some(ticket) == quick.ticket(Kind::JsapiTicket)));
    slow.keep().await;
    assert_eq!(slow.ticket(Kind::JsapiTicket), quick.ticket(Kind::JsapiTicket));
    let fresh = rig.official().await.keep_and_take().await;
    assert_eq!(fresh, quick.ticket(Kind::JsapiTicket), "the late result was stored");
    assert_eq!(rig.simulator.calls(GET_TICKET), 2);
}

impl Member {
    /// Takes over what is stored.
    async fn keep_and_take(mut self) -> Option<String> {
        self.keep().await;
        self.ticket(Kind::JsapiTicket)
    }
}

#[actix_web::test]
async fn a_clock_that_jumps_costs_at_most_two_calls() {
    const YEAR: i64 = 31_557_600;
    for seconds in [3_600, -3_600, 86_400, 10 * YEAR, -86_400, -10 * YEAR] {
        let rig = Rig::new(World::new().with_official(official())).await;
        let mut members = [rig.official().await];
        members[0].keep().await;
        rig.pass(10 * MINUTE);
        rig.simulator.with(World::reset_calls);
        rig.jump(seconds);
        for _ in 0..3 {
            members[0].keep().await;
        }
        assert!(rig.calls().values().sum::<u64>() <= 2, "{seconds} s: {:?}", rig.calls());
        assert!(members[0].can_sign(), "{seconds} s");
        // And back again, for somebody has noticed.
        rig.simulator.with(World::reset_calls);
        rig.jump(-seconds);
        for _ in 0..3 {
            members[0].keep().await;
        }
        assert!(rig.calls().values().sum::<u64>() <= 2, "{seconds} s and back: {:?}", rig.calls());
        assert!(members[0].can_sign(), "{seconds} s and back");
        let record = live(&rig, &mut members, 4 * HOUR).await;
        assert!(record.tokens() <= 4 && record.total() <= 24, "{seconds} s, the hours after: {:?}", record.calls);
        assert!(record.longest_without <= Duration::from_secs(75), "{seconds} s: {:?}", record.longest_without);
    }
}

#[actix_web::test]
async fn a_clock_that_jumps_amid_trouble_stops_no_keeper() {
    for seconds in [-86_400, 86_400 * 3_650] {
        let rig = Rig::new(World::new().with_official(official())).await;
        let mut members = [rig.official().await];
        rig.simulator.fault(STABLE_TOKEN, Fault::Errcode { code: 40164, message: None }, None);
        members[0].keep().await;
        rig.jump(seconds);
        members[0].keep().await;
        rig.simulator.with(World::clear_faults);
        live(&rig, &mut members, 10 * MINUTE).await;
        assert!(members[0].can_sign(), "{seconds} s");
    }
}

#[actix_web::test]
async fn another_secret_is_tried_at_once_although_the_last_attempt_asked_to_wait() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut settings = official_settings(&rig.simulator.base_url());
    settings.push(("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARYwrong".to_owned()));
    let mut wrong = rig.member(&settings).await;
    assert!(wrong.keep().await >= Duration::from_secs(200));
    assert!(!wrong.can_sign());

    let mut right = rig.official().await;
    right.keep().await;

    assert!(right.can_sign());
    assert_eq!(rig.simulator.calls(STABLE_TOKEN), 2);
}

#[actix_web::test]
async fn processes_with_different_wrong_secrets_do_not_goad_each_other() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut members = Vec::new();
    for secret in ["CANARYwrong1", "CANARYwrong2"] {
        let mut settings = official_settings(&rig.simulator.base_url());
        settings.push(("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", secret.to_owned()));
        members.push(rig.member(&settings).await);
    }
    let record = live(&rig, &mut members, HOUR).await;
    assert!(record.total() <= 15, "{:?}", record.calls);
}

#[actix_web::test]
async fn a_database_that_disappears_leaves_the_ticket_in_memory_working() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut member = rig.official().await;
    member.keep().await;
    let before = member.ticket(Kind::JsapiTicket);
    assert!(before.is_some());
    rig.simulator.with(World::reset_calls);

    member.state.db.close().await;
    rig.pass(HOUR + MINUTE);
    let pause = member.keep().await;

    assert_eq!(member.ticket(Kind::JsapiTicket), before);
    assert!(pause >= Duration::from_secs(1) && pause <= MINUTE, "{pause:?}");
    // Without the lease nobody may call: another process might.
    assert!(rig.calls().is_empty(), "{:?}", rig.calls());
}

#[actix_web::test]
async fn a_restart_uses_what_is_stored() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut first = rig.official().await;
    first.keep().await;
    let ticket = first.ticket(Kind::JsapiTicket);
    drop(first);
    rig.simulator.with(World::reset_calls);

    for _ in 0..10 {
        let mut again = rig.official().await;
        again.keep().await;
        assert_eq!(again.ticket(Kind::JsapiTicket), ticket);
    }
    assert!(rig.calls().is_empty(), "{:?}", rig.calls());
}

#[actix_web::test]
async fn two_agents_of_one_corporation_share_nothing() {
    let rig = Rig::new(World::new().with_corp(corp())).await;
    let mut members = Vec::new();
    for agent in ["1000002", "1000003"] {
        let mut member = rig.member(&wecom_settings(&rig.simulator.base_url(), agent)).await;
        member.keep().await;
        members.push(member);
    }
    members[0].publish("spring", "春天来了", "<p>雪</p>").await;
    assert_eq!(rig.simulator.calls(GET_TOKEN), 2);
    assert_eq!(rig.simulator.calls(CORP_TICKET), 2);
    assert_eq!(rig.simulator.calls(AGENT_TICKET), 2);
    assert_ne!(members[0].token(), members[1].token());
    assert_ne!(members[0].ticket(Kind::AgentTicket), members[1].ticket(Kind::AgentTicket));

    let url = format!("https://{HOST}/articles/spring");
    let mut signatures = Vec::new();
    for (member, agent) in members.iter().zip(["1000002", "1000003"]) {
        let values = member.get("/articles/spring").await.share()["wecom"].clone();
        assert_eq!((values["appId"].as_str(), values["agent"]["agentid"].as_str()), (Some(CORP_ID), Some(agent)));
        assert_eq!(rig.verdict(&values, &url).await["ok"], true, "{values}");
        assert_eq!(rig.verdict(&values["agent"], &url).await["ok"], true, "{values}");
        assert_ne!(values["signature"], values["agent"]["signature"]);
        signatures.push(values["agent"]["signature"].clone());
        assert!(!values.to_string().contains(&corp_secret(agent)));
    }
    assert_ne!(signatures[0], signatures[1]);
}

#[actix_web::test]
async fn one_ticket_that_fails_keeps_the_other_of_the_agent_alive() {
    for (failing, kind) in [(CORP_TICKET, Kind::AgentTicket), (AGENT_TICKET, Kind::JsapiTicket)] {
        let world = World::new().with_corp(corp().with_ticket_policy(TicketPolicy::RenewedEarly));
        let rig = Rig::new(world).await;
        let mut members = [rig.member(&wecom_settings(&rig.simulator.base_url(), "1000002")).await];
        rig.simulator.fault(failing, Fault::Errcode { code: -1, message: None }, None);
        members[0].keep().await;
        assert!(members[0].ticket(kind).is_some(), "{failing} fails, and {kind:?} with it");
    }
}

#[actix_web::test]
async fn phones_cause_one_reading_an_hour_whatever_they_say() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut members = [rig.official().await, rig.official().await];
    for member in &mut members {
        member.keep().await;
    }
    rig.simulator.with(World::reset_calls);
    for _ in 0..60 {
        for member in &mut members {
            let account = member.account();
            let credentials = &member.state.credentials;
            let generation = credentials.ticket(&account, Kind::JsapiTicket).map_or(0, |held| held.generation);
            assert!(credentials.report_refused(&account, generation, credentials.now()));
            // Made with another ticket, or long ago, or in the future.
            assert!(!credentials.report_refused(&account, generation - 1, credentials.now()));
            assert!(!credentials.report_refused(
                &account,
                generation,
                wxpress::clock::Millis(credentials.now().0 - 400_000)
            ));
            assert!(!credentials.report_refused(&account, generation, credentials.now().plus(MINUTE)));
            member.keep().await;
        }
        rig.pass(Duration::from_secs(50));
    }
    assert_eq!((rig.simulator.calls(GET_TICKET), rig.simulator.calls(STABLE_TOKEN)), (1, 0));
}

#[actix_web::test]
async fn a_report_that_comes_too_early_is_not_kept_for_later() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let mut members = [rig.official().await];
    members[0].keep().await;
    let account = members[0].account();
    let report = |member: &Member| {
        let credentials = &member.state.credentials;
        let generation = credentials.ticket(&account, Kind::JsapiTicket).map_or(0, |held| held.generation);
        credentials.report_refused(&account, generation, credentials.now())
    };
    assert!(report(&members[0]));
    members[0].keep().await;
    rig.pass(MINUTE);
    assert!(report(&members[0]));
    members[0].keep().await;
    rig.simulator.with(World::reset_calls);
    // The ticket was read at most a minute after the beginning, so nothing is due before an hour has passed.
    live(&rig, &mut members, 58 * MINUTE).await;
    assert!(rig.calls().is_empty(), "{:?}", rig.calls());
}

#[actix_web::test]
async fn a_robot_that_was_away_is_told_when_it_is_back() {
    let rig = Rig::new(World::new().with_official(OfficialAccount::new(APP_ID, "another"))).await;
    let robot = Robot::start();
    let mut settings = official_settings(&rig.simulator.base_url());
    // Nobody listens there.
    settings.push(("WXPRESS_ALARM__WEBHOOK", format!("http://127.0.0.1:9/robot?key={APP_SECRET}")));
    let mut deaf = rig.member(&settings).await;
    deaf.keep().await;
    eventually("the message is given up", Duration::from_secs(30), async || {
        let rows = sqlx::query("SELECT cause FROM alarm").fetch_all(deaf.state.db.read()).await.unwrap();
        rows.is_empty().then_some(())
    })
    .await;
    settings.pop();
    settings.push(("WXPRESS_ALARM__WEBHOOK", robot.url.clone()));
    let mut members = [rig.member(&settings).await];
    live(&rig, &mut members, 10 * MINUTE).await;
    assert_eq!(robot.hears(1).await.len(), 1);
}
