//! Lines of the log, in words.

use serde_json::{Map, Value};

use super::super::texts::fill;
use super::names::Names;
use super::page::Desk;
use super::people::line;
use crate::clock::Millis;
use crate::content::{Event, MediaId};
use crate::staff::StaffEvent;

/// One line, ready to print.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) at: String,
    pub(crate) datetime: String,
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) detail: String,
    /// The article, by number and as a link.
    pub(crate) article: Option<(String, String)>,
    /// To whom it was done, by name and as a link.
    pub(crate) person: Option<(String, String)>,
}

impl Line {
    /// What is said of `event`.
    pub(crate) fn new(desk: &Desk<'_>, names: &Names, event: &Event) -> Self {
        let words = desk.t.log;
        let article = event.article.map(|id| {
            let label = words.article_number.replace("{}", &id.to_string());
            (label, desk.url(&format!("/articles/{id}")))
        });
        Self {
            at: desk.date_time(event.at),
            datetime: desk.datetime(event.at),
            who: names.of(event.actor),
            what: event.kind.map_or_else(|| event.word.clone(), |kind| (words.kind)(kind).to_owned()),
            detail: detail(desk, event),
            article,
            person: None,
        }
    }

    /// What is said of something that happened to staff.
    pub(crate) fn of_staff(desk: &Desk<'_>, names: &Names, event: &StaffEvent) -> Self {
        let person = event.subject.map(|id| (names.member(id.0), desk.url(&format!("/staff/{}", id.0))));
        Self {
            at: desk.date_time(event.at),
            datetime: desk.datetime(event.at),
            who: event.by.map_or_else(|| desk.t.people.operator.to_owned(), |id| names.member(id.0)),
            what: line::what(desk, event),
            detail: String::new(),
            article: None,
            person,
        }
    }
}

/// The rest of an event, in words as far as they are known.
fn detail(desk: &Desk<'_>, event: &Event) -> String {
    let Value::Object(detail) = &event.detail else { return String::new() };
    let text = |key| detail.get(key).and_then(Value::as_str);
    // What changed, and what leads where.
    let pairs = [
        ("from", "to", desk.t.log.from_to),
        ("old_slug", "slug", desk.t.log.address_from_to),
        ("path", "to", desk.t.log.leads_to),
    ];
    let pairs = pairs.map(|(from, to, pattern)| (text(from).zip(text(to)), [from, to], pattern));
    let told = |key: &str| pairs.iter().any(|(pair, keys, _)| pair.is_some() && keys.contains(&key));
    let changes = pairs.iter().filter_map(|(pair, _, pattern)| pair.map(|(from, to)| (from, to, pattern)));
    let mut parts: Vec<_> =
        changes.filter(|(from, to, _)| from != to).map(|(from, to, pattern)| fill(pattern, &[from, to])).collect();
    // A file's name says more than its number.
    let is_known = |key: &str| key == "version" || (key == "media" && detail.contains_key("name")) || told(key);
    let mut others: Vec<_> = detail.iter().filter(|(key, _)| !is_known(key)).collect();
    // When and where first, then what was said.
    others.sort_by_key(|(key, _)| !matches!(key.as_str(), "stage" | "at" | "planned"));
    parts.extend(others.into_iter().filter_map(|(key, value)| part(desk, key, value)));
    parts.join(desk.t.log.comma)
}

fn part(desk: &Desk<'_>, key: &str, value: &Value) -> Option<String> {
    match (key, value) {
        (_, Value::Null) => None,
        (_, Value::String(text)) => Some(short(text).to_owned()).filter(|text| !text.is_empty()),
        ("stage", Value::Number(stage)) => {
            let stage = usize::try_from(stage.as_i64()?).ok()?;
            desk.t.log.stages.get(stage.checked_sub(1)?).map(|stage| (*stage).to_owned())
        }
        ("at" | "planned", Value::Number(at)) => Some(desk.date_time(Millis(at.as_i64()?))),
        ("number", Value::Number(number)) => Some(desk.t.articles.revision.replace("{}", &number.to_string())),
        (key, Value::Object(change)) => changed(desk, key, change),
        (_, other) => Some(format!("{key} {other}")),
    }
}

/// As much of a file's number as people compare; anything else as it is.
fn short(text: &str) -> &str {
    if text.parse::<MediaId>().is_ok() { text.get(..8).unwrap_or(text) } else { text }
}

/// A setting that was one thing and is another.
fn changed(desk: &Desk<'_>, key: &str, change: &Map<String, Value>) -> Option<String> {
    let text = |side| {
        let text = change.get(side)?.as_str()?;
        Some(if text.is_empty() { desk.t.setup.empty } else { short(text) })
    };
    let change = fill(desk.t.log.from_to, &[text("from")?, text("to")?]);
    Some(format!("{}{}{change}", desk.t.setup.label(key).unwrap_or(key), desk.t.setup.colon))
}
