//! SIGKILL at any moment of a save or a publication: what was acknowledged is there, and nothing is half done.

use std::path::Path;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use wxpress::clock::Clock;
use wxpress::config::{Config, Overrides, Secret};
use wxpress::content::article::Live;
use wxpress::content::event::Kind;
use wxpress::content::{ArticleId, ArticleKey, Content, EventFilter, Fields, Filter, Html};
use wxpress::staff::{By, Opened, Registration, Role, SessionState, Visitor};
use wxpress::state::AppState;

use crate::database::TestDatabase;
use crate::office::{SESSION_COOKIE, password_of};
use crate::process::{Serving, Settings, serve};
use crate::rig::environment;

/// How often the process is killed.
const DEATHS: usize = 16;
/// Requests that are answered before one is cut short, at most.
const MOST_ANSWERED: usize = 9;
/// Turns that a request in flight may get; a save takes some thousands.
const MOST_TURNS: u32 = 12_000;

/// What the process was asked to do with the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// To store the text with this mark.
    Save(u32),
    /// To publish what is there.
    Publish,
}

/// What was promised, and what was being done when the process died.
#[derive(Clone, Copy, Debug, Default)]
struct Promise {
    /// The mark of the working copy and of the text that readers see.
    working: u32,
    live: u32,
    version: i64,
    in_flight: Option<Wish>,
}

#[derive(Clone, Debug)]
struct Newsroom {
    settings: Settings,
    cookie: String,
    csrf: String,
    id: ArticleId,
}

/// A text of which every part carries the mark, so that halves of two texts would show.
fn marked(mark: u32) -> Fields {
    Fields {
        headline: format!("标题 mark{mark}"),
        summary: format!("摘要 mark{mark}"),
        body: Html::clean(&format!("<p>正文 mark{mark}</p>")),
        tags: vec![format!("mark{mark}")],
        ..Fields::default()
    }
}

async fn open(settings: &Settings) -> std::sync::Arc<AppState> {
    let config = Config::from_sources(None, settings, &Overrides::new()).unwrap();
    AppState::build(config, Clock::System).await.unwrap().0
}

impl Newsroom {
    /// An editor who has signed in, and a published article.
    async fn new(database: &TestDatabase, folder: &Path) -> Self {
        let mut settings = environment(database, folder);
        settings.insert("WXPRESS_SECRET_KEY".to_owned(), "5a".repeat(32));
        let state = open(&settings).await;
        let opened = editor(&state).await;
        let id = state.content.create(wxpress::content::Actor::System, marked(0)).await.unwrap();
        state.content.publish(wxpress::content::Actor::System, id, None).await.unwrap();
        let cookie = format!("{SESSION_COOKIE}={}", opened.token.expose());
        let csrf = opened.session.csrf().to_owned();
        state.db.close().await;
        Self { settings, cookie, csrf, id }
    }

    /// Sends one form; whether it was taken. None: there was no answer.
    async fn ask(&self, serving: &Serving, version: i64, wish: Wish) -> Option<bool> {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).append_pair("version", &version.to_string());
        let mut path = format!("/admin/articles/{}", self.id);
        match wish {
            Wish::Save(mark) => {
                let Fields { headline, summary, body, tags, .. } = marked(mark);
                form.append_pair("headline", &headline).append_pair("summary", &summary);
                form.append_pair("body", body.as_str()).append_pair("tags", &tags[0]);
            }
            Wish::Publish => path += "/publish",
        }
        let request = client
            .post(format!("http://{}{path}", serving.address))
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.finish()).send().await.ok()?;
        let status = answer.status().as_u16();
        assert_eq!(status, 303, "{wish:?} at {version}: {}", answer.text().await.unwrap_or_default());
        Some(true)
    }
}

async fn editor(state: &AppState) -> Opened {
    let staff = &state.staff;
    let visitor = Visitor { address: "127.0.0.1".parse().unwrap(), agent: "Chrome on Linux".to_owned() };
    let link = staff.invite(By::Operator, "zhou", Role::Editor).await.unwrap();
    let token = link.path.expose().rsplit('/').next().unwrap().to_owned();
    let password = Secret::new(password_of("zhou"));
    let registration = Registration { login: "zhou".to_owned(), name: "周平".to_owned(), password };
    let opened = staff.join(&token, &registration, &visitor).await.unwrap();
    assert_eq!(opened.session.state(), SessionState::NeedsTotpSetup);
    let secret = staff.begin_totp(&opened.session, "云溪新闻").await.unwrap().secret.expose().clone();
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = totp.generate(u64::try_from(state.clock.now().as_secs()).unwrap()).to_string();
    staff.finish_totp(&opened.session, &code, &visitor).await.unwrap().0
}

