//! Both logs, that of the content and that of staff, as one list by time, a page at a time.

use std::cmp::Reverse;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::happened::Line;
use super::super::names::Names;
use super::super::page::Desk;
use crate::clock::Millis;
use crate::content::{ArticleId, Event, EventFilter};
use crate::staff::{StaffEvent, StaffEventFilter};

/// Which events are asked for; none: none of this log.
#[derive(Clone, Debug)]
pub(super) struct Both {
    pub(super) content: Option<EventFilter>,
    pub(super) staff: Option<StaffEventFilter>,
}

/// Where the list goes on: before these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    content: i64,
    staff: i64,
}

impl Before {
    /// Before nothing: from the newest event on.
    pub(super) const NEWEST: Self = Self { content: i64::MAX, staff: i64::MAX };

    /// As its [`Display`](std::fmt::Display) wrote it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (content, staff) = text.split_once('-')?;
        Some(Self { content: content.parse().ok()?, staff: staff.parse().ok()? })
    }
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.content, self.staff)
    }
}

/// An event of either log.
#[derive(Debug)]
pub(super) enum Entry {
    Content(Event),
    Staff(StaffEvent),
}

impl Entry {
    fn at(&self) -> Millis {
        match self {
            Self::Content(event) => event.at,
            Self::Staff(event) => event.at,
        }
    }

    pub(super) fn line(&self, desk: &Desk<'_>, names: &Names) -> Line {
        match self {
            Self::Content(event) => Line::new(desk, names, event),
            Self::Staff(event) => Line::of_staff(desk, names, event),
        }
    }

    pub(super) fn article(&self) -> Option<ArticleId> {
        match self {
            Self::Content(event) => event.article,
            Self::Staff(_) => None,
        }
    }
}

/// The newest events before `before`, and where the list goes on; none: nowhere.
pub(super) async fn page(
    site: &Site,
    asked: &Both,
    before: Before,
    limit: u16,
) -> Result<(Vec<Entry>, Option<Before>), Error> {
    // One more than is shown says whether more follows.
    let content = match asked.content {
        Some(filter) => site.state.content.audit(filter, Some(before.content), limit + 1).await?,
        None => Vec::new(),
    };
    let staff = match &asked.staff {
        Some(filter) => site.state.staff.audit(filter, before.staff, limit + 1).await?,
        None => Vec::new(),
    };
    Ok(merged(content, staff, limit))
}

/// Each log stays in the order of its numbers, which is the order in which things were done; times only say which of
/// two logs comes next. So nothing is left out or told twice, whatever the clocks of two processes said.
fn merged(content: Vec<Event>, staff: Vec<StaffEvent>, limit: u16) -> (Vec<Entry>, Option<Before>) {
    let total = content.len() + staff.len();
    // What happens from now on is newer than the whole list.
    let above = |newest: Option<i64>| newest.map_or(0, |newest| newest.saturating_add(1));
    let mut before = Before {
        content: above(content.first().map(|event| event.id)),
        staff: above(staff.first().map(|event| event.id)),
    };
    let mut content = content.into_iter().map(Entry::Content).peekable();
    let mut staff = staff.into_iter().map(Entry::Staff).peekable();
    let mut entries = Vec::new();
    while entries.len() < usize::from(limit) {
        let from_staff = match (content.peek(), staff.peek()) {
            (Some(one), Some(other)) => Reverse(other.at()) < Reverse(one.at()),
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => break,
        };
        let Some(entry) = (if from_staff { staff.next() } else { content.next() }) else { break };
        match &entry {
            Entry::Content(event) => before.content = event.id,
            Entry::Staff(event) => before.staff = event.id,
        }
        entries.push(entry);
    }
    let more = total > entries.len();
    (entries, more.then_some(before))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::content::Actor;

    fn content(id: i64, at: i64) -> Event {
        let word = "saved".to_owned();
        Event { id, at: Millis(at), actor: Actor::System, kind: None, word, article: None, detail: json!({}) }
    }

    fn staff(id: i64, at: i64) -> StaffEvent {
        let (actor, kind) = ("operator".to_owned(), "invited".to_owned());
        StaffEvent { id, at: Millis(at), by: None, actor, kind, subject: None, detail: json!({}) }
    }

    /// What a log answers that holds `times`, in the order of its numbers.
    fn asked<T>(times: &[i64], make: fn(i64, i64) -> T, before: i64, limit: u16) -> Vec<T> {
        let numbered = (1..).zip(times.iter()).filter(|(id, _)| *id < before);
        let mut events: Vec<T> = numbered.map(|(id, at)| make(id, *at)).collect();
        events.reverse();
        events.truncate(usize::from(limit));
        events
    }

    proptest! {
        #[test]
        fn every_event_is_told_once_and_later_ones_do_not_disturb(
            mut one in prop::collection::vec(0_i64..50, 0..20),
            mut other in prop::collection::vec(0_i64..50, 0..20),
            limit in 1_u16..7,
        ) {
            let count = (one.len(), other.len());
            let (mut told, mut before) = ((Vec::new(), Vec::new()), Some(Before::NEWEST));
            while let Some(at) = before {
                let of_content = asked(&one, content, at.content, limit + 1);
                let of_staff = asked(&other, staff, at.staff, limit + 1);
                let (entries, next) = merged(of_content, of_staff, limit);
                prop_assert!(entries.len() <= usize::from(limit));
                for entry in entries {
                    match entry {
                        Entry::Content(event) => told.0.push(event.id),
                        Entry::Staff(event) => told.1.push(event.id),
                    }
                }
                before = next.map(|next| Before::parse(&next.to_string()).unwrap());
                one.push(99);
                other.push(99);
            }
            let down = |count: usize| (1..=i64::try_from(count).unwrap()).rev().collect::<Vec<_>>();
            prop_assert_eq!(told, (down(count.0), down(count.1)));
        }
    }

    #[test]
    fn the_later_comes_first() {
        let (entries, next) = merged(vec![content(2, 30), content(1, 10)], vec![staff(7, 20)], 2);
        assert_eq!(entries.iter().map(|entry| entry.at().0).collect::<Vec<_>>(), [30, 20]);
        assert_eq!(next.map(|next| next.to_string()).as_deref(), Some("2-7"));
        assert_eq!(Before::parse("12"), None);
    }
}
