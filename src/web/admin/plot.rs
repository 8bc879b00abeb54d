//! Small plots, drawn here as SVG: rectangles and nothing else, so that they can be stretched to any width; the words
//! stand around them.

use jiff::civil::Date;

use super::page::Desk;
use crate::stats::{Days, Tally};

/// A day's place in the plot; its bar takes six tenths of it.
const STEP: i64 = 10;
/// The tallest bar; the plot is a little higher.
const TALLEST: i64 = 96;

/// Views by day, with the sentence that says it all.
#[derive(Debug)]
pub(crate) struct Plot {
    pub(crate) sentence: String,
    /// Otherwise there is nothing to draw.
    pub(crate) has_views: bool,
    pub(crate) bars: Vec<Bar>,
    /// In the plot's own units.
    pub(crate) width: i64,
    /// What the tallest bar means.
    pub(crate) most: String,
    pub(crate) first: String,
    pub(crate) last: String,
}

/// One day.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) height: i64,
    /// Shown when a mouse rests on it.
    pub(crate) label: String,
}

impl Plot {
    /// The plot of these days.
    pub(crate) fn new(desk: &Desk<'_>, sentence: String, by_day: &[(Date, Tally)]) -> Self {
        let t = desk.t.figures;
        let most = by_day.iter().map(|(_, tally)| tally.views).max().unwrap_or(0);
        let date = |day: Option<&(Date, Tally)>| day.map(|(day, _)| day.strftime(t.date).to_string());
        let bars = by_day.iter().zip(0..).map(|((day, tally), place)| {
            let label = t.on_day.replace("{day}", &day.strftime(t.date).to_string());
            let height = height(tally.views, most);
            let label = label.replace("{views}", &grouped(tally.views));
            Bar { x: place * STEP + 2, y: 100 - height, height, label }
        });
        Self {
            sentence,
            has_views: most > 0,
            bars: bars.collect(),
            width: i64::try_from(by_day.len()).unwrap_or(0) * STEP,
            most: t.most_on_a_day.replace("{}", &grouped(most)),
            first: date(by_day.first()).unwrap_or_default(),
            last: date(by_day.last()).unwrap_or_default(),
        }
    }
}

/// Of the tallest; a day on which anything was read can be seen.
fn height(views: i64, most: i64) -> i64 {
    if views > 0 { (views * TALLEST / most.max(1)).max(2) } else { 0 }
}

/// How many views there were, and how many in as many days before.
pub(crate) fn sentence(desk: &Desk<'_>, headline: Option<&str>, days: Days, (now, before): (i64, i64)) -> String {
    let t = desk.t.figures;
    let pattern = if headline.is_some() { t.total_of } else { t.total };
    let total = pattern.replace("{days}", &days.count().to_string()).replace("{views}", &grouped(now));
    let after = if before > 0 { t.before.replace("{}", &grouped(before)) } else { t.before_none.to_owned() };
    // Last, so that nothing in a headline is taken for a place to fill.
    format!("{total}{after}").replace("{headline}", headline.unwrap_or_default())
}

/// Where pages were opened from, one line.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) label: &'static str,
    pub(crate) count: String,
    /// Of all, in whole per cents.
    pub(crate) percent: i64,
}

/// Where pages were opened from; none: nowhere yet.
pub(crate) fn origins(desk: &Desk<'_>, tally: Tally) -> Vec<Origin> {
    let t = desk.t.figures;
    let lines = [
        (t.chat, tally.chat),
        (t.group, tally.group),
        (t.moments, tally.moments),
        (t.other, tally.other),
        (t.direct, tally.direct()),
    ];
    let all: i64 = lines.iter().map(|(_, count)| count).sum();
    let line = |(label, count): (&'static str, i64)| Origin {
        label,
        count: grouped(count),
        percent: (count * 100 + all / 2) / all.max(1),
    };
    if all == 0 { Vec::new() } else { lines.map(line).into() }
}

/// `1234567` as people read it.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_threes() {
        assert_eq!(
            [0, 12, 999, 1000, 1_234_567, -1000].map(grouped),
            ["0", "12", "999", "1,000", "1,234,567", "-1,000"]
        );
    }

    #[test]
    fn the_busiest_day_is_the_tallest_and_a_single_view_can_be_seen() {
        assert_eq!([height(0, 10_000), height(1, 10_000), height(10_000, 10_000), height(0, 0)], [0, 2, TALLEST, 0]);
    }
}
