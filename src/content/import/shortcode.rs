//! Templates of the old system in the text: a figure becomes a picture, anything else is shown as it stands. Pure.

use crate::content::html::escaped;

/// No template is longer, in characters; beyond that it is text that happens to hold braces.
const LONGEST: usize = 2000;

/// The Markdown without templates, and those that it now shows as text.
pub(super) fn replace(markdown: &str) -> (String, Vec<String>) {
    let mut out = String::with_capacity(markdown.len());
    let mut shown = Vec::new();
    for (is_code, piece) in pieces(markdown) {
        if is_code {
            out.push_str(&piece);
        } else {
            replace_in_text(&piece, &mut out, &mut shown);
        }
    }
    (out, shown)
}

/// The text in pieces, fenced code apart from the rest.
fn pieces(markdown: &str) -> Vec<(bool, String)> {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    let mut fence: Option<String> = None;
    for line in markdown.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '>']).trim_end();
        let mark: String = trimmed.chars().take_while(|character| matches!(character, '`' | '~')).collect();
        let is_fence = mark.len() >= 3 && mark.chars().all(|character| mark.starts_with(character));
        let is_code = fence.is_some() || is_fence;
        match &fence {
            None if is_fence => fence = Some(mark),
            Some(open) if is_fence && mark.starts_with(open.as_str()) && trimmed == mark => fence = None,
            _ => {}
        }
        match pieces.last_mut() {
            Some((kind, piece)) if *kind == is_code => piece.push_str(line),
            _ => pieces.push((is_code, line.to_owned())),
        }
    }
    pieces
}

fn replace_in_text(text: &str, out: &mut String, shown: &mut Vec<String>) {
    let mut rest = text;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        // Within inline code it is text already.
        let in_code = before.ends_with('`');
        if let Some((code, after)) = code(from).filter(|_| !in_code) {
            put(code, out, shown);
            rest = after;
        } else {
            // A lone brace; what follows it may still be a template.
            out.push('{');
            rest = from.strip_prefix('{').unwrap_or_default();
        }
    }
    out.push_str(rest);
}

/// The template at the start of `text`, and what follows it.
fn code(text: &str) -> Option<(&str, &str)> {
    let end = match text.get(..3)? {
        "{{<" => ">}}",
        "{{%" => "%}}",
        _ if is_call(text) => return call(text),
        _ => return None,
    };
    let within = text.char_indices().nth(LONGEST).map_or(text, |(index, _)| text.get(..index).unwrap_or(text));
    let end = within.find(end)? + end.len();
    Some(text.split_at(end))
}

/// Zola's form: `{{ name(…) }}`, `{% name(…) %}` and the `{% end %}` of the latter.
fn is_call(text: &str) -> bool {
    let name = text.trim_start_matches(['{', '%', ' ']);
    let after = name.trim_start_matches(|character: char| character.is_ascii_alphanumeric() || character == '_');
    name.len() > after.len() && (after.starts_with('(') || (text.starts_with("{%") && name.starts_with("end")))
}

fn call(text: &str) -> Option<(&str, &str)> {
    let line = text.lines().next()?;
    let end = if text.starts_with("{{") { "}}" } else { "%}" };
    let end = line.find(end)? + end.len();
    Some(text.split_at(end))
}

fn put(code: &str, out: &mut String, shown: &mut Vec<String>) {
    let inner = code.trim_matches(['{', '}', '<', '>', '%']).trim();
    // How a manual shows a template without running it.
    if let Some(literal) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
        out.push_str(&format_code(&code.replacen(inner, literal.trim(), 1)));
        return;
    }
    let name = inner.split([' ', '\n', '\t']).next().unwrap_or_default();
    if matches!(name, "figure" | "img" | "image")
        && let Some(figure) = figure(inner)
    {
        out.push_str(&figure);
        return;
    }
    let one_line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push_str(&format_code(&one_line));
    shown.push(one_line);
}

fn format_code(text: &str) -> String {
    format!("`` {text} ``")
}

/// Markup for `figure src="…" alt="…" caption="…" title="…"`.
fn figure(inner: &str) -> Option<String> {
    let values = parameters(inner);
    let value = |names: &[&str]| {
        let found = |name: &&str| values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        names.iter().find_map(found).filter(|value| !value.is_empty())
    };
    let src = escaped(value(&["src"])?);
    let caption = value(&["caption", "title"]).map(escaped);
    let alt = value(&["alt", "caption", "title"]).map(escaped).unwrap_or_default();
    let caption = caption.map(|caption| format!("<figcaption>{caption}</figcaption>")).unwrap_or_default();
    Some(format!("\n\n<figure><img src=\"{src}\" alt=\"{alt}\">{caption}</figure>\n\n"))
}

/// `key="value"` pairs; values may stand in double quotes, single quotes, backticks or none.
fn parameters(inner: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.split_whitespace().last().unwrap_or_default().to_lowercase();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|character| matches!(character, '"' | '\'' | '`'));
        let (value, left) = match quote {
            Some(quote) => after.strip_prefix(quote).and_then(|text| text.split_once(quote)).unwrap_or((after, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        found.push((key, value.split_whitespace().collect::<Vec<_>>().join(" ")));
        rest = left;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_figure_becomes_a_picture() {
        let (markdown, shown) = replace("前\n\n{{< figure src=\"a.png\" caption=\"图 & 一\" >}}\n\n后");

        assert!(markdown.contains("<img src=\"a.png\" alt=\"图 &amp; 一\"><figcaption>图 &amp; 一</figcaption>"));
        assert!(shown.is_empty());
    }

    #[test]
    fn any_other_template_is_shown_and_listed() {
        let (markdown, shown) = replace("看 {{< youtube abc >}} 和 {{ youtube(id=\"x\") }} 和 {% note() %}文{% end %}");

        assert!(markdown.contains("`` {{< youtube abc >}} ``"));
        assert_eq!(shown, ["{{< youtube abc >}}", "{{ youtube(id=\"x\") }}", "{% note() %}", "{% end %}"]);
    }

    #[test]
    fn code_keeps_its_braces() {
        for code in ["```yaml\nx: {{ .Values.x }}\n{{< y >}}\n```\n", "`{{< y >}}`", "a {{ .Values.x }} b", "{{", "{{<"]
        {
            assert_eq!(replace(code), (code.to_owned(), Vec::new()), "{code}");
        }
    }

    #[test]
    fn a_quoted_template_is_shown_without_its_quotes() {
        assert_eq!(replace("{{</* figure src=\"x\" */>}}"), ("`` {{<figure src=\"x\">}} ``".to_owned(), Vec::new()));
    }

    proptest! {
        #[test]
        fn text_without_templates_is_untouched(text in "[a-z中\n`~ {%>}<\"=]{0,60}") {
            let (replaced, shown) = replace(&text);
            if shown.is_empty() && !replaced.contains("``") && !replaced.contains("<figure>") {
                prop_assert_eq!(replaced, text);
            }
        }
    }
}
