//! Every address of the back office × everybody who may come along: what happens follows from the address's policy
//! alone, and whoever is refused never reaches what is behind it. New addresses are in the matrix by being in the table.

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use wxpress::config::Secret;
use wxpress::staff::{By, MemberId, Registration, Role, SessionState};
use wxpress::web::{Policy, back_office_routes};

use crate::office::{Browser, CHEAP, own, password_of, visitor};
use crate::site::{Answer, TestSite};

/// What fills the gaps in addresses: a number that nothing has, and a name of the form that files have.
const FILLINGS: [&str; 2] = ["4711", "0123456789abcdef0123456789abcdef"];

/// An address with its gaps filled.
pub(crate) fn filled(path: &str, filling: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap().to_owned();
    let rest = parts.map(|part| format!("{filling}{}", part.split_once('}').unwrap().1));
    format!("/admin{first}{}", rest.collect::<String>())
}

/// Who comes along, and how far they have got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Anonymous,
    /// Has opened an invitation, and not joined.
    Invited,
    /// Has typed the password, and not the code.
    PasswordOnly,
    /// An editor who has not set up the second step.
    NoSecondStep,
    Writer,
    Editor,
    /// Whose password was typed more than ten minutes ago.
    Administrator,
    Confirmed,
    /// Was an administrator when the page was opened.
    Disabled,
    /// The same, but whoever did it left the sessions where they were.
    DisabledByHand,
    Demoted,
    DemotedByHand,
}

const EVERYBODY: [Who; 12] = [
    Who::Anonymous,
    Who::Invited,
    Who::PasswordOnly,
    Who::NoSecondStep,
    Who::Writer,
    Who::Editor,
    Who::Administrator,
    Who::Confirmed,
    Who::Disabled,
    Who::DisabledByHand,
    Who::Demoted,
    Who::DemotedByHand,
];

impl Who {
    /// A browser of theirs.
    async fn browser(self, site: &TestSite, number: usize) -> Browser<'_> {
        let login = format!("p{number}");
        match self {
            Self::Anonymous => visits(site, "/admin/sign-in").await,
            Self::Invited => {
                let link = site.state.staff.invite(By::Operator, &login, Role::Administrator).await.unwrap();
                visits(site, link.path.expose()).await
            }
            Self::PasswordOnly => {
                let browser = Browser::of(site, &login, Role::Administrator).await;
                let staff = site.state.staff.clone().with_cost(CHEAP);
                let password = Secret::new(password_of(&login));
                let opened = staff.sign_in(&login, &password, false, &visitor()).await.unwrap();
                assert_eq!(opened.session.state(), SessionState::NeedsTotp);
                browser.take(&opened);
                browser
            }
            Self::NoSecondStep => {
                let staff = site.state.staff.clone().with_cost(CHEAP);
                let link = staff.invite(By::Operator, &login, Role::Editor).await.unwrap();
                let token = link.path.expose().rsplit('/').next().unwrap().to_owned();
                let password = Secret::new(password_of(&login));
                let registration = Registration { login, name: "x".to_owned(), password };
                let browser = Browser::new(site);
                browser.take(&staff.join(&token, &registration, &visitor()).await.unwrap());
                browser
            }
            Self::Writer => Browser::of(site, &login, Role::Writer).await,
            Self::Editor => Browser::of(site, &login, Role::Editor).await,
            Self::Administrator => {
                let browser = Browser::of(site, &login, Role::Administrator).await;
                site.clock.advance(Duration::from_mins(11));
                browser
            }
            Self::Confirmed => Browser::of(site, &login, Role::Administrator).await,
            Self::Disabled | Self::DisabledByHand | Self::Demoted | Self::DemotedByHand => {
                let browser = Browser::of(site, &login, Role::Administrator).await;
                assert_eq!(browser.get("/admin/staff").await.status, StatusCode::OK, "it was open before");
                self.falls(site, browser.member.unwrap()).await;
                // The next page that they see is the one on which they may sign in.
                browser.get("/admin/sign-in").await;
                browser
            }
        }
    }

    /// What happens to them while a page is open.
    async fn falls(self, site: &TestSite, member: MemberId) {
        let by_hand = async |query: &'static str| {
            let mut writer = site.state.db.writer().await.unwrap();
            let done = sqlx::query(query).bind(member.0).execute(&mut *writer).await.unwrap();
            assert_eq!(done.rows_affected(), 1);
        };
        match self {
            Self::Disabled => site.state.staff.disable(By::Operator, member).await.unwrap(),
            Self::Demoted => site.state.staff.change_role(By::Operator, member, Role::Writer).await.unwrap(),
            Self::DisabledByHand => by_hand("UPDATE member SET disabled_at = 1 WHERE id = $1").await,
            Self::DemotedByHand => by_hand("UPDATE member SET role = 'writer' WHERE id = $1").await,
            _ => {}
        }
    }

    /// What follows from the policy.
    fn outcome(self, policy: Policy) -> Outcome {
        let (role, is_confirmed) = match self {
            _ if policy == Policy::Anyone => return Outcome::Admitted,
            Self::Anonymous | Self::Invited | Self::Disabled | Self::DisabledByHand | Self::Demoted => {
                return Outcome::SignIn;
            }
            _ if policy == Policy::Entering => return Outcome::Admitted,
            Self::PasswordOnly => return Outcome::SecondStep("/admin/second-step"),
            Self::NoSecondStep => return Outcome::SecondStep("/admin/second-step/set-up"),
            Self::Writer | Self::DemotedByHand => (Role::Writer, true),
            Self::Editor => (Role::Editor, true),
            Self::Administrator => (Role::Administrator, false),
            Self::Confirmed => (Role::Administrator, true),
        };
        match policy {
            Policy::Anyone | Policy::Entering | Policy::Staff => Outcome::Admitted,
            Policy::Editor if role >= Role::Editor => Outcome::Admitted,
            Policy::Administrator if role == Role::Administrator => Outcome::Admitted,
            Policy::Confirmed if role == Role::Administrator && is_confirmed => Outcome::Admitted,
            Policy::Confirmed if role == Role::Administrator => Outcome::Confirm,
            _ => Outcome::Forbidden,
        }
    }
}

