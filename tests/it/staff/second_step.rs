//! The second step: a code counts once, guessing pauses, and what is kept is not readable.

use std::time::Duration;

use futures_util::future::join_all;
use wxpress::staff::{By, Error, Role, SessionState};

use super::{Newsroom, desk, token};

#[tokio::test]
async fn editors_and_administrators_must_set_it_up() {
    let newsroom = Newsroom::with_chief().await.0;
    for (login, role, state) in
        [("li", Role::Editor, SessionState::NeedsTotpSetup), ("wang", Role::Writer, SessionState::Full)]
    {
        let link = newsroom.staff.invite(By::Operator, login, role).await.unwrap();
        let opened = newsroom.staff.join(&token(&link), &super::registration(login), &desk()).await.unwrap();
        assert_eq!(opened.session.state(), state);
        assert_eq!(opened.session.member().is_ok(), state == SessionState::Full);
        let again = newsroom.sign_in(login).await.unwrap();
        assert_eq!(again.session.state(), state);
    }
}

#[tokio::test]
async fn what_is_fed_to_the_authenticator_stays_until_it_is_finished() {
    let newsroom = Newsroom::with_chief().await.0;
    let link = newsroom.staff.invite(By::Operator, "li", Role::Editor).await.unwrap();
    let opened = newsroom.staff.join(&token(&link), &super::registration("li"), &desk()).await.unwrap();
    let begin = async |session| newsroom.staff.begin_totp(session, "云溪").await.unwrap().secret.expose().clone();
    let secret = begin(&opened.session).await;
    assert_eq!(begin(&opened.session).await, secret);
    // Another session has another: who saw this one's picture knows nothing of that.
    let other = newsroom.sign_in("li").await.unwrap();
    assert_ne!(begin(&other.session).await, secret);
    for wrong in ["", "abcdef", "12345"] {
        let refused = newsroom.staff.finish_totp(&opened.session, wrong, &desk()).await;
        assert!(matches!(refused, Err(Error::WrongCode)), "{wrong}");
    }
    let code = newsroom.code(&secret);
    let (done, _) = newsroom.staff.finish_totp(&opened.session, &code, &desk()).await.unwrap();
    assert_eq!(done.session.state(), SessionState::Full);
    // The code that proved it is used up.
    let halfway = newsroom.sign_in("li").await.unwrap();
    let replayed = newsroom.staff.pass_totp(&halfway.session, &code, &desk()).await;
    assert!(matches!(replayed, Err(Error::WrongCode)));
}

#[tokio::test]
async fn a_code_counts_once() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.wait(60);
    let (one, two) = (newsroom.sign_in("chief").await.unwrap(), newsroom.sign_in("chief").await.unwrap());
    let code = newsroom.code(&chief.secret);
    newsroom.staff.pass_totp(&one.session, &code, &desk()).await.unwrap();
    assert!(matches!(newsroom.staff.pass_totp(&two.session, &code, &desk()).await, Err(Error::WrongCode)));
    newsroom.wait(30);
    let next = newsroom.code(&chief.secret);
    newsroom.staff.pass_totp(&two.session, &next, &desk()).await.unwrap();
    let again = newsroom.staff.pass_totp(&two.session, &next, &desk()).await;
    assert!(again.is_err(), "the session has been replaced");
}

#[tokio::test]
async fn of_two_who_use_a_code_at_once_one_gets_in() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    for _ in 0..4 {
        newsroom.wait(60);
        let mut halfway = Vec::new();
        for _ in 0..4 {
            halfway.push(newsroom.sign_in("chief").await.unwrap());
        }
        let code = newsroom.code(&chief.secret);
        let from = desk();
        let uses = halfway.iter().map(|opened| newsroom.staff.pass_totp(&opened.session, &code, &from));
        let outcomes = join_all(uses).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        // The same session twice at once.
        newsroom.wait(30);
        let one = newsroom.sign_in("chief").await.unwrap();
        let code = newsroom.code(&chief.secret);
        let uses = (0..2).map(|_| newsroom.staff.pass_totp(&one.session, &code, &from));
        let outcomes = join_all(uses).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    }
}

