//! What an import has to say: how much came in, and for each file what was wrong with it.

use std::fmt;

use super::folder::Outside;
use crate::content::media::Unfit;

/// The outcome of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Articles that were not here before.
    pub created: usize,
    /// Articles whose file has changed since the last import.
    pub updated: usize,
    /// Articles that are already here as their file has them.
    pub unchanged: usize,
    /// Of all these, those that readers do not see.
    pub drafts: usize,
    /// Of all these, those that are fixed pages and no articles.
    pub pages: usize,
    /// Files that were not taken in.
    pub refused: usize,
    /// Everything worth a line, in the order of the files' dates.
    pub problems: Vec<Problem>,
}

/// One line about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the folder.
    pub file: String,
    /// Where in it, counted from 1.
    pub line: Option<usize>,
    /// What about it.
    pub what: What,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file, self.what),
            None => write!(formatter, "{}: {}", self.file, self.what),
        }
    }
}

impl Problem {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}：{}", self.file, self.what.zh()),
            None => format!("{}：{}", self.file, self.what.zh()),
        }
    }
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// The system does not let us read it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A symbolic link may lead anywhere.
    #[error("is a symbolic link and was not followed")]
    Symlink,
    /// Folders within folders without end.
    #[error("lies too deep and was not entered")]
    TooDeep,
    /// Longer than any article.
    #[error("refused: longer than 2 MB")]
    TooLong,
    /// Neither UTF-8, UTF-16 nor GBK.
    #[error("refused: not a text in UTF-8, UTF-16 or GBK")]
    NotText,
    /// The front matter begins but does not end.
    #[error("refused: the front matter is not closed by a line {0}")]
    FrontMatterOpen(&'static str),
    /// The front matter cannot be understood.
    #[error("refused: the front matter is broken: {0}")]
    FrontMatterBroken(String),
    /// The front matter could be understood, but not without a choice.
    #[error("the front matter is odd: {0}; the last one counts")]
    FrontMatterOdd(String),
    /// The database did not take it.
    #[error("refused: {0}")]
    NotStored(String),
    /// It was withdrawn here; an import does not undo that.
    #[error("was withdrawn on this site and stays so")]
    Withdrawn,
    /// Somebody is working on it.
    #[error("is in review or scheduled on this site; its new text was not taken")]
    BeingWorkedOn,
    /// Other Markdown in the folder of an `index.md`.
    #[error("belongs to the page beside it and is no article of its own")]
    PartOfBundle,
    /// Not UTF-8 as it should be.
    #[error("read as {0}")]
    Encoding(&'static str),
    /// No title anywhere.
    #[error("has no title; its name is used")]
    NoTitle,
    /// No date in the front matter.
    #[error("has no date; the time of the file is used")]
    NoDate,
    /// A date that cannot be understood.
    #[error("the date {0:?} cannot be understood; the time of the file is used")]
    Date(String),
    /// It would go out before its time.
    #[error("is dated in the future and stays a draft")]
    FutureDate,
    /// `draft: true` for an article that readers see.
    #[error("is a draft now, but stays published here; withdraw it on this site if readers should not see it")]
    StillPublished,
    /// A slug that no address can hold.
    #[error("the slug {0:?} cannot be an address")]
    Slug(String),
    /// Two articles want one address.
    #[error("the address {0} belongs to another article; its number is used")]
    SlugTaken(String),
    /// An alias that is no path of a site.
    #[error("the alias {0:?} is not a path")]
    Alias(String),
    /// Two articles want one alias.
    #[error("the alias {0} already leads elsewhere")]
    AliasTaken(String),
    /// A picture that is not there.
    #[error("the picture {0} does not exist")]
    PictureMissing(String),
    /// A picture on another server.
    #[error("the picture {0} lies elsewhere and became a link")]
    PictureRemote(String),
    /// A lead image on another server: there is no place for a link.
    #[error("the lead image {0} lies elsewhere and was left out")]
    LeadRemote(String),
    /// A picture within the text itself.
    #[error("a picture embedded in the text was left out")]
    PictureEmbedded,
    /// `../` out of the folder.
    #[error("the picture {0} lies outside the folder and was not read")]
    PictureOutside(String),
    /// A symbolic link on the way to a picture.
    #[error("the picture {0} is a symbolic link and was not followed")]
    PictureSymlink(String),
    /// A file that is not taken in as a picture.
    #[error("the picture {0} was left out: {1}")]
    PictureUnfit(String, Unfit),
    /// A file to download that is not there.
    #[error("the attachment {0} does not exist")]
    AttachmentMissing(String),
    /// `../` out of the folder.
    #[error("the attachment {0} lies outside the folder and was not read")]
    AttachmentOutside(String),
    /// A symbolic link on the way to an attachment.
    #[error("the attachment {0} is a symbolic link and was not followed")]
    AttachmentSymlink(String),
    /// A file that is not taken in as an attachment.
    #[error("the attachment {0} was left out: {1}")]
    AttachmentUnfit(String, Unfit),
    /// More elements within elements than any text needs.
    #[error("the markup is nested too deeply; only its words were taken")]
    TooNested,
    /// `draft: true` for a fixed page.
    #[error("is a draft, which a fixed page cannot be, and was left alone")]
    PageDraft,
    /// A fixed page without a name that an address can hold.
    #[error("has no name in ASCII letters; its address is /pages/{0}. Give it a slug for a better one")]
    PageAddress(String),
    /// Two fixed pages want one address.
    #[error("refused: the address /pages/{0} belongs to another page")]
    PageTaken(String),
    /// It was imported as an article before.
    #[error("is a fixed page now; the article that it was stays published, withdraw it on this site")]
    StillArticle,
    /// A template of the old system.
    #[error("the shortcode {0} is shown as text")]
    Shortcode(String),
}

impl What {
    /// Whether the file was kept out because of it.
    pub fn refuses(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_)
                | Self::Symlink
                | Self::TooDeep
                | Self::TooLong
                | Self::NotText
                | Self::FrontMatterOpen(_)
                | Self::FrontMatterBroken(_)
                | Self::NotStored(_)
                | Self::PageTaken(_)
        )
    }

    /// What is wrong with the address of a picture.
    pub(super) fn picture_nowhere(address: &str, outside: Outside) -> Self {
        let name = address.to_owned();
        match outside {
            Outside::Escapes => Self::PictureOutside(name),
            Outside::Symlink => Self::PictureSymlink(name),
            Outside::Missing => Self::PictureMissing(name),
        }
    }

    /// What is wrong with the address of an attachment.
    pub(super) fn attachment_nowhere(address: &str, outside: Outside) -> Self {
        let name = address.to_owned();
        match outside {
            Outside::Escapes => Self::AttachmentOutside(name),
            Outside::Symlink => Self::AttachmentSymlink(name),
            Outside::Missing => Self::AttachmentMissing(name),
        }
    }

    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("无法读取：{why}"),
            Self::Symlink => "是符号链接，未跟随".to_owned(),
            Self::TooDeep => "目录层级过深，未进入".to_owned(),
            Self::TooLong => "未导入：超过 2 MB".to_owned(),
            Self::NotText => "未导入：不是 UTF-8、UTF-16 或 GBK 文本".to_owned(),
            Self::FrontMatterOpen(fence) => format!("未导入：文件头缺少结束行 {fence}"),
            Self::FrontMatterBroken(why) => format!("未导入：文件头有误：{why}"),
            Self::FrontMatterOdd(why) => format!("文件头重复：{why}，以最后一个为准"),
            Self::NotStored(why) => format!("未导入：{why}"),
            Self::Withdrawn => "已在本站撤稿，保持撤稿".to_owned(),
            Self::BeingWorkedOn => "在本站送审或定时中，新文本未导入".to_owned(),
            Self::PartOfBundle => "属于同目录的页面，不是独立文章".to_owned(),
            Self::Encoding(name) => format!("按 {name} 编码读取"),
            Self::NoTitle => "没有标题，用文件名代替".to_owned(),
            Self::NoDate => "没有日期，用文件时间代替".to_owned(),
            Self::Date(date) => format!("日期“{date}”无法识别，用文件时间代替"),
            Self::FutureDate => "日期在将来，保留为草稿".to_owned(),
            Self::StillPublished => "现为草稿，但本站仍在发布；如不应公开，请在本站撤稿".to_owned(),
            Self::Slug(_) | Self::SlugTaken(_) | Self::Alias(_) | Self::AliasTaken(_) => self.address_zh(),
            Self::TooNested => "标记嵌套过深，只取文字".to_owned(),
            Self::PageDraft | Self::PageAddress(_) | Self::PageTaken(_) | Self::StillArticle => self.page_zh(),
            Self::Shortcode(code) => format!("短代码 {code} 按文本显示"),
            _ => self.picture_zh(),
        }
    }

    fn address_zh(&self) -> String {
        match self {
            Self::Slug(slug) => format!("链接名“{slug}”不能用作地址"),
            Self::SlugTaken(slug) => format!("地址 {slug} 已属于另一篇文章，改用编号"),
            Self::Alias(alias) => format!("别名“{alias}”不是路径"),
            Self::AliasTaken(alias) => format!("别名 {alias} 已指向别处"),
            _ => self.to_string(),
        }
    }

    fn page_zh(&self) -> String {
        match self {
            Self::PageDraft => "是草稿，固定页面没有草稿，未导入".to_owned(),
            Self::PageAddress(slug) => format!("名称不含英文字母，地址为 /pages/{slug}；可在文件头用 slug 另取"),
            Self::PageTaken(slug) => format!("未导入：地址 /pages/{slug} 已属于另一个页面"),
            Self::StillArticle => "现为固定页面，原先导入的文章仍在发布，请在本站撤稿".to_owned(),
            _ => self.to_string(),
        }
    }

    fn picture_zh(&self) -> String {
        match self {
            Self::PictureMissing(name) => format!("图片 {name} 不存在"),
            Self::PictureRemote(name) => format!("图片 {name} 在别处，已改为链接"),
            Self::LeadRemote(name) => format!("题图 {name} 在别处，已略去"),
            Self::PictureEmbedded => "文中内嵌的图片已略去".to_owned(),
            Self::PictureOutside(name) => format!("图片 {name} 在目录之外，未读取"),
            Self::PictureSymlink(name) => format!("图片 {name} 是符号链接，未跟随"),
            Self::PictureUnfit(name, why) => format!("图片 {name} 已略去：{}", why.zh()),
            _ => self.attachment_zh(),
        }
    }

    fn attachment_zh(&self) -> String {
        match self {
            Self::AttachmentMissing(name) => format!("附件 {name} 不存在"),
            Self::AttachmentOutside(name) => format!("附件 {name} 在目录之外，未读取"),
            Self::AttachmentSymlink(name) => format!("附件 {name} 是符号链接，未跟随"),
            Self::AttachmentUnfit(name, why) => format!("附件 {name} 已略去：{}", why.zh()),
            _ => self.to_string(),
        }
    }
}

/// Lines about one file, collected while it is read.
#[derive(Debug)]
pub(super) struct Notes {
    file: String,
    pub(super) problems: Vec<Problem>,
}

impl Notes {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), problems: Vec::new() }
    }

    pub(super) fn add(&mut self, what: What) {
        self.at(None, what);
    }

    pub(super) fn at(&mut self, line: Option<usize>, what: What) {
        let problem = Problem { file: self.file.clone(), line, what };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_file_and_line_in_both_languages() {
        let problem = Problem {
            file: "a/index.md".to_owned(),
            line: Some(7),
            what: What::PictureUnfit("b.png".to_owned(), Unfit::Broken),
        };

        assert_eq!(problem.to_string(), "a/index.md:7: the picture b.png was left out: the picture is damaged");
        assert_eq!(problem.zh(), "a/index.md:7：图片 b.png 已略去：图片已损坏");
    }
}
