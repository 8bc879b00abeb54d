//! Text in a box of a form, by people who may know no HTML: each line is a paragraph, and markup stays what it is.

use crate::content::Html;
use crate::content::html::is_block;

/// Elements with nothing in them.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

/// What somebody typed who does not know HTML: a line that stands in no element is a paragraph, also beside one.
pub(super) fn paragraphs(typed: &str) -> Html {
    let clean = Html::clean(&marked(typed));
    let (mut markup, mut line) = (String::with_capacity(clean.as_str().len()), Line::default());
    let mut depth: usize = 0;
    for piece in pieces(clean.as_str()) {
        match piece {
            Piece::Words(words) if depth == 0 && line.depth == 0 => {
                let mut parts = words.split('\n');
                line.write(parts.next().unwrap_or_default());
                for part in parts {
                    line.end(&mut markup);
                    markup.push('\n');
                    line.write(part);
                }
            }
            Piece::Words(words) if depth == 0 => line.write(words),
            Piece::Words(words) => markup.push_str(words),
            Piece::Tag { name, deeper, tag } if depth > 0 || (line.depth == 0 && is_block(name)) => {
                line.end(&mut markup);
                markup.push_str(tag);
                depth = depth.saturating_add_signed(deeper);
            }
            Piece::Tag { name, deeper, tag } => line.open(name, deeper, tag),
        }
    }
    line.end(&mut markup);
    Html::clean(&markup)
}

/// What was typed as markup: a less-than sign that begins no tag is one that was typed, and without any tag so is an
/// ampersand.
fn marked(typed: &str) -> String {
    let (mut markup, mut rest, mut is_plain) = (String::with_capacity(typed.len()), typed, true);
    while let Some((words, after)) = rest.split_once('<') {
        let is_tag = begins_tag(after);
        is_plain &= !is_tag;
        markup.push_str(words);
        markup.push_str(if is_tag { "<" } else { "&lt;" });
        rest = after;
    }
    markup.push_str(rest);
    if is_plain { typed.replace('&', "&amp;").replace('<', "&lt;") } else { markup }
}

/// Whether what stands behind a less-than sign makes a tag of it: a name, and an end before the next sign.
fn begins_tag(rest: &str) -> bool {
    if rest.starts_with("!--") {
        return true;
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let mut quote = None;
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .find(|character| match (quote, character) {
                (None, '"' | '\'') => {
                    quote = Some(*character);
                    false
                }
                (None, '<' | '>') => true,
                (Some(open), close) if open == *close => {
                    quote = None;
                    false
                }
                _ => false,
            })
            .is_some_and(|end| end == '>')
}

/// A line that stands in no element.
#[derive(Debug, Default)]
struct Line {
    markup: String,
    /// How many of its elements are open.
    depth: usize,
    has_words: bool,
    has_blocks: bool,
}

impl Line {
    fn write(&mut self, words: &str) {
        self.has_words |= !words.trim().is_empty();
        self.markup.push_str(words);
    }

    fn open(&mut self, name: &str, deeper: isize, tag: &str) {
        self.has_blocks |= is_block(name);
        self.depth = self.depth.saturating_add_signed(deeper);
        self.markup.push_str(tag);
    }

    /// A paragraph, if it is one; a picture alone is none.
    fn end(&mut self, markup: &mut String) {
        let Self { markup: line, has_words, has_blocks, .. } = std::mem::take(self);
        if has_words && !has_blocks {
            markup.push_str("<p>");
            markup.push_str(line.trim());
            markup.push_str("</p>");
        } else {
            markup.push_str(&line);
        }
    }
}

/// A part of clean markup.
#[derive(Debug)]
enum Piece<'a> {
    Words(&'a str),
    Tag {
        name: &'a str,
        /// How many more elements are open behind it.
        deeper: isize,
        tag: &'a str,
    },
}

/// The parts of clean markup, in which the signs of a tag stand for nothing else, not even in an attribute.
fn pieces(markup: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = markup;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if rest.starts_with('<') { rest.find('>').map(|end| end + 1) } else { rest.find('<') };
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        let Some(tag) = piece.strip_prefix('<') else { return Some(Piece::Words(piece)) };
        let (name, closes) = tag.strip_prefix('/').map_or((tag, false), |name| (name, true));
        let name = name.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
        let deeper = match (closes, VOID.contains(&name)) {
            (true, _) => -1,
            (false, true) => 0,
            (false, false) => 1,
        };
        Some(Piece::Tag { name, deeper, tag: piece })
    })
}

/// Markup with a line for each block, so that people find their way in it.
pub(super) fn in_lines(markup: &str) -> String {
    ["p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table"]
        .iter()
        .fold(markup.to_owned(), |markup, block| markup.replace(&format!("</{block}><"), &format!("</{block}>\n<")))
}