#[tokio::test]
async fn five_wrong_codes_are_followed_by_a_pause() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.wait(30);
    let halfway = newsroom.sign_in("chief").await.unwrap();
    let right = newsroom.code(&chief.secret);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let refused = newsroom.staff.pass_totp(&halfway.session, wrong, &desk()).await;
        assert!(matches!(refused, Err(Error::WrongCode)));
    }
    for code in [right.as_str(), wrong, chief.recovery[0].as_str()] {
        match newsroom.staff.pass_totp(&halfway.session, code, &desk()).await {
            Err(Error::TooManyRequests { retry_after }) => assert_eq!(retry_after, Duration::from_mins(15)),
            other => panic!("{other:?}"),
        }
    }
    assert!(newsroom.log().await.contains(&"totp_paused".to_owned()));
    newsroom.wait(15 * 60);
    newsroom.comes_back("chief", &chief).await;
    // Right ones in between start the count anew.
    for _ in 0..3 {
        newsroom.wait(30);
        let halfway = newsroom.sign_in("chief").await.unwrap();
        for _ in 0..4 {
            assert!(newsroom.staff.pass_totp(&halfway.session, "x", &desk()).await.is_err());
        }
        newsroom.staff.pass_totp(&halfway.session, &newsroom.code(&chief.secret), &desk()).await.unwrap();
    }
}

#[tokio::test]
async fn a_recovery_code_counts_once() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let code = &chief.recovery[3];
    assert_eq!(chief.recovery.len(), 10);
    let one = newsroom.sign_in("chief").await.unwrap();
    let typed = code.to_lowercase().replace('-', " ");
    let opened = newsroom.staff.pass_totp(&one.session, &typed, &desk()).await.unwrap();
    let member = opened.session.member().unwrap();
    assert_eq!(newsroom.staff.recovery_codes_left(member).await.unwrap(), 9);
    let two = newsroom.sign_in("chief").await.unwrap();
    assert!(matches!(newsroom.staff.pass_totp(&two.session, code, &desk()).await, Err(Error::WrongCode)));
    let new = newsroom.staff.renew_recovery_codes(&opened.session).await.unwrap();
    assert_eq!(newsroom.staff.recovery_codes_left(member).await.unwrap(), 10);
    let old = newsroom.staff.pass_totp(&two.session, &chief.recovery[4], &desk()).await;
    assert!(matches!(old, Err(Error::WrongCode)));
    newsroom.staff.pass_totp(&two.session, &new.0.expose()[4], &desk()).await.unwrap();
}

#[tokio::test]
async fn somebody_elses_recovery_code_is_none() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.joins("li", Role::Editor).await;
    let halfway = newsroom.sign_in("li").await.unwrap();
    let refused = newsroom.staff.pass_totp(&halfway.session, &chief.recovery[0], &desk()).await;
    assert!(matches!(refused, Err(Error::WrongCode)));
}

#[tokio::test]
async fn nothing_that_opens_anything_can_be_read_in_the_database() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let link = newsroom.staff.invite(By::Operator, "li", Role::Editor).await.unwrap();
    let pending = newsroom.staff.begin_totp(chief.session(), "云溪").await.unwrap().secret.expose().clone();
    let all = newsroom.everything().await.to_lowercase();
    let seed = |secret: &str| hex::encode(totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap());
    for secret in [
        chief.secret.replace(' ', ""),
        seed(&chief.secret),
        pending.replace(' ', ""),
        seed(&pending),
        chief.opened.token.expose().clone(),
        chief.session().csrf().to_owned(),
        token(&link),
        chief.recovery[0].clone(),
        chief.recovery[0].replace('-', ""),
        super::password_of("chief").expose().clone(),
    ] {
        assert!(!all.contains(&secret.to_lowercase()), "{secret} in {all}");
    }
}

#[tokio::test]
async fn nobody_forgets_their_own_authenticator_through_a_session() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    assert!(matches!(newsroom.staff.reset_totp(chief.by(), chief.id).await, Err(Error::OnlyAnother)));
    let li = newsroom.joins("li", Role::Editor).await;
    newsroom.staff.reset_totp(chief.by(), li.id).await.unwrap();
    assert!(!newsroom.is_signed_in(&li.opened).await);
    let li = newsroom.sign_in("li").await.unwrap();
    assert_eq!(li.session.state(), SessionState::NeedsTotpSetup);
    // A new one is set up by whoever has the old one and the password.
    let (opened, secret, _) = newsroom.set_up_totp(chief.session()).await;
    assert_ne!(secret, chief.secret);
    assert_eq!(opened.session.state(), SessionState::Full);
}
