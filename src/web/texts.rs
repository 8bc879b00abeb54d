//! Every word the interface says, in Simplified Chinese and in English. What editors write is not here.
//!
//! One struct, two constants: a text that lacks its translation does not compile.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod arrange;
pub(crate) mod articles;
pub(crate) mod dashboard;
pub(crate) mod entrance;
pub(crate) mod figures;
pub(crate) mod fixed;
pub(crate) mod library;
pub(crate) mod log;
pub(crate) mod oauth;
pub(crate) mod office;
pub(crate) mod people;
mod reader;
pub(crate) mod setup;

use account::Account;
use accounts::Accounts;
use arrange::Arrange;
use articles::Articles;
use dashboard::Dashboard;
use entrance::Entrance;
use figures::Figures;
use fixed::Fixed;
use library::Library;
use log::Log;
use oauth::OAuthTexts;
use office::Office;
use people::People;
use reader::ReaderTexts;
use setup::Setup;

/// The texts of one language. Patterns for dates are those of `jiff`'s `strftime`.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The language as Open Graph writes it.
    pub(crate) locale: &'static str,
    /// First entry of the category strip.
    pub(crate) home: &'static str,
    /// The way out of an error page and of an empty list.
    pub(crate) to_home: &'static str,
    /// First link of every page, for keyboards and screen readers.
    pub(crate) skip_to_text: &'static str,
    /// What a screen reader calls the category strip.
    pub(crate) sections: &'static str,
    /// The switch for large text (适老化).
    pub(crate) large_text: &'static str,
    /// The switch for high contrast (适老化).
    pub(crate) high_contrast: &'static str,

    /// Marks a pinned article in a list; a word, not an icon.
    pub(crate) pinned: &'static str,
    /// Link to the next page of a list.
    pub(crate) older: &'static str,
    /// Link back to the first page of a list.
    pub(crate) latest: &'static str,
    /// What a screen reader calls the links between pages of a list.
    pub(crate) paging: &'static str,
    /// Above the recent articles of an error page.
    pub(crate) recent: &'static str,

    /// The search field: its button, and the name of the page.
    pub(crate) search: &'static str,
    /// The search field: what a screen reader calls it.
    pub(crate) search_label: &'static str,
    /// The search field: what is in it before anything is typed.
    pub(crate) search_hint: &'static str,
    /// The title of an answer; `{}` stands for the question. Use [`Texts::search_for`].
    pub(crate) search_title: &'static str,
    /// Nothing was found; [`Texts::search_outcome`] chooses.
    pub(crate) found_nothing: &'static str,
    /// One article was found.
    pub(crate) found_one: &'static str,
    /// `{}` articles were found.
    pub(crate) found_some: &'static str,
    /// More than `{}` were found, which is how many can be seen.
    pub(crate) found_many: &'static str,
    /// Nothing was found: what a reader does next.
    pub(crate) search_advice: &'static str,
    /// Link to the page before this one.
    pub(crate) previous_page: &'static str,
    /// Link to the page after this one.
    pub(crate) next_page: &'static str,

    /// A site without any article: what is the case.
    pub(crate) no_articles: &'static str,
    /// A site without any article: what a reader can expect.
    pub(crate) no_articles_advice: &'static str,
    /// A site without any article: what its operator does next.
    pub(crate) no_articles_operator: &'static str,
    /// A category or tag without articles: what is the case.
    pub(crate) empty_list: &'static str,
    /// A category or tag without articles: what a reader does next.
    pub(crate) empty_list_advice: &'static str,

    /// Reading time; `{}` stands for the minutes. Use [`Texts::reading_time`].
    pub(crate) reading_minutes: &'static str,
    /// What a screen reader calls the link from a picture to the whole of it, where the picture has no words.
    pub(crate) whole_picture: &'static str,
    /// Before the credit of a picture.
    pub(crate) credit: &'static str,
    /// Before the tags below an article.
    pub(crate) tags: &'static str,
    /// Before the origin of an article.
    pub(crate) source: &'static str,
    /// Before the responsible editor.
    pub(crate) editor: &'static str,

    /// A day of any year.
    pub(crate) date: &'static str,
    /// A day of the current year, in lists.
    pub(crate) date_this_year: &'static str,
    /// A day and a time, below a headline.
    pub(crate) date_time: &'static str,

    /// What stands around articles.
    pub(crate) reader: ReaderTexts,

    /// Link to the feed.
    pub(crate) feed: &'static str,
    /// Before the number that support asks for.
    pub(crate) request_id: &'static str,

    /// The back office.
    pub(crate) office: &'static Office,
    /// Signing in.
    pub(crate) entrance: &'static Entrance,
    /// Categories and tags.
    pub(crate) arrange: &'static Arrange,
    /// Fixed pages and old addresses.
    pub(crate) fixed: &'static Fixed,
    /// Settings and verification files.
    pub(crate) setup: &'static Setup,
    /// One's own account.
    pub(crate) account: &'static Account,
    /// Who works here.
    pub(crate) people: &'static People,
    /// The first page of the back office.
    pub(crate) dashboard: &'static Dashboard,
    /// What was read.
    pub(crate) figures: &'static Figures,
    /// How the WeChat accounts are doing.
    pub(crate) accounts: &'static Accounts,
    /// Signing in by an account elsewhere.
    pub(crate) oauth: &'static OAuthTexts,
    /// Articles in the back office.
    pub(crate) articles: &'static Articles,
    /// The log of what happened.
    pub(crate) log: &'static Log,
    /// Pictures, videos and attachments.
    pub(crate) library: &'static Library,

    /// 404.
    pub(crate) not_found: ErrorText,
    /// 410: an article that was withdrawn.
    pub(crate) withdrawn: ErrorText,
    /// 400 and the other refusals of a request.
    pub(crate) bad_request: ErrorText,
    /// 429.
    pub(crate) too_many_requests: ErrorText,
    /// 503.
    pub(crate) unavailable: ErrorText,
    /// 500 and the other failures of ours.
    pub(crate) internal: ErrorText,
}