#[actix_web::test]
async fn what_was_acknowledged_survives_and_nothing_is_half_done() {
    let database = TestDatabase::new().await;
    let folder = database.data_dir().to_owned();
    let newsroom = Newsroom::new(&database, &folder).await;
    let mut random = StdRng::seed_from_u64(20_261_122);
    let (mut promise, mut mark) = (Promise { version: 1, ..Promise::default() }, 0);
    let (mut happened, mut undone) = (0, 0);
    for death in 0..DEATHS {
        let mut serving = serve(&newsroom.settings, &folder);
        serving.is_ready().await;
        let answered = random.random_range(0..MOST_ANSWERED);
        for number in 0..=answered {
            let wish = if random.random_bool(0.4) { Wish::Publish } else { Wish::Save(mark + 1) };
            if let Wish::Save(next) = wish {
                mark = next;
            }
            promise.in_flight = Some(wish);
            let asked = newsroom.ask(&serving, promise.version, wish);
            if number < answered {
                assert_eq!(asked.await, Some(true), "{}", serving.said());
                promise.keep(wish);
                continue;
            }
            // Killed somewhere between its first byte and after its last.
            let turns = random.random_range(0..MOST_TURNS);
            tokio::select! {
                biased;
                answer = asked => if answer.is_some() { promise.keep(wish) },
                () = turned(turns) => {}
            }
            serving.kill();
        }
        let state = open(&newsroom.settings).await;
        match check(&state.content, newsroom.id, &mut promise).await {
            Some(true) => happened += 1,
            Some(false) => undone += 1,
            None => {}
        }
        state.db.close().await;
        assert!(mark > 0 || death < 4, "nothing was ever saved");
    }
    // Else the moments were badly chosen, and the test proves nothing.
    assert!(happened + undone >= DEATHS / 4, "{happened} cut short and done, {undone} cut short and undone");
}

async fn turned(turns: u32) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

impl Promise {
    /// It was acknowledged, or it turned out to have happened.
    fn keep(&mut self, wish: Wish) {
        match wish {
            Wish::Save(mark) => (self.working, self.version) = (mark, self.version + 1),
            Wish::Publish => self.live = self.working,
        }
        self.in_flight = None;
    }
}

/// Compares what is there with what was promised; of what was in flight, whether it happened.
async fn check(content: &Content, id: ArticleId, promise: &mut Promise) -> Option<bool> {
    let copy = content.working_copy(id).await.unwrap();
    let saved = content.audit(EventFilter::Kind(Kind::Saved), None, 1000).await.unwrap();
    let published = content.audit(EventFilter::Kind(Kind::Published), None, 1000).await.unwrap();
    let history = content.history(id).await.unwrap();
    let live = content.published(&ArticleKey::Number(id)).await.unwrap();
    let in_flight = promise.in_flight.take();
    let happened = in_flight.map(|wish| match wish {
        Wish::Save(mark) => copy.fields == marked(mark),
        // To publish what is published already leaves a revision, and nothing else.
        Wish::Publish => live.fields.headline == marked(promise.working).headline,
    });
    if let (Some(wish), Some(true)) = (in_flight, happened) {
        promise.keep(wish);
    }
    assert_eq!((copy.version, &copy.fields), (promise.version, &marked(promise.working)), "{in_flight:?}");
    assert_eq!(live.fields, marked(promise.live), "{in_flight:?}");
    // One event for each save and each publication, and one revision for each publication: no more and no less.
    assert_eq!(i64::try_from(saved.len()).unwrap(), copy.version - 1, "{in_flight:?}");
    let versions: Vec<i64> = saved.iter().map(|event| event.detail["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (2..=copy.version).rev().collect::<Vec<_>>());
    assert_eq!(history.len(), published.len(), "{in_flight:?}");
    let headline = marked(promise.live).headline;
    assert_eq!(published[0].detail["headline"], headline.as_str());
    assert_eq!((history[0].headline.as_str(), history[0].live), (headline.as_str(), true));
    // The lists, the tags and the search know the text that readers see, and only that.
    let article = content.article(id).await.unwrap();
    assert_eq!((article.state.live, article.unpublished), (Live::Published, promise.live != promise.working));
    let listed = content.latest(&Filter::All, None, 9).await.unwrap().items;
    assert_eq!(listed.iter().map(|row| row.headline.as_str()).collect::<Vec<_>>(), [headline.as_str()]);
    for mark in [promise.live, promise.working, promise.live + 1] {
        let expected = usize::from(mark == promise.live);
        let found = content.search(&format!("mark{mark}"), 1).await.unwrap();
        assert_eq!(found.total, expected, "search for mark{mark} of {promise:?}");
        let tagged = content.latest(&Filter::Tag(format!("mark{mark}")), None, 9).await;
        assert_eq!(tagged.map_or(0, |list| list.items.len()), expected, "tag mark{mark} of {promise:?}");
    }
    happened
}