/// Somebody who has seen one page.
async fn visits<'a>(site: &'a TestSite, path: &str) -> Browser<'a> {
    let browser = Browser::new(site);
    assert_eq!(browser.get(path).await.status, StatusCode::OK);
    browser
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Admitted,
    SignIn,
    SecondStep(&'static str),
    Confirm,
    Forbidden,
}

impl Outcome {
    /// What an answer shows.
    fn of(answer: &Answer) -> Self {
        let to = answer.header("location").split('?').next().unwrap();
        match (answer.status, to, answer.text("h1").as_str()) {
            (StatusCode::SEE_OTHER, "/admin/sign-in", _) if !answer.header("location").ends_with("done=signed-out") => {
                Self::SignIn
            }
            (StatusCode::UNAUTHORIZED, ..) => Self::SignIn,
            (StatusCode::SEE_OTHER, "/admin/second-step", _) => Self::SecondStep("/admin/second-step"),
            (StatusCode::SEE_OTHER, "/admin/second-step/set-up", _) => Self::SecondStep("/admin/second-step/set-up"),
            (StatusCode::SEE_OTHER, "/admin/confirm", _) | (StatusCode::FORBIDDEN, _, "需要再次输入密码") => {
                Self::Confirm
            }
            (StatusCode::FORBIDDEN, ..) => Self::Forbidden,
            _ => Self::Admitted,
        }
    }
}

/// Pages on the way in, which lead on to what a session lacks, and pages that ask everybody for the password: there a
/// lead elsewhere does not come from the policy.
const LEADING: &[&str] =
    &["/sign-in", "/sign-in/{door}/callback", "/second-step", "/second-step/set-up", "/account/recovery-codes"];

