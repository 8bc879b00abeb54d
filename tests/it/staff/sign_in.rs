//! Name and password: everybody who is not let in hears the same, and guessing gets slow.

use std::time::Duration;

use futures_util::future::join_all;
use wxpress::config::{Secret, SecretKey};
use wxpress::staff::{By, Cost, Error, Role, SessionState, Staff};

use super::{Newsroom, desk, password_of, visitor};

fn text(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn wait_of<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Duration {
    match outcome {
        Err(Error::TooManyRequests { retry_after }) => retry_after,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_is_not_let_in_hears_the_same() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let wang = newsroom.joins("wang", Role::Writer).await;
    newsroom.staff.disable(By::Operator, wang.id).await.unwrap();
    let mut said = Vec::new();
    for (number, (login, password)) in [
        ("nobody", password_of("nobody")),
        ("chief", text("a wrong password")),
        ("chief", password_of("wang")),
        ("chief", text("")),
        ("chief", text(&"x".repeat(10_000))),
        ("chief", Secret::new(format!("{} ", password_of("chief").expose()))),
        ("wang", password_of("wang")),
        ("wang", text("a wrong password")),
        ("", text("")),
        ("' OR 1=1 --", text("x")),
        ("a\0b", text("a\0b")),
        ("主编", text("主编")),
    ]
    .into_iter()
    .enumerate()
    {
        let from = visitor(&format!("198.51.100.{number}"));
        let error = newsroom.staff.sign_in(login, &password, false, &from).await.unwrap_err();
        assert!(matches!(error, Error::Mismatch), "{login}: {error:?}");
        said.push(format!("{error:?} {error}"));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    newsroom.wait(1);
    newsroom.staff.sign_in(" CHIEF ", &password_of("chief"), false, &desk()).await.unwrap();
}

#[tokio::test]
async fn guessing_slows_down_whether_the_name_is_known_or_not() {
    let (newsroom, _) = Newsroom::with_chief().await;
    for login in ["chief", "nobody"] {
        let guess = async || newsroom.staff.sign_in(login, &text("a wrong password"), false, &desk()).await;
        for wait in [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60] {
            if wait > 0 {
                assert_eq!(wait_of(guess().await), Duration::from_secs(wait), "{login}");
                newsroom.wait(wait);
            }
            assert!(matches!(guess().await, Err(Error::Mismatch)), "{login}");
        }
        newsroom.wait(900);
    }
    newsroom.sign_in("chief").await.unwrap();
}

#[tokio::test]
async fn the_right_password_ends_the_delay() {
    let (newsroom, _) = Newsroom::with_chief().await;
    for _ in 0..2 {
        for _ in 0..4 {
            assert!(newsroom.staff.sign_in("chief", &text("wrong"), false, &desk()).await.is_err());
        }
        newsroom.sign_in("chief").await.unwrap();
    }
    for _ in 0..5 {
        assert!(newsroom.staff.sign_in("chief", &text("wrong"), false, &desk()).await.is_err());
    }
    wait_of(newsroom.sign_in("chief").await);
    newsroom.wait(1);
    newsroom.sign_in("chief").await.unwrap();
}

#[tokio::test]
async fn many_guesses_at_once_are_counted_one_by_one() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let guesses = (0..10).map(|number| {
        let from = visitor(&format!("198.51.100.{number}"));
        let staff = newsroom.staff.clone();
        async move { staff.sign_in("chief", &text("wrong"), false, &from).await }
    });
    let outcomes = join_all(guesses).await;
    let heard = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Mismatch))).count();
    assert_eq!(heard, 5, "{outcomes:?}");
}

#[tokio::test]
async fn whoever_guesses_keeps_nobody_out_who_is_elsewhere() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let bot = visitor("203.0.113.9");
    let began = newsroom.clock.now();
    let mut heard = 0_u32;
    // As fast as it is listened to, for two hours.
    while newsroom.clock.now().since(began) < Duration::from_hours(2) {
        match newsroom.staff.sign_in("chief", &text("a wrong password"), false, &bot).await {
            Err(Error::Mismatch) => heard += 1,
            outcome => {
                let wait = wait_of(outcome);
                // Where nobody has been before, with the right password, at the worst moment.
                let from = visitor(&format!("198.51.{}.7", heard % 200));
                newsroom.staff.sign_in("chief", &password_of("chief"), false, &from).await.unwrap();
                newsroom.sign_in("chief").await.unwrap();
                newsroom.clock.advance(wait);
            }
        }
    }
    assert!((100..250).contains(&heard), "{heard} guesses in two hours");
}

