//! What an article's page shows besides its text: corrections, the article before and after it, related ones.

use super::super::page::{Frame, Link};
use super::article::article_path;
use super::list::Row;
use crate::content::{Around, Correction, Neighbour};

/// A correction, ready to print.
#[derive(Debug)]
pub(super) struct Notice {
    pub(super) date: String,
    pub(super) datetime: String,
    pub(super) text: String,
}

impl Notice {
    pub(super) fn new(frame: &Frame<'_>, correction: &Correction) -> Self {
        Self {
            date: frame.date(correction.at, frame.t.date),
            datetime: frame.datetime(correction.at),
            text: correction.notice.clone(),
        }
    }
}

/// Where a reader may go from here.
#[derive(Debug)]
pub(super) struct Onward {
    pub(super) previous: Option<Link>,
    pub(super) next: Option<Link>,
    pub(super) related: Vec<Row>,
}

impl Onward {
    pub(super) fn new(frame: &Frame<'_>, around: Around) -> Self {
        let link = |to: Neighbour| Link { url: frame.url(&article_path(&to.key)), label: to.headline };
        Self {
            previous: around.previous.map(link),
            next: around.next.map(link),
            related: around.related.iter().map(|summary| Row::new(frame, summary)).collect(),
        }
    }
}
