//! Who works here: who may change it, that somebody always can, and that everything is written down.

use futures_util::future::join_all;
use wxpress::db::Engine;
use wxpress::staff::{By, Error, Identity, Issuers, MemberId, Platform, Role, SessionState};

use super::{Newsroom, desk};

#[tokio::test]
async fn only_administrators_change_who_works_here() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    let wang = newsroom.joins("wang", Role::Writer).await;
    for person in [newsroom.joins("li", Role::Editor).await, newsroom.joins("zhao", Role::Writer).await] {
        let by = person.by();
        let refused = [
            staff.invite(by, "x", Role::Administrator).await.err(),
            staff.reset_link(by, chief.id).await.err(),
            staff.change_role(by, person.id, Role::Administrator).await.err(),
            staff.disable(by, wang.id).await.err(),
            staff.enable(by, wang.id).await.err(),
            staff.rename(by, wang.id, "x").await.err(),
            staff.end_sessions(by, wang.id).await.err(),
            staff.reset_totp(by, wang.id).await.err(),
            staff.withdraw_invitation(by, 1).await.err(),
        ];
        assert!(refused.iter().all(|error| matches!(error, Some(Error::Forbidden))), "{refused:?}");
        // What is one's own is one's own.
        staff.rename(by, person.id, "新名字").await.unwrap();
        staff.end_sessions(by, person.id).await.unwrap();
        assert!(!newsroom.is_signed_in(&person.opened).await);
    }
    assert!(newsroom.is_signed_in(&wang.opened).await);
}

#[tokio::test]
async fn nobody_acts_halfway_in() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.joins("zhao", Role::Administrator).await;
    let halfway = newsroom.sign_in("zhao").await.unwrap().session;
    assert_eq!(halfway.state(), SessionState::NeedsTotp);
    assert!(matches!(newsroom.staff.disable(By::Session(&halfway), chief.id).await, Err(Error::NeedsTotp)));
    assert!(matches!(newsroom.staff.begin_totp(&halfway, "x").await, Err(Error::NeedsTotp)));
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    for by in [chief.by(), By::Operator] {
        assert!(matches!(staff.disable(by, chief.id).await, Err(Error::LastAdministrator)));
        assert!(matches!(staff.change_role(by, chief.id, Role::Editor).await, Err(Error::LastAdministrator)));
    }
    assert!(newsroom.is_signed_in(&chief.opened).await, "what is refused changes nothing");
    let zhao = newsroom.joins("zhao", Role::Administrator).await;
    staff.disable(By::Operator, zhao.id).await.unwrap();
    assert!(matches!(staff.disable(By::Operator, chief.id).await, Err(Error::LastAdministrator)));
    staff.enable(By::Operator, zhao.id).await.unwrap();
    staff.disable(By::Operator, chief.id).await.unwrap();
    assert_eq!(staff.members().await.unwrap().last().unwrap().login.as_str(), "chief");
}

#[tokio::test]
async fn the_role_that_somebody_has_is_no_change() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.staff.change_role(chief.by(), chief.id, Role::Administrator).await.unwrap();
    assert!(newsroom.is_signed_in(&chief.opened).await, "nobody is signed out for nothing");
}

#[tokio::test]
async fn two_administrators_do_not_remove_each_other() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let zhao = newsroom.joins("zhao", Role::Administrator).await;
    let staff = &newsroom.staff;
    let outcomes = join_all([
        staff.change_role(chief.by(), zhao.id, Role::Writer),
        staff.change_role(zhao.by(), chief.id, Role::Writer),
    ])
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let left = staff.members().await.unwrap();
    assert_eq!(left.iter().filter(|one| one.role == Role::Administrator).count(), 1);
}

#[tokio::test]
async fn a_session_that_has_ended_changes_nothing() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let zhao = newsroom.joins("zhao", Role::Administrator).await;
    newsroom.staff.end_sessions(By::Operator, zhao.id).await.unwrap();
    // The request was under way when the session ended.
    assert!(matches!(newsroom.staff.disable(zhao.by(), chief.id).await, Err(Error::Forbidden)));
}

#[tokio::test]
async fn nobody_is_changed_who_is_not_there() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let (staff, nobody) = (&newsroom.staff, MemberId(4711));
    let identity = Identity { platform: Platform::WeCom, external_id: "x".to_owned() };
    let refused = [
        staff.change_role(chief.by(), nobody, Role::Editor).await.err(),
        staff.disable(chief.by(), nobody).await.err(),
        staff.enable(chief.by(), nobody).await.err(),
        staff.rename(chief.by(), nobody, "x").await.err(),
        staff.end_sessions(chief.by(), nobody).await.err(),
        staff.reset_totp(chief.by(), nobody).await.err(),
        staff.reset_link(chief.by(), nobody).await.err(),
        staff.bind_identity(chief.by(), nobody, &identity).await.err(),
        staff.unbind_identity(chief.by(), nobody, Platform::WeCom).await.err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, Some(Error::NotFound))), "{refused:?}");
    assert_eq!(newsroom.log().await, ["set_up", "totp_set_up"], "what did not happen is not in the log");
}

