//! Sessions: they end by themselves, and with what they were opened with.

use wxpress::config::Secret;
use wxpress::staff::{By, Error, Opened, Role, SessionState};

use super::{Newsroom, desk, password_of};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Newsroom {
    /// Whether a session that is used every so often lives after so long.
    async fn lives(&self, opened: &Opened, every: u64, after: u64) -> bool {
        for _ in 0..(after / every) {
            self.wait(every);
            if !self.is_signed_in(opened).await {
                return false;
            }
        }
        true
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_left_alone_and_after_half_a_day() {
    let newsroom = Newsroom::with_chief().await.0;
    newsroom.joins("wang", Role::Writer).await;
    let left_alone = newsroom.sign_in("wang").await.unwrap();
    assert_eq!(left_alone.keep_for, None);
    assert!(newsroom.lives(&left_alone, 59 * MINUTE, 59 * MINUTE).await);
    assert!(!newsroom.lives(&left_alone, HOUR, HOUR).await);
    let used = newsroom.sign_in("wang").await.unwrap();
    assert!(newsroom.lives(&used, 30 * MINUTE, 12 * HOUR - 30 * MINUTE).await);
    assert!(!newsroom.lives(&used, 30 * MINUTE, 30 * MINUTE).await);
}

#[tokio::test]
async fn a_session_that_is_kept_lives_for_days() {
    let newsroom = Newsroom::with_chief().await.0;
    newsroom.joins("wang", Role::Writer).await;
    let kept = async || newsroom.staff.sign_in("wang", &password_of("wang"), true, &desk()).await.unwrap();
    let left_alone = kept().await;
    assert_eq!(left_alone.keep_for.map(|time| time.as_secs()), Some(14 * DAY));
    assert!(newsroom.lives(&left_alone, 3 * DAY - 1, 3 * DAY - 1).await);
    assert!(!newsroom.lives(&left_alone, 3 * DAY, 3 * DAY).await);
    let used = kept().await;
    assert!(newsroom.lives(&used, DAY, 13 * DAY).await);
    assert!(!newsroom.lives(&used, DAY, DAY).await);
}

#[tokio::test]
async fn halfway_in_is_no_place_to_stay() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.wait(30);
    let halfway = newsroom.staff.sign_in("chief", &password_of("chief"), true, &desk()).await.unwrap();
    assert_eq!((halfway.session.state(), halfway.keep_for), (SessionState::NeedsTotp, None));
    assert!(matches!(halfway.session.member(), Err(Error::NeedsTotp)));
    assert!(!newsroom.lives(&halfway, 15 * MINUTE, 15 * MINUTE).await);
    // The wish to be kept signed in is not forgotten on the way.
    let halfway = newsroom.staff.sign_in("chief", &password_of("chief"), true, &desk()).await.unwrap();
    let code = newsroom.code(&chief.secret);
    let opened = newsroom.staff.pass_totp(&halfway.session, &code, &desk()).await.unwrap();
    assert!(opened.keep_for.is_some());
    assert!(!newsroom.is_signed_in(&halfway).await, "the second step makes a new session");
}

#[tokio::test]
async fn the_sixth_session_ends_the_first() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    let mut opened = vec![wang.opened];
    for _ in 0..5 {
        opened.push(newsroom.sign_in("wang").await.unwrap());
    }
    let mut alive = Vec::new();
    for one in &opened {
        alive.push(newsroom.is_signed_in(one).await);
    }
    assert_eq!(alive, [false, true, true, true, true, true]);
    let member = opened[5].session.member().unwrap();
    let lines = newsroom.staff.sessions(member).await.unwrap();
    assert_eq!(lines.len(), 5);
    assert_eq!((lines[0].id, lines[0].network.as_str()), (opened[5].session.id(), "192.0.2.0/24"));
    newsroom.staff.end_session(member, opened[3].session.id()).await.unwrap();
    assert!(!newsroom.is_signed_in(&opened[3]).await);
    let foreign = newsroom.staff.end_session(member, chief.session().id()).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    // Who knows nothing but the password pushes nobody out.
    for _ in 0..6 {
        newsroom.sign_in("chief").await.unwrap();
    }
    assert!(newsroom.is_signed_in(&chief.opened).await);
}

