//! Text in a box of a form, by people who may know no HTML: each line is a paragraph, and markup stays what it is.

/// What somebody typed who does not know HTML: a line that stands in no element and begins with none is a paragraph.
pub(super) fn paragraphs(typed: &str) -> String {
    let mut markup = String::with_capacity(typed.len());
    let mut depth: usize = 0;
    let plain = !typed.contains('<');
    for line in typed.lines() {
        let inside = depth > 0;
        depth = depth_after(line, depth);
        let words = line.trim();
        if words.is_empty() || inside || depth > 0 || words.starts_with('<') {
            markup.push_str(line);
        } else {
            // Without any markup around it, an ampersand is one that was typed.
            let words = if plain { words.replace('&', "&amp;") } else { words.to_owned() };
            markup.push_str("<p>");
            markup.push_str(&words);
            markup.push_str("</p>");
        }
        markup.push('\n');
    }
    if !typed.ends_with('\n') {
        markup.pop();
    }
    markup
}

/// Markup with a line for each block, so that people find their way in it.
pub(super) fn in_lines(markup: &str) -> String {
    ["p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table"]
        .iter()
        .fold(markup.to_owned(), |markup, block| markup.replace(&format!("</{block}><"), &format!("</{block}>\n<")))
}

/// Where in `markup` something can be inserted, in bytes: behind its first `lines` lines and whatever element they end in.
pub(super) fn place_after(markup: &str, lines: usize) -> usize {
    let (mut place, mut depth) = (0, 0);
    for (number, line) in markup.split_inclusive('\n').enumerate() {
        if number >= lines && depth == 0 {
            break;
        }
        depth = depth_after(line, depth);
        place += line.len();
    }
    place
}

/// How many elements are open behind `line`, if `depth` were before it.
fn depth_after(line: &str, depth: usize) -> usize {
    line.split('<').skip(1).fold(depth, |depth, tag| {
        let name = |tag: &str| tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        match tag.strip_prefix('/') {
            Some(_closing) => depth.saturating_sub(1),
            None if matches!(name(tag).as_str(), "" | "br" | "hr" | "img" | "col" | "wbr") => depth,
            None => depth + 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_markup_become_paragraphs_and_markup_stays() {
        assert_eq!(paragraphs("一\r\n\r\n二 & 三"), "<p>一</p>\n\n<p>二 &amp; 三</p>");
        assert_eq!(paragraphs("<p>一</p>\n二<strong>重</strong>点"), "<p>一</p>\n<p>二<strong>重</strong>点</p>");
        let markup = "<ul>\n<li>一\n二</li>\n</ul>\n<pre>\na\n\nb\n</pre>\n<p>图<img data-media=\"x\"><br>\n后</p>";
        assert_eq!(paragraphs(markup), markup);
        assert_eq!(paragraphs("1 < 2"), "<p>1 < 2</p>");
    }

    #[test]
    fn a_stored_text_is_shown_in_lines_and_its_words_stay() {
        let shown = in_lines("<p>一</p><p>二</p><ul><li>三</li></ul><p>四</p>");
        assert_eq!(shown, "<p>一</p>\n<p>二</p>\n<ul><li>三</li></ul>\n<p>四</p>");
        assert_eq!(paragraphs(&shown), shown);
    }

    #[test]
    fn the_place_after_a_line_is_in_no_element() {
        let markup = "<p>一</p>\n<ul>\n<li>二</li>\n</ul>\n<p>三</p>";
        let before = |lines| &markup[..place_after(markup, lines)];
        assert_eq!(before(0), "");
        assert_eq!(before(1), "<p>一</p>\n");
        assert_eq!([before(2), before(3), before(4)], ["<p>一</p>\n<ul>\n<li>二</li>\n</ul>\n"; 3]);
        assert_eq!([before(5), before(usize::MAX)], [markup; 2]);
        // What is never closed ends with the text.
        assert_eq!(place_after("<p>一\n二", 1), "<p>一\n二".len());
        assert_eq!(place_after("", 3), 0);
    }
}