#[tokio::test]
async fn the_log_says_who_did_what_and_cannot_be_changed() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    newsroom.staff.change_role(chief.by(), wang.id, Role::Editor).await.unwrap();
    newsroom.staff.disable(By::Operator, wang.id).await.unwrap();
    let kinds = ["set_up", "totp_set_up", "invited", "joined", "role_changed", "disabled"];
    assert_eq!(newsroom.log().await, kinds);
    let newest = newsroom.staff.events(None, 2).await.unwrap();
    assert_eq!((newest[0].actor.as_str(), newest[0].by, newest[0].subject), ("operator", None, Some(wang.id)));
    assert_eq!((newest[1].actor.as_str(), newest[1].by), ("member", Some(chief.id)));
    assert_eq!(newest[1].detail["role"], "editor");
    let older = newsroom.staff.events(Some(newest[1].id), 100).await.unwrap();
    assert_eq!(older.len(), 4);
    let kinds = async |member, before| {
        let events = newsroom.staff.events_of(member, before, 100).await.unwrap();
        events.into_iter().map(|event| event.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(wang.id, None).await, ["disabled", "role_changed", "joined"]);
    assert_eq!(kinds(wang.id, Some(newest[0].id)).await, ["role_changed", "joined"]);
    // What somebody did to others is about them, too.
    assert_eq!(kinds(chief.id, None).await, ["role_changed", "totp_set_up", "set_up"]);
    let mut statements = vec!["UPDATE staff_event SET kind = 'x'", "DELETE FROM staff_event"];
    if newsroom.db.engine() == Engine::Postgres {
        statements.push("TRUNCATE staff_event");
    }
    for statement in statements {
        let mut writer = newsroom.db.writer().await.unwrap();
        assert!(sqlx::query(statement).execute(&mut *writer).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn everybody_has_a_name_by_number_also_when_they_have_left() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    newsroom.staff.disable(By::Operator, wang.id).await.unwrap();
    let names = newsroom.staff.names().await.unwrap();
    assert_eq!((names.len(), names[&chief.id.0].as_str(), names[&wang.id.0].as_str()), (2, "chief 先生", "wang 先生"));
    assert_eq!(newsroom.staff.person(wang.id).await.unwrap().login.as_str(), "wang");
    assert!(matches!(newsroom.staff.person(MemberId(4711)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_is_no_account_is_not_bound() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    for bad in ["", " ", "王伟", "a b"] {
        let identity = Identity { platform: Platform::WeCom, external_id: bad.to_owned() };
        let refused = newsroom.staff.bind_identity(chief.by(), chief.id, &identity).await;
        assert!(matches!(refused, Err(Error::Identity(_))), "{bad:?}: {refused:?}");
    }
}

#[tokio::test]
async fn an_account_elsewhere_signs_in_whom_it_is_bound_to() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    let wang = newsroom.joins("wang", Role::Writer).await;
    let of = |platform, id: &str| Identity { platform, external_id: id.to_owned() };
    let wecom = of(Platform::WeCom, "WangWei");
    assert!(matches!(staff.sign_in_with(&wecom, &desk()).await, Err(Error::Mismatch)));
    assert!(matches!(staff.bind_identity(wang.by(), wang.id, &wecom).await, Err(Error::Forbidden)));
    staff.bind_identity(chief.by(), wang.id, &wecom).await.unwrap();
    let taken = staff.bind_identity(chief.by(), chief.id, &wecom).await;
    assert!(matches!(taken, Err(Error::IdentityTaken)));
    let opened = staff.sign_in_with(&wecom, &desk()).await.unwrap();
    assert_eq!(opened.session.login().as_str(), "wang");
    assert!(!opened.session.is_confirmed(newsroom.clock.now()), "no password was typed");
    assert!(matches!(staff.sign_in_with(&of(Platform::Official, "WangWei"), &desk()).await, Err(Error::Mismatch)));
    // Another one takes its place.
    staff.bind_identity(chief.by(), wang.id, &of(Platform::WeCom, "Wang2")).await.unwrap();
    assert!(matches!(staff.sign_in_with(&wecom, &desk()).await, Err(Error::Mismatch)));
    assert_eq!(staff.identities(wang.id).await.unwrap(), [of(Platform::WeCom, "Wang2")]);
    assert!(!newsroom.is_signed_in(&opened).await, "whoever came by the account of before is out");
    // The second step is asked for all the same.
    let official = of(Platform::Official, "openid");
    staff.bind_identity(chief.by(), chief.id, &official).await.unwrap();
    let opened = staff.sign_in_with(&official, &desk()).await.unwrap();
    assert_eq!(opened.session.state(), SessionState::NeedsTotp);
    staff.unbind_identity(chief.by(), chief.id, Platform::Official).await.unwrap();
    assert!(matches!(staff.sign_in_with(&official, &desk()).await, Err(Error::Mismatch)));
    assert!(newsroom.is_signed_in(&chief.opened).await, "who does it stays");
    // What one corporation calls somebody, another may call somebody else.
    let moved = staff.clone().with_issuers(Issuers { wecom: "ww2222".to_owned(), ..Issuers::default() });
    assert!(matches!(moved.sign_in_with(&of(Platform::WeCom, "Wang2"), &desk()).await, Err(Error::Mismatch)));
    assert!(moved.identities(wang.id).await.unwrap().is_empty());
    // An account elsewhere alone feeds no authenticator.
    let wu = newsroom.joins("wu", Role::Editor).await;
    staff.bind_identity(chief.by(), wu.id, &of(Platform::WeCom, "WuMin")).await.unwrap();
    staff.reset_totp(By::Operator, wu.id).await.unwrap();
    let alone = staff.sign_in_with(&of(Platform::WeCom, "WuMin"), &desk()).await;
    assert!(matches!(alone, Err(Error::NeedsPassword)), "{alone:?}");
    staff.disable(By::Operator, wang.id).await.unwrap();
    assert!(matches!(staff.sign_in_with(&of(Platform::WeCom, "Wang2"), &desk()).await, Err(Error::Mismatch)));
}