#[tokio::test]
async fn that_somebody_was_seen_is_written_once_a_minute() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let seen = async || newsroom.staff.members().await.unwrap()[0].seen_at.unwrap();
    let first = seen().await;
    newsroom.wait(59);
    assert!(newsroom.is_signed_in(&chief.opened).await);
    assert_eq!(seen().await, first);
    newsroom.wait(1);
    assert!(newsroom.is_signed_in(&chief.opened).await);
    assert_eq!(seen().await, newsroom.clock.now());
    // It outlives the session.
    newsroom.staff.sign_out(chief.session()).await.unwrap();
    assert_eq!(seen().await, newsroom.clock.now());
}

#[tokio::test]
async fn a_session_is_read_anew_for_every_request() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let li = newsroom.joins("li", Role::Editor).await;
    let again = async || newsroom.staff.session(li.opened.token.expose()).await;
    assert!(again().await.unwrap().member().unwrap().may_publish());
    newsroom.staff.rename(By::Operator, li.id, "李编辑").await.unwrap();
    assert_eq!(again().await.unwrap().name().as_str(), "李编辑");
    newsroom.staff.change_role(By::Operator, li.id, Role::Writer).await.unwrap();
    assert!(matches!(again().await, Err(Error::SignedOut)));
    let li = newsroom.comes_back("li", &li).await;
    assert!(!li.session.member().unwrap().may_publish());
}

#[tokio::test]
async fn what_ends_all_sessions() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    let li = newsroom.joins("li", Role::Writer).await;
    let one = newsroom.sign_in("li").await.unwrap();
    staff.end_sessions(By::Operator, li.id).await.unwrap();
    assert!(!newsroom.is_signed_in(&one).await && !newsroom.is_signed_in(&li.opened).await);

    let one = newsroom.sign_in("li").await.unwrap();
    staff.disable(By::Operator, li.id).await.unwrap();
    assert!(!newsroom.is_signed_in(&one).await);
    staff.enable(By::Operator, li.id).await.unwrap();
    assert!(!newsroom.is_signed_in(&one).await, "what has ended does not come back");

    let (one, two) = (newsroom.sign_in("li").await.unwrap(), newsroom.sign_in("li").await.unwrap());
    let new = Secret::new("another Gorge, 17 lanterns".to_owned());
    let wrong = staff.change_password(&one.session, &new, &new, &desk()).await;
    assert!(matches!(wrong, Err(Error::Mismatch)));
    let opened = staff.change_password(&one.session, &password_of("li"), &new, &desk()).await.unwrap();
    assert!(!newsroom.is_signed_in(&one).await && !newsroom.is_signed_in(&two).await);
    assert!(newsroom.is_signed_in(&opened).await);
    assert!(matches!(newsroom.sign_in("li").await, Err(Error::Mismatch)));

    let (after, ..) = newsroom.set_up_totp(&opened.session).await;
    assert!(!newsroom.is_signed_in(&opened).await && newsroom.is_signed_in(&after).await);
    staff.reset_totp(By::Operator, li.id).await.unwrap();
    assert!(!newsroom.is_signed_in(&after).await);
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    let other = newsroom.sign_in("wang").await.unwrap();
    newsroom.staff.sign_out(wang.session()).await.unwrap();
    assert!(!newsroom.is_signed_in(&wang.opened).await && newsroom.is_signed_in(&other).await);
    for token in ["", "x", "\0", &"A".repeat(43), &hex::encode([0; 32])] {
        assert!(matches!(newsroom.staff.session(token).await, Err(Error::SignedOut)), "{token:?}");
    }
}