/// Where in clean markup something can be inserted, in bytes: behind its first `lines` lines and whatever element they
/// end in.
pub(super) fn place_after(markup: &Html, lines: usize) -> usize {
    let (mut place, mut depth, mut number) = (0, 0_usize, 0);
    if lines == 0 {
        return 0;
    }
    for piece in pieces(markup.as_str()) {
        match piece {
            Piece::Words(words) => {
                for (at, _) in words.match_indices('\n') {
                    number += 1;
                    if number >= lines && depth == 0 {
                        return place + at + 1;
                    }
                }
                place += words.len();
            }
            Piece::Tag { deeper, tag, .. } => {
                number += tag.matches('\n').count();
                place += tag.len();
                depth = depth.saturating_add_signed(deeper);
            }
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(typed: &str) -> String {
        paragraphs(typed).as_str().to_owned()
    }

    #[test]
    fn lines_without_markup_become_paragraphs_and_markup_stays() {
        assert_eq!(stored("一\r\n\r\n　　二 & 三"), "<p>一</p>\n\n<p>二 &amp; 三</p>");
        assert_eq!(stored("&lt; 是小于号"), "<p>&amp;lt; 是小于号</p>");
        assert_eq!(stored("<p>一</p>\n二<strong>重</strong>点"), "<p>一</p>\n<p>二<strong>重</strong>点</p>");
        let markup = "<ul>\n<li>一\n二</li>\n</ul>\n<pre>a\n\nb\n</pre>\n<p>图<br>\n后</p>\n<hr>\n";
        assert_eq!(stored(markup), markup);
        let picture = "<figure><img data-media=\"0123456789abcdef0123456789abcdef\" alt=\"a &gt; b\"></figure>\n";
        assert_eq!(stored(picture), picture);
        assert_eq!(stored(&picture.replace("&gt;", ">")), picture);
    }

    #[test]
    fn a_line_that_begins_or_ends_with_markup_is_a_paragraph_too() {
        assert_eq!(
            stored("<b>粗</b>一\n<a href=\"/x\">链</a>\n<i>二\n三</i>"),
            "<p><b>粗</b>一</p>\n<p><a href=\"/x\" rel=\"noopener\">链</a></p>\n<p><i>二\n三</i></p>"
        );
        assert_eq!(stored("<p>一</p>二"), "<p>一</p><p>二</p>");
        assert_eq!(stored("新<p>旧</p>"), "<p>新</p><p>旧</p>");
        assert_eq!(
            stored("<h2>一</h2>\n二<ul><li>三</li></ul>四"),
            "<h2>一</h2>\n<p>二</p><ul><li>三</li></ul><p>四</p>"
        );
    }

    #[test]
    fn a_less_than_sign_takes_no_paragraph_from_what_follows() {
        for sign in ["PM2.5<35 微克", "1 < 2", "a<b", "<3", "<a \"", "</"] {
            let shown = sign.replace('<', "&lt;");
            assert_eq!(stored(&format!("一\n{sign}\n三")), format!("<p>一</p>\n<p>{shown}</p>\n<p>三</p>"));
            let beside = format!("<p>一</p>\n{sign}\n<p>三</p>");
            assert_eq!(stored(&beside), format!("<p>一</p>\n<p>{shown}</p>\n<p>三</p>"));
        }
        assert_eq!(stored("<!-- <b>x</b> -->一"), "<p>一</p>");
        assert_eq!(stored("<p title='<'>一</p>"), "<p title=\"&lt;\">一</p>");
    }

    #[test]
    fn a_stored_text_is_shown_in_lines_and_its_words_stay() {
        let shown = in_lines("<p>一</p><p>二</p><ul><li>三</li></ul><p>四</p>");
        assert_eq!(shown, "<p>一</p>\n<p>二</p>\n<ul><li>三</li></ul>\n<p>四</p>");
        assert_eq!(stored(&shown), shown);
    }

    #[test]
    fn the_place_after_a_line_is_in_no_element() {
        let markup = Html::clean("<p>一</p>\n<ul>\n<li>二</li>\n</ul>\n<p>三</p>");
        let before = |lines| markup.as_str().split_at(place_after(&markup, lines)).0;
        assert_eq!(before(0), "");
        assert_eq!(before(1), "<p>一</p>\n");
        assert_eq!([before(2), before(3), before(4)], ["<p>一</p>\n<ul>\n<li>二</li>\n</ul>\n"; 3]);
        assert_eq!([before(5), before(usize::MAX)], [markup.as_str(); 2]);
        assert_eq!(place_after(&Html::default(), 3), 0);
    }
}