async fn try_all(who: Who) {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "chief", Role::Administrator).await;
    assert!(chief.member.is_some(), "the last administrator is never the one who falls");
    let (mut number, mut browser) = (0, who.browser(&site, 0).await);
    let mut faults = Vec::new();
    for (method, path, policy) in back_office_routes() {
        let expected = who.outcome(policy);
        for filling in FILLINGS.iter().take(if path.contains('{') { 2 } else { 1 }) {
            let address = filled(path, filling);
            let answer =
                if method == Method::GET { browser.get(&address).await } else { browser.post(&address, &[]).await };
            let found = Outcome::of(&answer);
            let leads = expected == Outcome::Admitted && LEADING.contains(&path) && found != Outcome::Forbidden;
            if found != expected && !leads {
                faults.push(format!("{who:?} {method} {address} ({policy:?}): {expected:?}, but {found:?}"));
            }
            if expected == Outcome::Admitted && answer.status.is_server_error() {
                faults.push(format!("{who:?} {method} {address}: {}", answer.status));
            }
            // What is done to a session must not decide about the next address.
            if expected == Outcome::Admitted && method != Method::GET {
                number += 1;
                browser = who.browser(&site, number).await;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

macro_rules! matrix {
    ($($test:ident: $who:ident,)+) => {
        $(#[actix_web::test]
        async fn $test() {
            try_all(Who::$who).await;
        })+

        #[test]
        fn the_matrix_has_everybody() {
            assert_eq!([$(Who::$who),+], EVERYBODY);
        }
    };
}
matrix! {
    anonymous_visitors: Anonymous,
    whoever_was_invited: Invited,
    whoever_typed_only_the_password: PasswordOnly,
    whoever_lacks_the_second_step: NoSecondStep,
    writers: Writer,
    editors: Editor,
    administrators: Administrator,
    administrators_who_typed_the_password: Confirmed,
    whoever_was_disabled_midway: Disabled,
    whoever_was_disabled_while_the_session_stayed: DisabledByHand,
    whoever_was_demoted_midway: Demoted,
    whoever_was_demoted_while_the_session_stayed: DemotedByHand,
}

#[test]
fn only_the_way_in_is_open_to_anyone() {
    for (method, path, policy) in back_office_routes() {
        let is_way_in = ["/sign-in", "/setup/{token}", "/join/{token}", "/reset/{token}"].contains(&path)
            || path.starts_with("/sign-in/");
        assert_eq!(policy == Policy::Anyone, is_way_in, "{method} {path}");
        assert!(policy != Policy::Confirmed || method == Method::POST || !path.ends_with("/log"), "{method} {path}");
    }
    for part in ["/staff", "/settings", "/wechat"] {
        let below = |path: &str| path == part || path.starts_with(&format!("{part}/"));
        for (method, path, policy) in back_office_routes().into_iter().filter(|(_, path, _)| below(path)) {
            assert!(matches!(policy, Policy::Administrator | Policy::Confirmed), "{method} {path}: {policy:?}");
        }
    }
    let staff = back_office_routes().into_iter().filter(|(_, path, _)| path.starts_with("/staff"));
    for (method, path, policy) in staff.filter(|(method, ..)| *method == Method::POST) {
        assert_eq!(policy, Policy::Confirmed, "{method} {path}");
    }
}

#[test]
fn every_address_is_there_once() {
    let routes = back_office_routes();
    assert!(routes.len() > 30, "{}", routes.len());
    let known: BTreeSet<(String, &str)> = routes.iter().map(|(method, path, _)| (method.to_string(), *path)).collect();
    assert_eq!(known.len(), routes.len());
    for (method, ..) in routes {
        assert!(method == Method::GET || method == Method::POST, "{method}");
    }
}

#[actix_web::test]
async fn what_is_not_in_the_table_does_not_exist() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "chief", Role::Administrator).await;
    let routes = back_office_routes();
    for (_, path, _) in &routes {
        let address = filled(path, FILLINGS[0]);
        let has = |method: &Method| routes.iter().any(|(known, other, _)| known == method && matches(other, path));
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            if has(&method) {
                continue;
            }
            let request =
                TestRequest::with_uri(&address).method(method.clone()).insert_header(("x-csrf-token", chief.token()));
            let answer = chief.send(own(request)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {address}");
        }
    }
    for address in ["/admin/nowhere", "/admin/staff/1/2/3", "/admin/sign-in/", "/admin/users", "/administrator"] {
        assert_eq!(chief.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(chief.post(address, &[]).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[actix_web::test]
async fn who_is_lost_and_signed_in_finds_the_way_on() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "wang", Role::Writer).await;
    for address in ["/admin/nowhere", "/admin/articles/1/nothing", "/admin/articles/999"] {
        let page = writer.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        assert!(page.text("header nav").contains("稿件"), "{address}: {}", page.body);
    }
    let page = Browser::new(&site).get("/admin/nowhere").await;
    assert_eq!((page.status, page.text("header nav")), (StatusCode::NOT_FOUND, String::new()));
    assert_eq!(page.header("set-cookie"), "");
}

/// Whether an address of the form `path`, filled, is one of the form `pattern`.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(one, other): (&&str, &&str)| one == other || one.starts_with('{');
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

#[actix_web::test]
async fn asking_for_the_head_of_a_page_takes_the_same_right() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "wang", Role::Writer).await;
    let anonymous = visits(&site, "/admin/sign-in").await;
    for (method, path, policy) in back_office_routes() {
        if method != Method::GET || policy == Policy::Anyone {
            continue;
        }
        let head = || TestRequest::with_uri(&filled(path, FILLINGS[0])).method(Method::HEAD);
        assert_eq!(anonymous.send(head()).await.status, StatusCode::UNAUTHORIZED, "{path}");
        if !matches!(policy, Policy::Entering | Policy::Staff) {
            assert_eq!(writer.send(head()).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