#[tokio::test]
async fn every_session_has_a_token_of_its_own_for_forms() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let other = newsroom.joins("wang", Role::Writer).await;
    let read = newsroom.staff.session(chief.opened.token.expose()).await.unwrap();
    assert!(read.csrf_matches(chief.session().csrf()));
    for wrong in ["", other.session().csrf(), &chief.session().csrf()[1..]] {
        assert!(!read.csrf_matches(wrong), "{wrong}");
    }
    let shown = format!("{:?}", chief.opened);
    assert!(!shown.contains(chief.session().csrf()) && !shown.contains(chief.opened.token.expose().as_str()));
}

#[tokio::test]
async fn something_risky_takes_the_password_again() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    newsroom.wait(11 * MINUTE);
    let session = newsroom.staff.session(chief.opened.token.expose()).await.unwrap();
    let by = By::Session(&session);
    assert!(matches!(newsroom.staff.disable(by, wang.id).await, Err(Error::NeedsConfirmation)));
    assert!(matches!(newsroom.staff.renew_recovery_codes(&session).await, Err(Error::NeedsConfirmation)));
    let wrong = newsroom.staff.confirm(&session, &password_of("wang"), &desk()).await;
    assert!(matches!(wrong, Err(Error::Mismatch)));
    let opened = newsroom.staff.confirm(&session, &password_of("chief"), &desk()).await.unwrap();
    let again = newsroom.staff.session(opened.token.expose()).await.unwrap();
    assert!(again.is_confirmed(newsroom.clock.now()) && opened.session.is_confirmed(newsroom.clock.now()));
    assert_eq!((again.id(), again.csrf()), (session.id(), session.csrf()), "pages that are open stay good");
    assert!(!newsroom.is_signed_in(&chief.opened).await, "who has stolen the old token does not rise with it");
    newsroom.staff.disable(By::Session(&again), wang.id).await.unwrap();
    newsroom.wait(10 * MINUTE + 1);
    assert!(matches!(newsroom.staff.enable(By::Session(&again), wang.id).await, Err(Error::NeedsConfirmation)));
    newsroom.staff.end_sessions(By::Operator, chief.id).await.unwrap();
    let late = newsroom.staff.confirm(&again, &password_of("chief"), &desk()).await;
    assert!(matches!(late, Err(Error::SignedOut)), "what has ended does not come back: {late:?}");
}

#[tokio::test]
async fn whoever_guesses_outside_keeps_nobody_from_working() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wrong = Secret::new("a wrong password".to_owned());
    for _ in 0..5 {
        drop(newsroom.staff.sign_in("chief", &wrong, false, &super::visitor("192.0.2.9")).await);
    }
    // From the same network, nobody signs in for a moment.
    assert!(matches!(newsroom.sign_in("chief").await, Err(Error::TooManyRequests { .. })));
    newsroom.staff.confirm(chief.session(), &password_of("chief"), &desk()).await.unwrap();
    // Inside, guessing gets slow just as well.
    for _ in 0..5 {
        assert!(matches!(newsroom.staff.confirm(chief.session(), &wrong, &desk()).await, Err(Error::Mismatch)));
    }
    let refused = newsroom.staff.change_password(chief.session(), &password_of("chief"), &wrong, &desk()).await;
    assert!(matches!(refused, Err(Error::TooManyRequests { .. })), "{refused:?}");
}

#[tokio::test]
async fn the_other_sessions_end_and_this_one_goes_on() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    let (here, there) = (newsroom.sign_in("wang").await.unwrap(), newsroom.sign_in("wang").await.unwrap());
    newsroom.staff.end_other_sessions(&here.session).await.unwrap();
    assert!(newsroom.is_signed_in(&here).await && newsroom.is_signed_in(&chief.opened).await);
    assert!(!newsroom.is_signed_in(&there).await && !newsroom.is_signed_in(&wang.opened).await);
    let member = here.session.member().unwrap();
    assert_eq!(newsroom.staff.sessions(member).await.unwrap().len(), 1);
    newsroom.wait(HOUR);
    assert!(newsroom.staff.sessions(member).await.unwrap().is_empty(), "what has ended is not in the list");
}
