//! The keeper against the simulated WeChat: what it asks for, when, and what it does about trouble.

use std::time::Duration;

use wxpress::simulator::{Fault, GET_TICKET, STABLE_TOKEN, TOKEN};

use crate::site::{APP_ID, APP_SECRET, TestSite};

/// Moves both clocks, as time does.
fn pass(site: &TestSite, time: Duration) {
    site.clock.advance(time);
    site.simulator.advance(time);
}

#[actix_web::test]
async fn one_step_brings_a_token_and_a_ticket_and_the_next_brings_nothing() {
    let mut site = TestSite::new().await;
    assert_eq!(site.ticket(), None);

    let pause = site.keep().await;
    site.keep().await;

    assert!(site.ticket().is_some());
    assert!(pause > Duration::from_mins(50), "{pause:?}");
    assert_eq!((site.simulator.calls(STABLE_TOKEN), site.simulator.calls(GET_TICKET)), (1, 1));
}

#[actix_web::test]
async fn cold_readers_never_call_wechat_and_the_keeper_calls_once() {
    let mut site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    for _ in 0..100 {
        site.get("/articles/spring").await;
    }
    assert_eq!(site.simulator.calls(STABLE_TOKEN), 0, "a reader's request has called WeChat");
    site.keep().await;
    assert_eq!((site.simulator.calls(STABLE_TOKEN), site.simulator.calls(GET_TICKET)), (1, 1));
}

#[actix_web::test]
async fn through_a_whole_day_the_ticket_is_there_and_calls_stay_few() {
    for endpoint in ["stable", "classic"] {
        let mut site = TestSite::with(&[("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", endpoint)]).await;
        site.keep().await;
        let (mut passed, mut without) = (Duration::ZERO, Duration::ZERO);
        while passed < Duration::from_hours(24) {
            let step = site.keep().await.clamp(Duration::from_secs(1), Duration::from_mins(1));
            if site.ticket().is_none() {
                without += step;
            }
            pass(&site, step);
            passed += step;
        }
        // The simulator repeats a ticket until it dies, and none is given out in its last minute: twelve such minutes.
        assert!(without <= Duration::from_secs(13 * 62), "{endpoint}: {without:?} without a ticket");
        let tokens = site.simulator.calls(STABLE_TOKEN) + site.simulator.calls(TOKEN);
        assert!(tokens <= 16, "{endpoint}: {tokens} token calls");
        assert!(
            site.simulator.calls(GET_TICKET) <= 90,
            "{endpoint}: {} ticket calls",
            site.simulator.calls(GET_TICKET)
        );
    }
}

#[actix_web::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    let mut site = TestSite::with(&[("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", "classic")]).await;
    site.keep().await;
    // Another system fetches a token with the same secret, and the five minutes of grace pass.
    site.simulator.with(|world| world.rotate_classic_token(APP_ID));
    pass(&site, Duration::from_secs(3700));

    site.keep().await;

    assert!(site.ticket().is_some());
    assert_eq!(site.simulator.calls(TOKEN), 2);
    assert_eq!(site.simulator.calls(GET_TICKET), 3);
}

#[actix_web::test]
async fn a_revoked_stable_token_is_renewed_by_force_once() {
    let mut site = TestSite::new().await;
    site.keep().await;
    assert!(site.simulator.with(|world| world.revoke(APP_ID, "stable")));
    pass(&site, Duration::from_secs(3700));

    site.keep().await;

    assert!(site.ticket().is_some());
    assert!(site.simulator.calls(STABLE_TOKEN) <= 3);
}

#[actix_web::test]
async fn trouble_never_takes_away_a_ticket_that_still_lives() {
    let faults = || {
        [
            Fault::Errcode { code: -1, message: None },
            Fault::Errcode { code: 45009, message: None },
            Fault::Errcode { code: 40164, message: None },
            Fault::Status { status: 502 },
            Fault::NotJson,
            Fault::Empty,
            Fault::Truncated,
        ]
    };
    for fault in faults() {
        let mut site = TestSite::new().await;
        site.keep().await;
        let before = site.ticket();
        let name = format!("{fault:?}");
        site.simulator.fault("*", fault, None);
        pass(&site, Duration::from_secs(3700));

        site.keep().await;

        assert_eq!(site.ticket(), before, "{name}");
        let status = site.state.credentials.status(site.state.official.as_ref().unwrap());
        let trouble = format!("{:?}", status.trouble.clone().unwrap());
        assert!(!trouble.contains(APP_SECRET), "{trouble}");
    }
}

#[actix_web::test]
async fn what_only_a_person_can_mend_is_asked_for_every_five_minutes_and_heals() {
    let mut site = TestSite::new().await;
    site.simulator.fault(STABLE_TOKEN, Fault::Errcode { code: 40164, message: None }, None);
    let pause = site.keep().await;
    assert_eq!(pause, Duration::from_mins(5));
    site.keep().await;
    assert_eq!(site.simulator.calls(STABLE_TOKEN), 1);

    site.simulator.with(wxpress::simulator::World::clear_faults);
    pass(&site, Duration::from_secs(301));
    site.keep().await;

    assert!(site.ticket().is_some());
}

#[actix_web::test]
async fn nonsense_is_not_accepted_as_a_credential() {
    let odd = |value: serde_json::Value| Fault::Credential { value };
    for fault in [
        odd("a\r\nb".into()),
        odd(5.into()),
        odd("".into()),
        Fault::LongCredential { bytes: 5_000_000 },
        Fault::HugeBody { bytes: 1 << 30 },
        Fault::GzipBomb { bytes: 1 << 30 },
        Fault::ExpiresIn { value: 0.into() },
        Fault::ExpiresIn { value: "7200".into() },
    ] {
        let mut site = TestSite::new().await;
        let name = format!("{fault:?}");
        site.simulator.fault(GET_TICKET, fault, None);
        site.keep().await;
        assert_eq!(site.ticket(), None, "{name}");
    }
}

#[actix_web::test]
async fn a_clock_that_goes_back_does_not_keep_an_old_ticket_for_ever() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let wxpress::clock::Clock::Fixed(at) = &site.clock else { panic!("a test's clock is fixed") };
    at.fetch_sub(86_400_000, std::sync::atomic::Ordering::SeqCst);

    site.keep().await;

    assert_eq!(site.simulator.calls(GET_TICKET), 2);
}