/// What an error page says: what happened, and what to do.
#[derive(Debug)]
pub(crate) struct ErrorText {
    /// One clause.
    pub(crate) headline: &'static str,
    /// One sentence.
    pub(crate) advice: &'static str,
}

impl Texts {
    /// "3 min read", in the language of these texts.
    pub(crate) fn reading_time(&self, minutes: u32) -> String {
        self.reading_minutes.replace("{}", &minutes.to_string())
    }

    /// The title of the answer to `query`.
    pub(crate) fn search_for(&self, query: &str) -> String {
        self.search_title.replace("{}", query)
    }

    /// How many articles were found; `more`: only `number` of them are shown.
    pub(crate) fn search_outcome(&self, number: usize, more: bool) -> String {
        let pattern = match number {
            _ if more => self.found_many,
            0 => self.found_nothing,
            1 => self.found_one,
            _ => self.found_some,
        };
        pattern.replace("{}", &number.to_string())
    }

    /// What the error page of an HTTP status says.
    pub(crate) fn error(&self, status: u16) -> &ErrorText {
        match status {
            404 => &self.not_found,
            410 => &self.withdrawn,
            429 => &self.too_many_requests,
            400..=499 => &self.bad_request,
            503 => &self.unavailable,
            _ => &self.internal,
        }
    }
}

/// `pattern` with its `{}` filled in turn; what is filled in is not looked at again.
pub(crate) fn fill(pattern: &str, values: &[&str]) -> String {
    let gaps = values.iter().copied().chain(std::iter::repeat(""));
    let mut parts = pattern.split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.zip(gaps).fold(first, |filled, (part, value)| filled + value + part)
}

/// The texts for a language tag such as `zh-CN` or `en`; Chinese for a language we do not speak.
pub(crate) fn texts(language_tag: &str) -> &'static Texts {
    match language_tag.split('-').next() {
        Some("en") => &EN,
        _ => &ZH,
    }
}

/// Simplified Chinese.
pub(crate) const ZH: Texts = Texts {
    locale: "zh_CN",
    home: "首页",
    to_home: "回到首页",
    skip_to_text: "跳到正文",
    sections: "栏目",
    large_text: "大字",
    high_contrast: "高对比度",

    pinned: "置顶",
    older: "更早的文章",
    latest: "回到最新",
    paging: "翻页",
    recent: "最近发布",

    search: "搜索",
    search_label: "搜索文章",
    search_hint: "标题、正文、作者",
    search_title: "搜索：{}",
    found_nothing: "没有找到相关文章",
    found_one: "找到 1 篇文章",
    found_some: "找到 {} 篇文章",
    found_many: "相关文章很多，以下是其中 {} 篇",
    search_advice: "换个说法，或少用几个字再试一次。",
    previous_page: "上一页",
    next_page: "下一页",

    no_articles: "还没有文章",
    no_articles_advice: "第一篇稿件发布后，会出现在这里。",
    no_articles_operator: "本站管理员：运行 wxpress import 目录，可导入已有的稿件。",
    empty_list: "这里还没有文章",
    empty_list_advice: "可以先看看其他栏目，或回到首页。",

    reading_minutes: "约 {} 分钟读完",
    whole_picture: "查看原图",
    credit: "摄影：",
    tags: "标签",
    source: "来源：",
    editor: "责任编辑：",

    date: "%Y年%-m月%-d日",
    date_this_year: "%-m月%-d日",
    date_time: "%Y年%-m月%-d日 %H:%M",

    reader: reader::ZH,

    feed: "订阅",
    request_id: "编号：",

    office: &office::ZH,
    entrance: &entrance::ZH,
    arrange: &arrange::ZH,
    fixed: &fixed::ZH,
    setup: &setup::ZH,
    account: &account::ZH,
    people: &people::ZH,
    dashboard: &dashboard::ZH,
    figures: &figures::ZH,
    accounts: &accounts::ZH,
    oauth: &oauth::ZH,
    articles: &articles::ZH,
    log: &log::ZH,
    library: &library::ZH,

    not_found: ErrorText {
        headline: "没有找到这个页面",
        advice: "地址可能有误，或者页面已经移走，请核对链接，或回到首页查找。",
    },
    withdrawn: ErrorText {
        headline: "这篇文章已经撤下", advice: "编辑部已将它撤稿，原文不再提供。"
    },
    bad_request: ErrorText {
        headline: "这个地址无法打开",
        advice: "链接可能在转发时被截断或改动，请向分享的人要一份完整的链接。",
    },
    too_many_requests: ErrorText {
        headline: "访问过于频繁", advice: "请等一分钟，再重新打开这个页面。"
    },
    unavailable: ErrorText {
        headline: "页面暂时打不开", advice: "网站正在维护或十分繁忙，请过几分钟再试。"
    },
    internal: ErrorText {
        headline: "页面出了问题",
        advice: "故障已经记录，请稍后再试；如果一直打不开，请把下面的编号告诉我们。",
    },
};

