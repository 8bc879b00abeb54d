//! Links: each is used once, by whoever types something into the form behind it, and in time.

use futures_util::future::join_all;
use wxpress::config::Secret;
use wxpress::staff::{By, Error, Role, SessionState, WeakPassword};

use super::{Newsroom, desk, registration, token};

#[tokio::test]
async fn the_first_administrator_comes_once() {
    let newsroom = Newsroom::new().await;
    let staff = &newsroom.staff;
    assert!(!staff.is_set_up().await.unwrap());
    // Every process of the site prints one; looking does no harm.
    let links = [staff.setup_link().await.unwrap().unwrap(), staff.setup_link().await.unwrap().unwrap()];
    assert!(links[0].path.expose().starts_with("/admin/setup/"));
    for link in &links {
        staff.check_setup(&token(link)).await.unwrap();
    }
    assert!(matches!(staff.check_setup("guess").await, Err(Error::LinkExpired)));
    let invited = staff.join(&token(&links[0]), &registration("chief"), &desk()).await;
    assert!(matches!(invited, Err(Error::LinkExpired)), "a link is good for one thing");
    let attempts = links
        .iter()
        .map(token)
        .zip(["chief", "rival"])
        .map(|(token, login)| async move { staff.set_up(&token, &registration(login), &desk()).await });
    let outcomes = join_all(attempts).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let members = staff.members().await.unwrap();
    assert_eq!((members.len(), members[0].role), (1, Role::Administrator));
    assert!(staff.setup_link().await.unwrap().is_none());
    for link in &links {
        assert!(matches!(staff.check_setup(&token(link)).await, Err(Error::LinkExpired)));
    }
    assert_eq!(newsroom.log().await, ["set_up"]);
}

#[tokio::test]
async fn links_expire() {
    let newsroom = Newsroom::new().await;
    let staff = &newsroom.staff;
    let setup = staff.setup_link().await.unwrap().unwrap();
    newsroom.wait(24 * 3600 - 1);
    staff.check_setup(&token(&setup)).await.unwrap();
    newsroom.wait(1);
    let late = staff.set_up(&token(&setup), &registration("chief"), &desk()).await;
    assert!(matches!(late, Err(Error::LinkExpired)));

    let setup = staff.setup_link().await.unwrap().unwrap();
    staff.set_up(&token(&setup), &registration("chief"), &desk()).await.unwrap();
    let invitation = staff.invite(By::Operator, "王记者", Role::Writer).await.unwrap();
    newsroom.wait(7 * 24 * 3600 - 1);
    let said = staff.invitation(&token(&invitation)).await.unwrap();
    assert_eq!((said.name.as_str(), said.role), ("王记者", Role::Writer));
    newsroom.wait(1);
    assert!(staff.invitations().await.unwrap().is_empty());
    let late = staff.join(&token(&invitation), &registration("wang"), &desk()).await;
    assert!(matches!(late, Err(Error::LinkExpired)));

    let chief = staff.members().await.unwrap()[0].id;
    let reset = staff.reset_link(By::Operator, chief).await.unwrap();
    newsroom.wait(30 * 60 - 1);
    assert_eq!(staff.reset(&token(&reset)).await.unwrap().login.as_str(), "chief");
    newsroom.wait(1);
    let new = Secret::new("another Gorge, 17 lanterns".to_owned());
    assert!(matches!(staff.reset_password(&token(&reset), &new, &desk()).await, Err(Error::LinkExpired)));
}

