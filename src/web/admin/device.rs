//! A browser in a few words, for the list of sessions: enough to know one's own devices, and no more is kept.

use super::super::texts::people::People;

/// As it is stored; [`shown`] says it in the page's language.
const WECOM: &str = "WeCom";
const WECHAT: &str = "WeChat";

/// What the browser is, by a sign in its own name; the first that fits counts, because most also claim to be others.
const BROWSERS: &[(&str, &str)] = &[
    ("wxwork/", WECOM),
    ("MicroMessenger/", WECHAT),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("HuaweiBrowser/", "HuaweiBrowser"),
    ("MiuiBrowser/", "MiuiBrowser"),
    ("QQBrowser/", "QQBrowser"),
    ("UCBrowser/", "UCBrowser"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// What was stored, in the words of a page.
pub(crate) fn shown(device: &str, words: &People) -> String {
    device.replace(WECOM, words.wecom).replace(WECHAT, words.official)
}

/// `Chrome · Windows`; empty for what is no browser that we know.
pub(crate) fn of(agent: &str) -> String {
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    let parts: Vec<&str> = [find(BROWSERS), find(SYSTEMS)].into_iter().flatten().collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_from_those_that_it_claims_to_be() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(of(chrome), "Chrome · Windows");
        assert_eq!(of(&format!("{chrome} Edg/140.0")), "Edge · Windows");
        let wechat = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI";
        assert_eq!(of(wechat), "WeChat · iPhone");
        assert_eq!(of(&format!("{wechat} wxwork/4.1")), "WeCom · iPhone");
        assert_eq!(of("curl/8.0"), "");
        assert_eq!(of("<script>alert(1)</script>"), "");
    }
}
