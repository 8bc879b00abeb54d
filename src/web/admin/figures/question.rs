//! What somebody wants to see, as the address says it.

use actix_web::web::Query;
use jiff::civil::Date;
use serde::Deserialize;

use super::super::form::FormErrors;
use super::super::page::Desk;
use super::{Choice, ROWS};
use crate::content::ArticleId;
use crate::stats::{Days, Tally};
use crate::web::error::Error;

/// The ranges that are offered, in days.
const RANGES: [(&str, i64); 3] = [("7", 7), ("30", 30), ("90", 90)];
const CUSTOM: &str = "custom";
/// The longest range of one's own, in days.
const LONGEST: i64 = 366;
/// The last page that anybody can ask for.
const LAST_PAGE: i64 = 10_000;

/// By which number articles are ordered, the largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Views,
    Chat,
    Group,
    Moments,
    Other,
    Direct,
}

impl Sort {
    /// In the order of the columns.
    pub(super) const ALL: [Self; 6] = [Self::Views, Self::Chat, Self::Group, Self::Moments, Self::Other, Self::Direct];

    fn word(self) -> &'static str {
        match self {
            Self::Views => "views",
            Self::Chat => "chat",
            Self::Group => "group",
            Self::Moments => "moments",
            Self::Other => "other",
            Self::Direct => "direct",
        }
    }

    /// What the column is called.
    pub(super) fn label(self, desk: &Desk<'_>) -> &'static str {
        let t = desk.t.figures;
        match self {
            Self::Views => t.views,
            Self::Chat => t.chat,
            Self::Group => t.group,
            Self::Moments => t.moments,
            Self::Other => t.other,
            Self::Direct => t.direct,
        }
    }

    /// The number in it.
    pub(super) fn key(self, tally: Tally) -> i64 {
        match self {
            Self::Views => tally.views,
            Self::Chat => tally.chat,
            Self::Group => tally.group,
            Self::Moments => tally.moments,
            Self::Other => tally.other,
            Self::Direct => tally.direct(),
        }
    }
}

/// The address as it came: whatever it holds, it is a question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    range: String,
    from: String,
    to: String,
    sort: String,
    article: String,
    page: String,
    table: String,
}

impl Asked {
    /// Whether it names days; an address that was typed may do so without saying which range that is.
    fn is_of_own_days(&self) -> bool {
        self.range == CUSTOM || (self.range.is_empty() && !(self.from.is_empty() && self.to.is_empty()))
    }
}

/// What somebody wants to see.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(super) days: Days,
    pub(super) range: &'static str,
    /// What was typed, or what the range is.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) sort: Sort,
    pub(super) article: Option<ArticleId>,
    pub(super) page: i64,
    pub(super) table: String,
}

impl Question {
    /// Reads `query`. Days that cannot be shown are complained of, and others shown instead.
    pub(super) fn read(desk: &Desk<'_>, query: &str) -> (Self, FormErrors) {
        let asked = Query::<Asked>::from_query(query).map(Query::into_inner).unwrap_or_default();
        let today = desk.day_of(desk.site.state.clock.now());
        let mut errors = FormErrors::default();
        let named = RANGES.into_iter().find(|(name, _)| *name == asked.range);
        let (range, days) = match named {
            _ if asked.is_of_own_days() => (CUSTOM, typed_days(desk, &asked, &mut errors)),
            Some((name, count)) => (name, Some(Days::up_to(today, count))),
            None => ("7", None),
        };
        let days = days.unwrap_or_else(|| Days::up_to(today, 7));
        let typed = !errors.is_empty();
        let question = Self {
            days,
            // Links lead to what is shown, not back to the complaint.
            range: if typed { "7" } else { range },
            from: if typed { asked.from } else { days.first.to_string() },
            to: if typed { asked.to } else { days.last.to_string() },
            sort: Sort::ALL.into_iter().find(|sort| sort.word() == asked.sort).unwrap_or_default(),
            article: asked.article.parse().ok().map(ArticleId),
            page: asked.page.parse().unwrap_or(1_i64).clamp(1, LAST_PAGE),
            table: asked.table,
        };
        (question, errors)
    }

    /// The same for a file, which has no place for complaints.
    pub(super) fn strictly(desk: &Desk<'_>, query: &str) -> Result<Self, Error> {
        match Self::read(desk, query) {
            (question, errors) if errors.is_empty() => Ok(question),
            _ => Err(Error::BadRequest),
        }
    }

    /// The address of this question, without its path.
    pub(super) fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("range", self.range).append_pair("sort", self.sort.word());
        if self.range == CUSTOM {
            query.append_pair("from", &self.from).append_pair("to", &self.to);
        }
        if let Some(article) = self.article {
            query.append_pair("article", &article.0.to_string());
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        query.finish()
    }

    /// The first row of its page.
    pub(super) fn place(&self) -> usize {
        usize::try_from(self.page - 1).unwrap_or(0).saturating_mul(ROWS)
    }

    /// What is offered instead.
    pub(super) fn ranges(&self, desk: &Desk<'_>) -> Vec<Choice> {
        let choice = |(value, days): (&'static str, i64)| Choice {
            label: desk.t.figures.last_days.replace("{}", &days.to_string()),
            value,
            url: desk.url(&format!("/figures?{}", Self { range: value, page: 1, ..self.clone() }.query())),
            chosen: self.range == value,
        };
        RANGES.map(choice).into()
    }

    /// By which numbers one may order.
    pub(super) fn sorts(&self, desk: &Desk<'_>) -> Vec<Choice> {
        let choice = |sort: Sort| Choice {
            label: sort.label(desk).to_owned(),
            value: sort.word(),
            url: String::new(),
            chosen: self.sort == sort,
        };
        Sort::ALL.map(choice).into()
    }

    /// What a file with the answer is called.
    pub(super) fn file_name(&self, what: &str, ending: &str) -> String {
        format!("{what}-{}-{}.{ending}", self.days.first, self.days.last)
    }
}

fn typed_days(desk: &Desk<'_>, asked: &Asked, errors: &mut FormErrors) -> Option<Days> {
    let t = desk.t.figures;
    let mut day = |field: &'static str, typed: &str| {
        let day = typed.trim().parse::<Date>().ok().filter(|day| (1970..=9000).contains(&day.year()));
        if day.is_none() {
            errors.add(field, t.no_day);
        }
        day
    };
    let (first, last) = (day("from", &asked.from), day("to", &asked.to));
    let (first, last) = first.zip(last)?;
    match Days::between(first, last) {
        None => errors.add("to", t.wrong_way),
        Some(days) if days.count() > LONGEST => errors.add("to", t.too_long.replace("{}", &LONGEST.to_string())),
        Some(days) => return Some(days),
    }
    None
}
