//! A browser at the back office: it keeps cookies as one does, and sends forms as a page of ours would.

use std::cell::RefCell;
use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use wxpress::config::Secret;
use wxpress::staff::{By, Cost, MemberId, Opened, Registration, Role, SessionState, Visitor};

use crate::site::{Answer, TestSite};

/// The cookie that holds the session at `https://news.example.cn`.
pub(crate) const SESSION_COOKIE: &str = "__Host-wxpress";
/// Where a file breaks off in a form that carries one.
const BOUNDARY: &str = "----wxpress-test-boundary";

/// Passwords that are hashed in no time.
pub(crate) const CHEAP: Cost = Cost { memory: 64, passes: 1 };

/// A password that is taken, different for everybody.
pub(crate) fn password_of(login: &str) -> String {
    format!("tidal Lantern 42 gorge/{}", login.chars().rev().collect::<String>())
}

/// A file in a form.
pub(crate) struct Upload<'a> {
    /// The form's field.
    pub(crate) field: &'a str,
    /// What the browser says it is called.
    pub(crate) name: &'a str,
    /// What the browser says it is.
    pub(crate) kind: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// One browser.
pub(crate) struct Browser<'a> {
    site: &'a TestSite,
    cookies: RefCell<BTreeMap<String, String>>,
    token: RefCell<String>,
    /// Who signed in by [`Browser::of`].
    pub(crate) member: Option<MemberId>,
    /// Their authenticator; empty: none.
    pub(crate) secret: String,
}

impl<'a> Browser<'a> {
    /// One that was never here.
    pub(crate) fn new(site: &'a TestSite) -> Self {
        let (cookies, token) = Default::default();
        Self { site, cookies, token, member: None, secret: String::new() }
    }

    /// One of somebody new who works here and has signed in with all that the role asks for. The login's password is
    /// [`password_of`] it.
    pub(crate) async fn of(site: &'a TestSite, login: &str, role: Role) -> Self {
        // What is tested is not how much a guess costs.
        let staff = &site.state.staff.clone().with_cost(CHEAP);
        let visitor = visitor();
        let link = staff.invite(By::Operator, login, role).await.unwrap();
        let token = link.path.expose().rsplit('/').next().unwrap().to_owned();
        let password = Secret::new(password_of(login));
        let registration = Registration { login: login.to_owned(), name: format!("{login} 先生"), password };
        let mut opened = staff.join(&token, &registration, &visitor).await.unwrap();
        let mut secret = String::new();
        if opened.session.state() != SessionState::Full {
            secret = staff.begin_totp(&opened.session, "云溪新闻").await.unwrap().secret.expose().clone();
            opened = staff.finish_totp(&opened.session, &code(site, &secret), &visitor).await.unwrap().0;
        }
        let member = Some(opened.session.member().unwrap().id());
        let browser = Self { member, secret, ..Self::new(site) };
        browser.take(&opened);
        browser
    }

    /// Holds a session from now on.
    pub(crate) fn take(&self, opened: &Opened) {
        self.cookies.borrow_mut().insert(SESSION_COOKIE.to_owned(), opened.token.expose().clone());
        opened.session.csrf().clone_into(&mut self.token.borrow_mut());
    }

    /// What the authenticator shows now.
    pub(crate) fn code(&self) -> String {
        code(self.site, &self.secret)
    }

    /// The token that the last page's forms carried.
    pub(crate) fn token(&self) -> String {
        self.token.borrow().clone()
    }

    /// As somebody else would have it who has put a cookie into this browser.
    pub(crate) fn plant(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Opens `path`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Sends a form with the token of the last page.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).append_pair("csrf", &token);
        let request =
            TestRequest::post().uri(path).insert_header(("content-type", "application/x-www-form-urlencoded"));
        self.send(own(request).set_payload(form.finish())).await
    }

    /// Sends a form that carries files, with the token of the last page as its first field.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[Upload<'_>]) -> Answer {
        self.send(self.multipart(path, fields, files)).await
    }

    /// The same, not sent yet.
    pub(crate) fn multipart(&self, path: &str, fields: &[(&str, &str)], files: &[Upload<'_>]) -> TestRequest {
        let token = self.token();
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for file in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
                file.field, file.name, file.kind
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = TestRequest::post().uri(path).insert_header(("content-type", kind));
        own(request).set_payload(body)
    }

    /// Goes where an answer leads.
    pub(crate) async fn follow(&self, answer: &Answer) -> Answer {
        let to = answer.header("location");
        assert!(answer.status.is_redirection() && to.starts_with('/'), "{}: {to:?}: {}", answer.status, answer.body);
        self.get(to).await
    }

    /// Sends any request, with the cookies this browser has.
    pub(crate) async fn send(&self, mut request: TestRequest) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.insert_header(("cookie", cookies.join("; ")));
        }
        let answer = self.site.send(request).await;
        for set in answer.headers.get_all("set-cookie") {
            let cookie = actix_web::cookie::Cookie::parse(set.to_str().unwrap()).unwrap();
            let ended = cookie.max_age().is_some_and(actix_web::cookie::time::Duration::is_zero);
            let mut cookies = self.cookies.borrow_mut();
            if ended {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        let token = answer.attribute("input[name=csrf]", "value");
        if !token.is_empty() {
            *self.token.borrow_mut() = token;
        }
        answer
    }
}

/// As a browser sends it from one of our own pages.
pub(crate) fn own(request: TestRequest) -> TestRequest {
    request.insert_header(("sec-fetch-site", "same-origin"))
}

/// Where a browser of the tests is.
pub(crate) fn visitor() -> Visitor {
    Visitor { address: "192.0.2.1".parse().unwrap(), agent: "Chrome · Windows".to_owned() }
}

/// What an authenticator with this secret shows now.
pub(crate) fn code(site: &TestSite, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(site.clock.now().as_secs()).unwrap()).to_string()
}
