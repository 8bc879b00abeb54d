//! The words around articles: archive, neighbours, corrections, withdrawals, fixed pages.

/// The texts of one language. Patterns for dates are those of `jiff`'s `strftime`.
#[derive(Debug)]
pub(crate) struct ReaderTexts {
    /// The page of all months, and the link to it.
    pub(crate) archive: &'static str,
    /// A year, above its months.
    pub(crate) year: &'static str,
    /// A month of any year.
    pub(crate) month: &'static str,
    /// A month below its year.
    pub(crate) month_of_year: &'static str,

    /// Before the day on which a text last changed.
    pub(crate) updated: &'static str,
    /// Above the corrections of an article.
    pub(crate) corrections: &'static str,
    /// Link to the article published before this one.
    pub(crate) previous: &'static str,
    /// Link to the article published after this one.
    pub(crate) next: &'static str,
    /// What a screen reader calls these two links.
    pub(crate) neighbours: &'static str,
    /// Above the related articles.
    pub(crate) related: &'static str,

    /// Before the day on which an article was withdrawn.
    pub(crate) withdrawn_on: &'static str,
    /// Above what the newsroom says about a withdrawal.
    pub(crate) withdrawal_notice: &'static str,
}

/// Simplified Chinese.
pub(super) const ZH: ReaderTexts = ReaderTexts {
    archive: "往期文章",
    year: "%Y年",
    month: "%Y年%-m月",
    month_of_year: "%-m月",

    updated: "更新于 ",
    corrections: "更正",
    previous: "上一篇",
    next: "下一篇",
    neighbours: "上一篇和下一篇",
    related: "相关文章",

    withdrawn_on: "撤稿日期：",
    withdrawal_notice: "编辑部说明",
};

/// English.
pub(super) const EN: ReaderTexts = ReaderTexts {
    archive: "Archive",
    year: "%Y",
    month: "%B %Y",
    month_of_year: "%B",

    updated: "Updated ",
    corrections: "Corrections",
    previous: "Previous",
    next: "Next",
    neighbours: "Previous and next article",
    related: "Related articles",

    withdrawn_on: "Withdrawn on ",
    withdrawal_notice: "From the newsroom",
};
