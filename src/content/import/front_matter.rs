//! The block of settings at the top of a document, in YAML or TOML, under the names that Hugo, Zola and Jekyll use.
//! Pure.

use serde_json::{Map, Value};
use serde_saphyr::DuplicateKeyPolicy;

use super::report::What;

/// What a document says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) byline: Option<String>,
    pub(super) source: Option<String>,
    pub(super) editor: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) slug: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) draft: bool,
    pub(super) lead: Option<String>,
    /// Whether it is a fixed page.
    pub(super) is_page: bool,
    /// Its place among others.
    pub(super) weight: Option<i64>,
}

/// A document in its two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts<'a> {
    language: Option<Language>,
    head: &'a str,
    body: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Yaml,
    Toml,
}

impl Language {
    fn fence(self) -> &'static str {
        match self {
            Self::Yaml => "---",
            Self::Toml => "+++",
        }
    }
}

/// Why front matter is refused, and the line.
pub(super) type Refusal = (Option<usize>, What);

/// A document taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed<'a> {
    pub(super) front: FrontMatter,
    pub(super) body: &'a str,
    /// What was wrong with the front matter, though it could be read.
    pub(super) odd: Option<Refusal>,
}

/// The settings and the text that follows them.
pub(super) fn parse(document: &str) -> Result<Parsed<'_>, Refusal> {
    let parts = split(document)?;
    let (table, odd) = match parts.language {
        None => (Map::new(), None),
        Some(Language::Yaml) => yaml(parts.head)?,
        Some(Language::Toml) => (toml(parts.head)?, None),
    };
    Ok(Parsed { front: FrontMatter::from_table(&lower_case(table)), body: parts.body, odd })
}

fn split(document: &str) -> Result<Parts<'_>, Refusal> {
    let nothing = Parts { language: None, head: "", body: document };
    let mut lines = document.split_inclusive('\n');
    let Some(first) = lines.next() else { return Ok(nothing) };
    let opened = [Language::Yaml, Language::Toml].into_iter().find(|language| first.trim_end() == language.fence());
    let Some(language) = opened else { return Ok(nothing) };
    let start = first.len();
    let mut end = start;
    for line in lines {
        let closes = line.trim_end() == language.fence() || (language == Language::Yaml && line.trim_end() == "...");
        if closes {
            let head = document.get(start..end).unwrap_or_default();
            let body = document.get(end + line.len()..).unwrap_or_default();
            return Ok(Parts { language: Some(language), head, body });
        }
        end += line.len();
    }
    Err((Some(1), What::FrontMatterOpen(language.fence())))
}

/// YAML allows a key once. Templates that were filled in by hand hold some twice, and other programs take the last.
fn yaml(head: &str) -> Result<(Map<String, Value>, Option<Refusal>), Refusal> {
    let strict = serde_saphyr::from_str::<Value>(head);
    let (value, odd) = match strict {
        Ok(value) => (value, None),
        Err(error) => {
            let (line, why) = explained(&error);
            let lenient = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
            match serde_saphyr::from_str_with_options(head, lenient) {
                Ok(value) => (value, Some((line, What::FrontMatterOdd(why)))),
                Err(_) => return Err((line, What::FrontMatterBroken(why))),
            }
        }
    };
    match value {
        Value::Object(table) => Ok((table, odd)),
        Value::Null => Ok((Map::new(), odd)),
        _ => Err((Some(2), What::FrontMatterBroken("it is not a list of keys and values".to_owned()))),
    }
}

/// The line in the document and the reason, without the library's advice to programmers.
fn explained(error: &serde_saphyr::Error) -> (Option<usize>, String) {
    // The first line of the document is the fence.
    let line = error.location().and_then(|location| usize::try_from(location.line()).ok()).map(|line| line + 1);
    let text = first_line(&error.without_snippet().to_string());
    let text = [" at line ", ", set "]
        .into_iter()
        .fold(text.as_str(), |text, tail| text.split_once(tail).map_or(text, |(before, _)| before));
    (line, text.to_owned())
}

fn toml(head: &str) -> Result<Map<String, Value>, Refusal> {
    let table: toml::Table = head.parse().map_err(|error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = head.get(..offset).unwrap_or(head).matches('\n').count() + 2;
        (Some(line), What::FrontMatterBroken(first_line(error.message())))
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => yes.into(),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => values.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, from_toml(value))).collect(),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

