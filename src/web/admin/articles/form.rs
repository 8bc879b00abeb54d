//! The form of an article: what was typed, as it was typed, and the fields that it means.

use serde::Deserialize;

use super::super::super::texts::articles::Articles;
use super::super::form::FormErrors;
use super::super::markup::{in_lines, paragraphs};
use super::super::typed;
use crate::content::article::{Fields, LONGEST_LINE, Share};
use crate::content::{MediaId, Slug};

/// What people put between tags.
const BETWEEN_TAGS: [char; 6] = [',', '，', '、', ';', '；', '\n'];

/// What a form means.
pub(crate) type Read = Result<(Fields, Option<Slug>), FormErrors>;

/// Tags of one article; each has a page of its own.
const MOST_TAGS: usize = 30;

/// What was typed. Missing fields are empty, so that an old page's form is still read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Written {
    /// The version of the working copy that was on the page.
    pub(crate) version: i64,
    pub(crate) headline: String,
    pub(crate) standfirst: String,
    pub(crate) summary: String,
    pub(crate) byline: String,
    pub(crate) source: String,
    pub(crate) editor: String,
    pub(crate) body: String,
    pub(crate) lead_media: String,
    pub(crate) drop_lead: bool,
    pub(crate) share_title: String,
    pub(crate) moments_title: String,
    pub(crate) share_text: String,
    pub(crate) share_media: String,
    pub(crate) drop_share: bool,
    pub(crate) category: String,
    pub(crate) tags: String,
    pub(crate) slug: String,
    /// Which button was pressed.
    pub(crate) then: String,
    /// How many lines of the text stand above the place where something is to be inserted; empty: all of them.
    pub(crate) line: String,
    /// The mark under which the device keeps what was sent, until it comes back in the address of the next page.
    pub(crate) kept: String,
}

impl Written {
    /// The device's mark; empty where there is none.
    pub(crate) fn mark(&self) -> &str {
        let is_mark = self.kept.len() <= 40 && self.kept.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_mark { &self.kept } else { "" }
    }

    /// How many lines of the text stand above what is to be inserted; none: it goes to the end.
    pub(crate) fn line(&self) -> Option<u32> {
        self.line.parse().ok()
    }

    /// The form of a text as it is stored.
    pub(crate) fn of(fields: &Fields, version: i64, slug: &str) -> Self {
        let media = |id: Option<&MediaId>| id.map(MediaId::to_string).unwrap_or_default();
        Self {
            version,
            headline: fields.headline.clone(),
            standfirst: fields.standfirst.clone(),
            summary: fields.summary.clone(),
            byline: fields.byline.clone(),
            source: fields.source.clone(),
            editor: fields.editor.clone(),
            body: in_lines(fields.body.as_str()),
            lead_media: media(fields.lead_media.as_ref()),
            drop_lead: false,
            share_title: fields.share.title.clone(),
            moments_title: fields.share.moments_title.clone(),
            share_text: fields.share.text.clone(),
            share_media: media(fields.share.media.as_ref()),
            drop_share: false,
            kept: String::new(),
            category: fields.category.map(|id| id.to_string()).unwrap_or_default(),
            tags: fields.tags.join("、"),
            slug: slug.to_owned(),
            then: String::new(),
            line: String::new(),
        }
    }