/// English.
pub(crate) const EN: Texts = Texts {
    locale: "en_GB",
    home: "Home",
    to_home: "Go to the home page",
    skip_to_text: "Skip to the text",
    sections: "Sections",
    large_text: "Large text",
    high_contrast: "High contrast",

    pinned: "Pinned",
    older: "Older articles",
    latest: "Back to the latest",
    paging: "Pages",
    recent: "Recent articles",

    search: "Search",
    search_label: "Search articles",
    search_hint: "Headline, text, author",
    search_title: "Search: {}",
    found_nothing: "No articles found",
    found_one: "1 article found",
    found_some: "{} articles found",
    found_many: "Many articles found; here are {} of them",
    search_advice: "Try other words, or fewer of them.",
    previous_page: "Previous page",
    next_page: "Next page",

    no_articles: "No articles yet",
    no_articles_advice: "The first article will appear here once it is published.",
    no_articles_operator: "If you run this site: wxpress import FOLDER takes in articles you already have.",
    empty_list: "No articles here yet",
    empty_list_advice: "Have a look at the other sections, or go back to the home page.",

    reading_minutes: "{} min read",
    whole_picture: "View the whole picture",
    credit: "Photo: ",
    tags: "Tags",
    source: "Source: ",
    editor: "Editor: ",

    date: "%-d %B %Y",
    date_this_year: "%-d %B",
    date_time: "%-d %B %Y, %H:%M",

    reader: reader::EN,

    feed: "Feed",
    request_id: "Reference: ",

    office: &office::EN,
    entrance: &entrance::EN,
    arrange: &arrange::EN,
    fixed: &fixed::EN,
    setup: &setup::EN,
    account: &account::EN,
    people: &people::EN,
    dashboard: &dashboard::EN,
    figures: &figures::EN,
    accounts: &accounts::EN,
    oauth: &oauth::EN,
    articles: &articles::EN,
    log: &log::EN,
    library: &library::EN,

    not_found: ErrorText {
        headline: "This page was not found",
        advice: "The address may be wrong or the page may have moved: please check the link, or start from the home page.",
    },
    withdrawn: ErrorText {
        headline: "This article has been withdrawn",
        advice: "The newsroom has withdrawn it, and its text is no longer available.",
    },
    bad_request: ErrorText {
        headline: "This address cannot be opened",
        advice: "The link may have been cut or changed on its way: please ask for the complete link.",
    },
    too_many_requests: ErrorText {
        headline: "Too many requests",
        advice: "Please wait a minute and open the page again.",
    },
    unavailable: ErrorText {
        headline: "This page is not available just now",
        advice: "The site is under maintenance or very busy: please try again in a few minutes.",
    },
    internal: ErrorText {
        headline: "Something went wrong with this page",
        advice: "The fault has been recorded: please try again later, and if it persists, tell us the reference below.",
    },
};

#[cfg(test)]
mod tests {
    use super::{EN, ZH, texts};

    #[test]
    fn a_language_we_do_not_speak_reads_chinese() {
        assert_eq!(texts("en").home, EN.home);
        assert_eq!(texts("en-GB").home, EN.home);
        assert_eq!(texts("zh-CN").home, ZH.home);
        assert_eq!(texts("fr").home, ZH.home);
    }

    #[test]
    fn reading_time_names_the_minutes() {
        assert_eq!(ZH.reading_time(3), "约 3 分钟读完");
        assert_eq!(EN.reading_time(3), "3 min read");
    }

    #[test]
    fn every_status_has_a_text() {
        assert_eq!(ZH.error(410).headline, ZH.withdrawn.headline);
        assert_eq!(ZH.error(405).headline, ZH.bad_request.headline);
        assert_eq!(ZH.error(502).headline, ZH.internal.headline);
    }
}