#[tokio::test]
async fn an_invitation_is_used_once_and_a_mistake_does_not_use_it() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    let link = staff.invite(chief.by(), "王记者", Role::Writer).await.unwrap();
    let token = token(&link);
    let mut typed = registration("wang");
    typed.login = "CHIEF".to_owned();
    assert!(matches!(staff.join(&token, &typed, &desk()).await, Err(Error::LoginTaken)));
    typed.login = "王".to_owned();
    assert!(matches!(staff.join(&token, &typed, &desk()).await, Err(Error::LoginName(_))));
    typed = registration("wang");
    typed.name = " ".to_owned();
    assert!(matches!(staff.join(&token, &typed, &desk()).await, Err(Error::DisplayName(_))));
    typed = registration("wang");
    for (password, why) in [
        ("short", WeakPassword::TooShort),
        ("云溪新闻云溪新闻云溪新闻", WeakPassword::Personal),
        ("password1234", WeakPassword::Guessable),
    ] {
        typed.password = Secret::new(password.to_owned());
        match staff.join(&token, &typed, &desk()).await {
            Err(Error::Password(found)) => assert_eq!(found, why),
            other => panic!("{password}: {other:?}"),
        }
    }
    let (one, two) = (registration("wang"), registration("wang2"));
    let from = desk();
    let outcomes = join_all([staff.join(&token, &one, &from), staff.join(&token, &two, &from)]).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(staff.members().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_invitation_can_be_withdrawn() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let link = newsroom.staff.invite(chief.by(), "王记者", Role::Writer).await.unwrap();
    let open = newsroom.staff.invitations().await.unwrap();
    newsroom.staff.withdraw_invitation(chief.by(), open[0].id).await.unwrap();
    assert!(matches!(newsroom.staff.invitation(&token(&link)).await, Err(Error::LinkExpired)));
    let again = newsroom.staff.withdraw_invitation(chief.by(), open[0].id).await;
    assert!(matches!(again, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_somebody_made_goes_with_them() {
    for by_disabling in [true, false] {
        let (newsroom, chief) = Newsroom::with_chief().await;
        let staff = &newsroom.staff;
        let zhao = newsroom.joins("zhao", Role::Administrator).await;
        let back_door = staff.invite(zhao.by(), "zhao2", Role::Administrator).await.unwrap();
        let reset = staff.reset_link(zhao.by(), chief.id).await.unwrap();
        let kept = staff.invite(chief.by(), "王记者", Role::Writer).await.unwrap();
        assert_eq!(staff.invitation(&token(&back_door)).await.unwrap().made_by, Some(zhao.id));
        if by_disabling {
            staff.disable(chief.by(), zhao.id).await.unwrap();
        } else {
            staff.change_role(chief.by(), zhao.id, Role::Editor).await.unwrap();
        }
        assert!(matches!(staff.invitation(&token(&back_door)).await, Err(Error::LinkExpired)));
        assert!(matches!(staff.reset(&token(&reset)).await, Err(Error::LinkExpired)));
        let joined = staff.join(&token(&back_door), &registration("zhao2"), &desk()).await;
        assert!(matches!(joined, Err(Error::LinkExpired)));
        staff.invitation(&token(&kept)).await.unwrap();
    }
}

#[tokio::test]
async fn a_link_of_before_somebody_was_disabled_stays_void() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let li = newsroom.joins("li", Role::Editor).await;
    let link = newsroom.staff.reset_link(chief.by(), li.id).await.unwrap();
    newsroom.staff.disable(chief.by(), li.id).await.unwrap();
    newsroom.staff.enable(chief.by(), li.id).await.unwrap();
    assert!(matches!(newsroom.staff.reset(&token(&link)).await, Err(Error::LinkExpired)));
}

#[tokio::test]
async fn of_two_who_use_a_reset_link_at_once_one_chooses() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let li = newsroom.joins("li", Role::Editor).await;
    let link = token(&newsroom.staff.reset_link(chief.by(), li.id).await.unwrap());
    let passwords =
        ["another Gorge, 17 lanterns", "yet another Gorge, 18 lanterns"].map(str::to_owned).map(Secret::new);
    let from = desk();
    let outcomes = join_all(passwords.iter().map(|new| newsroom.staff.reset_password(&link, new, &from))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::LinkExpired))), "{outcomes:?}");
}

#[tokio::test]
async fn a_new_password_ends_all_sessions_and_skips_no_step() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    let staff = &newsroom.staff;
    let li = newsroom.joins("li", Role::Editor).await;
    let first = staff.reset_link(chief.by(), li.id).await.unwrap();
    let link = staff.reset_link(chief.by(), li.id).await.unwrap();
    assert!(matches!(staff.reset(&token(&first)).await, Err(Error::LinkExpired)), "the newest is the only one");
    staff.reset(&token(&link)).await.unwrap();
    assert!(newsroom.is_signed_in(&li.opened).await, "looking changes nothing");
    let new = Secret::new("another Gorge, 17 lanterns".to_owned());
    let opened = staff.reset_password(&token(&link), &new, &desk()).await.unwrap();
    assert_eq!(opened.session.state(), SessionState::NeedsTotp);
    assert!(!newsroom.is_signed_in(&li.opened).await);
    assert!(matches!(staff.reset_password(&token(&link), &new, &desk()).await, Err(Error::LinkExpired)));
    assert!(matches!(newsroom.sign_in("li").await, Err(Error::Mismatch)));
    staff.sign_in("li", &new, false, &desk()).await.unwrap();

    let link = staff.reset_link(chief.by(), li.id).await.unwrap();
    staff.disable(chief.by(), li.id).await.unwrap();
    assert!(matches!(staff.reset(&token(&link)).await, Err(Error::LinkExpired)));
    assert!(matches!(staff.reset_password(&token(&link), &new, &desk()).await, Err(Error::LinkExpired)));
    assert!(matches!(staff.reset_link(chief.by(), li.id).await, Err(Error::Disabled)));
}