#[tokio::test]
async fn guessing_from_everywhere_gets_slow_and_leaves_known_places_alone() {
    let (newsroom, _) = Newsroom::with_chief().await;
    for login in ["chief", "nobody"] {
        let mut heard = 0;
        for number in 0..130 {
            let from = visitor(&format!("10.{number}.{}.1", login.len()));
            match newsroom.staff.sign_in(login, &text("a wrong password"), false, &from).await {
                Err(Error::Mismatch) => heard += 1,
                outcome => assert_eq!(wait_of(outcome), Duration::from_secs(1), "{login}"),
            }
        }
        // The same for a name that nobody has.
        assert_eq!(heard, 100, "{login}");
    }
    let strange = visitor("198.51.100.7");
    wait_of(newsroom.staff.sign_in("chief", &password_of("chief"), false, &strange).await);
    newsroom.sign_in("chief").await.unwrap();
    newsroom.wait(1);
    newsroom.staff.sign_in("chief", &password_of("chief"), false, &strange).await.unwrap();
}

#[tokio::test]
async fn one_address_cannot_try_the_whole_staff() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let from = visitor("203.0.113.9");
    for number in 0..30 {
        let login = format!("somebody{number}");
        assert!(matches!(newsroom.staff.sign_in(&login, &text("x"), false, &from).await, Err(Error::Mismatch)));
    }
    newsroom.wait(60);
    let refused = newsroom.staff.sign_in("chief", &password_of("chief"), false, &from).await;
    assert_eq!(wait_of(refused), Duration::from_mins(14));
    newsroom.sign_in("chief").await.unwrap();
    newsroom.wait(14 * 60);
    newsroom.staff.sign_in("chief", &password_of("chief"), false, &from).await.unwrap();
}

#[tokio::test]
async fn what_is_typed_as_a_name_is_not_kept() {
    let (newsroom, _) = Newsroom::with_chief().await;
    let mistaken = password_of("chief");
    assert!(newsroom.staff.sign_in(mistaken.expose(), &text(""), false, &desk()).await.is_err());
    assert!(!newsroom.everything().await.contains(mistaken.expose().as_str()));
}

#[tokio::test]
async fn a_password_that_was_cheap_is_hashed_anew() {
    let (newsroom, _) = Newsroom::with_chief().await;
    assert!(newsroom.everything().await.contains("$m=64,t=1,p=1$"));
    let key = SecretKey::from_bytes([7; 32]);
    let staff = Staff::new(newsroom.db.clone(), newsroom.clock.clone(), &key, Vec::new(), rand::random);
    let staff = staff.with_cost(Cost { memory: 128, passes: 2 });
    for _ in 0..2 {
        let opened = staff.sign_in("chief", &password_of("chief"), false, &desk()).await.unwrap();
        assert_eq!(opened.session.state(), SessionState::NeedsTotp);
        assert!(newsroom.everything().await.contains("$m=128,t=2,p=1$"));
    }
    assert!(newsroom.sign_in("chief").await.is_ok());
}

#[tokio::test]
async fn a_wrong_clock_locks_nobody_out() {
    let (newsroom, chief) = Newsroom::with_chief().await;
    newsroom.clock.advance(Duration::from_hours(10 * 365 * 24));
    newsroom.comes_back("chief", &chief).await;
    for _ in 0..6 {
        drop(newsroom.staff.sign_in("chief", &text("wrong"), false, &desk()).await);
    }
    // The operator sets it right; a fixed clock moves by hand.
    let wxpress::clock::Clock::Fixed(at) = &newsroom.clock else { panic!("a fixed clock") };
    at.store(crate::database::NOON.0, std::sync::atomic::Ordering::SeqCst);
    newsroom.comes_back("chief", &chief).await;
}
