//! `wxpress staff`, as the person types it who has locked himself out.

use std::time::Duration;

use wxpress::clock::Clock;
use wxpress::config::SecretKey;
use wxpress::staff::{Cost, Staff};

use super::{desk, registration};
use crate::command::{Desk, refused};
use crate::process::serve;
use crate::rig::eventually;

/// Somebody uses a link that the command printed.
async fn come(at: &Desk, link: &str, login: &str) {
    let db = at.database.open().await;
    let key = SecretKey::open(None, at.database.data_dir()).unwrap();
    let staff = Staff::new(db.clone(), Clock::System, &key, Vec::new(), rand::random);
    let staff = staff.with_cost(Cost { memory: 64, passes: 1 });
    let (rest, token) = link.trim().rsplit_once('/').unwrap();
    match rest.rsplit('/').next().unwrap() {
        "setup" => drop(staff.set_up(token, &registration(login), &desk()).await.unwrap()),
        "join" => drop(staff.join(token, &registration(login), &desk()).await.unwrap()),
        "reset" => drop(staff.reset_password(token, &registration("else").password, &desk()).await.unwrap()),
        other => panic!("{other}"),
    }
    db.close().await;
}

fn printed(at: &Desk, arguments: &[&str]) -> String {
    let ended = at.run(&[&["staff"], arguments].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.stdout
}

#[actix_web::test]
async fn the_command_sets_up_and_helps_out() {
    let at = Desk::new().await;
    assert!(printed(&at, &["list"]).contains("wxpress staff setup"));
    let link = printed(&at, &["setup"]);
    assert!(link.starts_with("http") && link.contains("/admin/setup/") && link.lines().count() == 1, "{link}");
    come(&at, &link, "chief").await;
    refused(at.run(&["staff", "setup"]), &["works here already", "wxpress staff invite"]);
    refused(at.run(&["staff", "disable", "chief"]), &["last administrator", "wxpress staff invite"]);

    let link = printed(&at, &["invite", "--name", "王记者", "--role", "writer"]);
    assert!(link.contains("/admin/join/"), "{link}");
    come(&at, &link, "wang").await;
    let link = printed(&at, &["reset", "WANG"]);
    assert!(link.contains("/admin/reset/"), "{link}");
    come(&at, &link, "wang").await;
    assert!(printed(&at, &["end-sessions", "wang"]).contains("wang"));
    assert!(printed(&at, &["reset-totp", "chief"]).contains("chief"));
    assert!(printed(&at, &["disable", "wang"]).contains("wang"));
    refused(at.run(&["staff", "reset", "wang"]), &["wxpress staff enable wang"]);
    let shown: serde_json::Value = serde_json::from_str(&printed(&at, &["list", "--json"])).unwrap();
    assert_eq!(shown[0]["login"], "chief");
    assert_eq!((&shown[1]["role"], &shown[1]["disabled"]), (&"writer".into(), &true.into()));
    assert!(printed(&at, &["list"]).contains("disabled"));
    assert!(printed(&at, &["enable", "wang"]).contains("wang"));
    assert!(printed(&at, &["reset", "wang"]).contains("/admin/reset/"));
}

#[actix_web::test]
async fn what_is_mistyped_is_explained() {
    let at = Desk::new().await;
    for action in ["reset", "reset-totp", "end-sessions", "disable", "enable"] {
        refused(at.run(&["staff", action, "nobody"]), &["nobody", "wxpress staff list"]);
        refused(at.run(&["staff", action, "王 记者"]), &["王 记者", "a login name"]);
        assert_eq!(at.run(&["staff", action]).code, Some(2));
    }
    refused(at.run(&["staff", "invite", "--name", " ", "--role", "writer"]), &["a name has 1 to 40"]);
    for arguments in [&["staff"][..], &["staff", "invite", "--name", "x", "--role", "boss"], &["staff", "hire"]] {
        let ended = at.run(arguments);
        assert_eq!(ended.code, Some(2), "{ended:?}");
    }
}

#[actix_web::test]
async fn the_first_start_prints_the_link_until_somebody_has_come() {
    let at = Desk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut serving = serve(at.settings(), folder.path());
    serving.is_ready().await;
    let log = eventually("the link is printed", Duration::from_secs(30), async || {
        let said = serving.said();
        said.contains("/admin/setup/").then_some(said)
    })
    .await;
    let link = log.split('"').find(|part| part.contains("/admin/setup/")).unwrap().to_owned();
    serving.kill();
    come(&at, &link, "chief").await;
    let mut serving = serve(at.settings(), folder.path());
    serving.is_ready().await;
    assert!(!serving.said().contains("/admin/setup/"), "{}", serving.said());
}