    /// The fields that are meant, and the address; or what is wrong.
    pub(crate) fn read(&self, t: &'static Articles) -> Read {
        let mut errors = FormErrors::default();
        self.check_lengths(t, &mut errors);
        let category = self.category.trim();
        let category = (!category.is_empty()).then(|| category.parse::<i64>());
        if matches!(category, Some(Err(_))) {
            errors.add("category", t.bad_category);
        }
        let slug = self.slug.trim();
        let slug = (!slug.is_empty()).then(|| typed::slug(slug));
        if matches!(slug, Some(Err(_))) {
            errors.add("slug", t.bad_slug);
        }
        let lead = picture(&self.lead_media, self.drop_lead);
        let share = picture(&self.share_media, self.drop_share);
        for (name, picture) in [("lead_media", &lead), ("share_media", &share)] {
            if matches!(picture, Some(Err(()))) {
                errors.add(name, t.bad_picture);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let fields = Fields {
            headline: self.headline.clone(),
            standfirst: self.standfirst.clone(),
            summary: self.summary.clone(),
            byline: self.byline.clone(),
            source: self.source.clone(),
            editor: self.editor.clone(),
            body: paragraphs(&self.body),
            lead_media: lead.and_then(Result::ok),
            share: Share {
                title: self.share_title.clone(),
                moments_title: self.moments_title.clone(),
                text: self.share_text.clone(),
                media: share.and_then(Result::ok),
            },
            category: category.and_then(Result::ok),
            tags: self.tags.split(BETWEEN_TAGS).map(str::to_owned).collect(),
        };
        Ok((fields.tidied(), slug.and_then(Result::ok)))
    }

    /// What is too long is not cut in silence.
    fn check_lengths(&self, t: &'static Articles, errors: &mut FormErrors) {
        let names = &t.fields;
        let lines = [
            ("headline", names.headline, &self.headline),
            ("standfirst", names.standfirst, &self.standfirst),
            ("summary", names.summary, &self.summary),
            ("byline", names.byline, &self.byline),
            ("source", names.source, &self.source),
            ("editor", names.editor, &self.editor),
            ("share_title", names.share_title, &self.share_title),
            ("moments_title", names.moments_title, &self.moments_title),
            ("share_text", names.share_text, &self.share_text),
        ];
        let tags = self.tags.split(BETWEEN_TAGS).map(|tag| ("tags", names.tags, tag));
        let number = tags.clone().filter(|(.., tag)| !tag.trim().is_empty()).count();
        if number > MOST_TAGS {
            errors.add(
                "tags",
                t.too_many_tags.replace("{0}", &MOST_TAGS.to_string()).replace("{1}", &number.to_string()),
            );
            return;
        }
        for (field, name, text) in lines.map(|(field, name, text)| (field, name, text.as_str())).into_iter().chain(tags)
        {
            let length = text.trim().chars().count();
            if length > LONGEST_LINE {
                let (most, length) = (LONGEST_LINE.to_string(), length.to_string());
                errors.add(field, t.too_long.replace("{0}", name).replace("{1}", &most).replace("{2}", &length));
            }
        }
    }
}

/// The picture that a hidden field names, unless it is to go.
fn picture(id: &str, dropped: bool) -> Option<Result<MediaId, ()>> {
    let id = id.trim();
    (!id.is_empty() && !dropped).then(|| id.parse().map_err(|_not_an_id| ()))
}

#[cfg(test)]
mod tests {
    use super::super::super::super::texts::ZH;
    use super::*;
    use crate::content::Html;

    #[test]
    fn what_was_stored_reads_back_as_itself() {
        let fields = Fields {
            headline: "水库放水".to_owned(),
            body: Html::clean("<h2>一</h2>\n<p>二<br>三</p>\n<ul><li>四</li></ul>\n"),
            lead_media: "0123456789abcdef0123456789abcdef".parse().ok(),
            category: Some(3),
            tags: vec!["水利".to_owned(), "汛情 夏".to_owned()],
            share: Share { title: "卡".to_owned(), ..Share::default() },
            ..Fields::default()
        };

        let (read, slug) = Written::of(&fields, 4, "dam").read(ZH.articles).unwrap();

        assert_eq!((read, slug), (fields, "dam".parse().ok()));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let long = "长".repeat(501);
        let written = Written {
            headline: long.clone(),
            summary: long,
            slug: "水库".to_owned(),
            category: "x".to_owned(),
            lead_media: "../x".to_owned(),
            ..Written::default()
        };

        let errors = written.read(ZH.articles).unwrap_err().errors;

        let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["headline", "summary", "category", "slug", "lead_media"]);
        assert!(errors[0].text.contains("501"), "{}", errors[0].text);
        let tags = |number| Written { tags: vec!["标"; number].join("、"), ..Written::default() };
        assert!(tags(MOST_TAGS).read(ZH.articles).is_ok());
        let errors = tags(100_000).read(ZH.articles).unwrap_err().errors;
        assert_eq!((errors[0].field, errors.len()), ("tags", 1));
        assert!(errors[0].text.contains("100000"), "{}", errors[0].text);
    }
}