fn lower_case(table: Map<String, Value>) -> Map<String, Value> {
    let lower = |(key, value): (String, Value)| {
        let value = match value {
            Value::Object(inner) => Value::Object(lower_case(inner)),
            other => other,
        };
        (key.to_lowercase(), value)
    };
    table.into_iter().map(lower).collect()
}

impl FrontMatter {
    fn from_table(table: &Map<String, Value>) -> Self {
        let find = |names: &[&str]| find(table, names);
        let text = |names: &[&str]| find(names).and_then(text_of);
        let list = |names: &[&str]| find(names).map(|value| list_of(value, true)).unwrap_or_default();
        let paths = |names: &[&str]| find(names).map(|value| list_of(value, false)).unwrap_or_default();
        let mut aliases = paths(&["aliases", "alias", "redirect_from"]);
        // An address of its own on the old site.
        aliases.extend(text(&["url", "permalink", "path"]).filter(|path| path.starts_with('/')));
        let unpublished = find(&["published"]).and_then(truth) == Some(false);
        Self {
            title: text(&["title"]),
            date: text(&["date", "publishdate", "pubdate", "created"]),
            byline: text(&["author", "authors", "byline"]),
            source: text(&["source"]),
            editor: text(&["editor", "责任编辑"]),
            summary: text(&["summary", "description", "excerpt", "abstract"]),
            tags: list(&["tags", "tag"]),
            categories: list(&["categories", "category"]),
            slug: text(&["slug"]),
            aliases,
            is_page: ["type", "layout"].iter().any(|name| text(&[*name]).is_some_and(|kind| kind == "page")),
            weight: find(&["weight"]).and_then(Value::as_i64),
            draft: unpublished || find(&["draft"]).and_then(truth) == Some(true),
            lead: find(&[
                "banner",
                "image",
                "cover",
                "featured_image",
                "featuredimage",
                "thumbnail",
                "images",
                "cover_image",
            ])
            .and_then(picture),
        }
    }
}

/// The first of `names` that is filled, at the top or in the tables where Zola and Hugo keep their own.
fn find<'a>(table: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let inner = ["taxonomies", "extra", "params"].into_iter().filter_map(|name| table.get(name)?.as_object());
    let tables: Vec<&Map<String, Value>> = std::iter::once(table).chain(inner).collect();
    let filled = |value: &&Value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => true,
    };
    tables.into_iter().find_map(|table| names.iter().find_map(|name| table.get(*name).filter(filled)))
}

fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Array(values) => values.iter().filter_map(text_of).collect::<Vec<_>>().join("、"),
        Value::Object(table) => table.get("name").and_then(text_of)?,
        Value::Null => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Names or paths; one text may hold several names.
fn list_of(value: &Value, commas: bool) -> Vec<String> {
    let names = match value {
        Value::Array(values) => values.iter().filter_map(text_of).collect(),
        Value::String(text) if commas => text.split([',', '，', '、']).map(str::to_owned).collect(),
        other => Vec::from_iter(text_of(other)),
    };
    names.iter().map(|name| unquoted(name)).filter(|name| !name.is_empty()).collect()
}

/// A name without the curly quotes that word processors put where straight ones were meant.
fn unquoted(name: &str) -> String {
    name.trim_matches(|character: char| character.is_whitespace() || "“”‘’\"'".contains(character)).to_owned()
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::String(text) if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") || text.eq_ignore_ascii_case("no") => Some(false),
        _ => None,
    }
}

