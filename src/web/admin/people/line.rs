//! A line of the log, in words.

use std::collections::HashMap;

use serde_json::Value;

use super::super::page::Desk;
use crate::staff::{MemberId, Platform, Role, StaffEvent};

/// What happened.
#[derive(Debug)]
pub(crate) struct LogLine {
    pub(crate) when: String,
    pub(crate) datetime: String,
    pub(crate) what: String,
    pub(crate) by: String,
    /// To whom; empty: to nobody who worked here yet.
    pub(crate) about: String,
}

/// The events in words.
pub(crate) fn of(desk: &Desk<'_>, events: &[StaffEvent], names: &HashMap<i64, String>) -> Vec<LogLine> {
    let line = |event: &StaffEvent| LogLine {
        when: desk.date_time(event.at),
        datetime: desk.datetime(event.at),
        what: what(desk, event),
        by: name(desk, event.by, names),
        about: event.subject.map(|_| name(desk, event.subject, names)).unwrap_or_default(),
    };
    events.iter().map(line).collect()
}

/// What happened.
pub(crate) fn what(desk: &Desk<'_>, event: &StaffEvent) -> String {
    desk.t.people.event(&event.kind, &value(desk, &event.detail))
}

/// What somebody is called; none: the command line.
pub(crate) fn name(desk: &Desk<'_>, member: Option<MemberId>, names: &HashMap<i64, String>) -> String {
    match member {
        Some(id) => names.get(&id.0).cloned().unwrap_or_else(|| id.0.to_string()),
        None => desk.t.people.operator.to_owned(),
    }
}

/// What is new, from what an event says besides its kind.
fn value(desk: &Desk<'_>, detail: &Value) -> String {
    let text = |key: &str| detail.get(key).and_then(Value::as_str);
    let platform = text("platform").and_then(Platform::from_word).map(|platform| desk.t.people.platform(platform));
    match (platform, text("name"), text("role").and_then(Role::from_word)) {
        (Some(platform), ..) => format!("{platform} {}", text("external_id").unwrap_or_default()).trim().to_owned(),
        (None, Some(name), _) => name.to_owned(),
        (None, None, Some(role)) => desk.t.people.role(role).to_owned(),
        (None, None, None) => String::new(),
    }
}
