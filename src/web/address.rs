//! Which addresses are this site's: the rule of `share-config`, and nothing else. Pure.

use crate::config::BaseUrl;

/// The longest path and query that is signed, in bytes.
const LONGEST: usize = 2048;

/// The absolute address of `target` (path and query as a browser has them in `location`), if it may be signed: the
/// origin always comes from the settings, so no input can make this site sign for another (threat W2).
pub(crate) fn signable(base: &BaseUrl, target: &str) -> Option<String> {
    let (path, _query) = target.split_once('?').unwrap_or((target, ""));
    let below = path.strip_prefix(base.prefix())?;
    let fits = target.len() <= LONGEST
        && below.starts_with('/')
        && !path.contains("//")
        && !path.split('/').any(is_dots)
        && target.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>'))
        && percent_signs_are_escapes(target);
    fits.then(|| format!("{}{target}", base.origin()))
}

/// `.` and `..`, also escaped: a browser resolves them before it has an address.
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

fn percent_signs_are_escapes(text: &str) -> bool {
    let mut rest = text.split('%');
    rest.next();
    rest.all(|part| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What must never be signed.
    const HOSTILE: [&str; 64] = [
        // Not below the prefix.
        "",
        "/",
        "?",
        "/articles/a",
        "/mpx/a",
        "/m/p/a",
        "mp/a",
        "/MP/a",
        "/mp?x",
        "/mp",
        "?/mp/a",
        "/a/../mp/a",
        "/%6dp/a",
        // Another host, by every trick a URL parser or a proxy falls for.
        "//evil.cn/mp/a",
        "///evil.cn/mp/a",
        "/\\evil.cn/mp/a",
        "\\\\evil.cn/mp/a",
        "https://evil.cn/mp/a",
        "http:/mp/a",
        "https:/mp/a",
        "//mp/a",
        "@evil.cn/mp/a",
        "/@evil.cn/mp/a",
        ".evil.cn/mp/a",
        ":80/mp/a",
        "javascript:alert(1)",
        "data:,/mp/a",
        "/mp//evil.cn",
        "/mp/a//b",
        "/mp\\..\\a",
        "/mp/\\evil.cn",
        "evil.cn/mp/a",
        "user@evil.cn/mp/",
        // Dots, plain and escaped, that a browser resolves.
        "/mp/../a",
        "/mp/..",
        "/mp/.",
        "/mp/./a",
        "/mp/a/..",
        "/mp/%2e%2E/a",
        "/mp/%2E/a",
        "/mp/.%2e/a",
        "/mp/%2e./a",
        // What no address holds.
        "/mp/a#b",
        "/mp/a?b#c",
        "/mp/a b",
        "/mp/a\tb",
        "/mp/a\r\nSet-Cookie: x",
        "/mp/a\nb",
        "/mp/a\0",
        "/mp/a\u{7f}",
        "/mp/新",
        "/mp/?q=新",
        "/mp/\u{202e}a",
        "/mp/\u{feff}",
        "/mp/\"",
        "/mp/<x>",
        "/mp/?<script>",
        "/mp/a>",
        // Escapes that are none.
        "/mp/%zz",
        "/mp/%e",
        "/mp/%",
        "/mp/a?%",
        "/mp/a?q=%g0",
        "/mp/%%41",
    ];

    fn base() -> BaseUrl {
        BaseUrl::parse("https://news.example.cn/mp").unwrap()
    }

    #[test]
    fn an_address_of_this_site_is_signed_byte_for_byte() {
        for target in
            ["/mp/articles/a?from=singlemessage&isappinstalled=0", "/mp/?a=%E6%96%b0", "/mp/articles/a?", "/mp/x'y|z"]
        {
            assert_eq!(signable(&base(), target), Some(format!("https://news.example.cn{target}")));
        }
    }

    #[test]
    fn anything_else_is_not() {
        let long = format!("/mp/{}", "a".repeat(3000));
        for target in HOSTILE.into_iter().chain([long.as_str()]) {
            assert_eq!(signable(&base(), target), None, "{target}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_signed_lies_on_this_site(target in "\\PC{0,80}|/mp/[ -~]{0,40}") {
            if let Some(address) = signable(&base(), &target) {
                let parsed = url::Url::parse(&address).unwrap();
                prop_assert_eq!(parsed.origin().ascii_serialization(), "https://news.example.cn");
                prop_assert!(parsed.path().starts_with("/mp/"), "{}", address);
            }
        }
    }
}