/// A picture's address, however it is wrapped.
fn picture(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Array(values) => values.first().and_then(picture),
        Value::Object(table) => {
            ["image", "src", "url", "path"].iter().find_map(|name| table.get(*name)).and_then(picture)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn hugo_yaml_is_read() {
        let Parsed { front, body, odd } = parse(
            "---\ntitle: \"标题\"\ndate: 2018-10-09T12:26:41+08:00\nauthor: 张三\nsummary: 摘要\ntags: [\"a\", b]\n\
             categories: [“envoy”,”practice\"]\nslug: hello\naliases: \"/old/\"\ndraft: true\nbanner: /img/x.jpg\n---\n正文\n",
        )
        .unwrap();

        assert_eq!(front.title.as_deref(), Some("标题"));
        assert_eq!(front.date.as_deref(), Some("2018-10-09T12:26:41+08:00"));
        assert_eq!(front.byline.as_deref(), Some("张三"));
        assert_eq!(front.tags, strings(&["a", "b"]));
        assert_eq!(front.categories, strings(&["envoy", "practice"]));
        assert_eq!(front.aliases, strings(&["/old/"]));
        assert_eq!(front.lead.as_deref(), Some("/img/x.jpg"));
        assert!(front.draft);
        assert_eq!((body, odd), ("正文\n", None));
    }

    #[test]
    fn zola_toml_is_read() {
        let Parsed { front, body, odd } = parse(
            "+++\ntitle = \"标题\"\ndate = 2018-10-09\nauthors = [\"张三\", \"李四\"]\naliases = [\"/a\", \"/b\"]\n\
             [taxonomies]\ntags = [\"x\"]\ncategories = [\"要闻\"]\n[extra]\nimage = \"a.png\"\nsource = \"县报\"\n+++\n\n正文",
        )
        .unwrap();

        assert_eq!(front.date.as_deref(), Some("2018-10-09"));
        assert_eq!(front.byline.as_deref(), Some("张三、李四"));
        assert_eq!((front.tags, front.categories), (strings(&["x"]), strings(&["要闻"])));
        assert_eq!((front.lead.as_deref(), front.source.as_deref()), (Some("a.png"), Some("县报")));
        assert_eq!(front.aliases, strings(&["/a", "/b"]));
        assert_eq!((body, odd), ("\n正文", None));
    }

    #[test]
    fn a_document_without_front_matter_is_all_body() {
        for document in ["# 标题\n", ""] {
            assert_eq!(parse(document), Ok(Parsed { front: FrontMatter::default(), body: document, odd: None }));
        }
    }

    #[test]
    fn broken_front_matter_is_refused_with_its_line() {
        assert_eq!(parse("---\ntitle: x\n"), Err((Some(1), What::FrontMatterOpen("---"))));
        let line = |document| parse(document).unwrap_err().0;
        assert_eq!(line("---\ntitle: x\ntags: [a, b\n---\n"), Some(3));
        assert_eq!(line("---\ntitle: \"x\ndate: y\n---\n"), Some(3));
        assert_eq!(line("+++\ntitle = \"x\"\ndate = \n+++\n"), Some(3));
        assert_eq!(line("---\n- a\n---\n"), Some(2));
    }

    #[test]
    fn a_key_that_stands_twice_is_noted_and_the_last_counts() {
        let parsed = parse("---\ntitle: 一\ntitle: 二\n---\n").unwrap();

        assert_eq!(parsed.front.title.as_deref(), Some("二"));
        assert_eq!(parsed.odd, Some((Some(3), What::FrontMatterOdd("duplicate mapping key: title".to_owned()))));
    }

    #[test]
    fn other_spellings_lead_to_the_same() {
        let lead = |line: &str| parse(&format!("---\n{line}\n---\n")).unwrap().front.lead;
        for line in ["image: a.png", "cover:\n  image: a.png", "images: [a.png, b.png]", "featuredImage: a.png"] {
            assert_eq!(lead(line).as_deref(), Some("a.png"), "{line}");
        }
        assert!(parse("---\npublished: false\n---\n").unwrap().front.draft);
        assert_eq!(parse("---\nauthor: {name: 张三}\n---\n").unwrap().front.byline.as_deref(), Some("张三"));
        assert_eq!(parse("---\ntags: a，b, c\n---\n").unwrap().front.tags, strings(&["a", "b", "c"]));
        assert_eq!(parse("---\ntitle: 2024\n---\n").unwrap().front.title.as_deref(), Some("2024"));
    }

    #[test]
    fn a_fixed_page_says_so() {
        let is_page = |line: &str| parse(&format!("---\n{line}\n---\n")).unwrap().front.is_page;
        for line in ["type: page", "layout: page", "Type: page", "params:\n  type: page"] {
            assert!(is_page(line), "{line}");
        }
        for line in ["type: post", "layout: pages", "title: page", "kind: page"] {
            assert!(!is_page(line), "{line}");
        }
        assert_eq!(parse("---\nweight: 3\n---\n").unwrap().front.weight, Some(3));
        assert_eq!(parse("---\nweight: heavy\n---\n").unwrap().front.weight, None);
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut bomb = "---\na: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (name, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
            let nine = vec![format!("*{before}"); 9].join(", ");
            bomb.extend([format!("{name}: &{name} [{nine}]\n")]);
        }
        bomb.push_str("---\n");

        assert!(parse(&bomb).is_err());
    }

    proptest! {
        #[test]
        fn no_document_makes_it_panic(head in "[-+:a-z\\[\\]{}\"'&*!|>\n 中0-9=#]{0,80}", fence in "---|\\+\\+\\+") {
            let _read = parse(&format!("{fence}\n{head}\n{fence}\nbody"));
        }
    }
}
