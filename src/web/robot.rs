//! Which programs are no readers, by the name they give themselves. Most never get as far as a report, because they run
//! no script; the others say who they are, for a site that throws them out is a site they cannot show.

/// What stands anywhere in the name of such a program.
const SIGNS: &[&str] = &[
    "spider",
    "crawl",
    "slurp",
    "headless",
    "lighthouse",
    "pagespeed",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "webdriver",
    "archiver",
    "facebookexternalhit",
    "embedly",
    "preview",
    "monitor",
    "pingdom",
    "uptime",
    "curl/",
    "wget/",
    "python",
    "scrapy",
    "go-http-client",
    "okhttp",
    "java/",
    "axios",
    "node-fetch",
    "undici",
    "postman",
];

/// Phones whose brand only looks like it.
const PHONES: &[&str] = &["cubot"];

/// Whether `agent`, a `User-Agent`, is no person's browser. Every browser says something.
pub(crate) fn is_robot(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    let mut words = agent.split(|character: char| !character.is_ascii_alphanumeric());
    agent.trim().is_empty()
        || SIGNS.iter().any(|sign| agent.contains(sign))
        || words.any(|word| (word.ends_with("bot") || word.ends_with("bots")) && !PHONES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_say_so_are_robots() {
        for agent in [
            "",
            " ",
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/126.0.0.0 Safari/537.36",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
            "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
            "Mozilla/5.0 (compatible; YisouSpider/5.0; +http://www.yisou.com/)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
            "python-requests/2.31.0",
            "curl/8.5.0",
            "Go-http-client/1.1",
            "SomeBots/1.0",
        ] {
            assert!(is_robot(agent), "{agent}");
        }
    }

    #[test]
    fn readers_are_not() {
        for agent in [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.56(0x18003831) NetType/4G Language/zh_CN",
            "Mozilla/5.0 (Linux; Android 13; 23049RAD8C Build/TKQ1.221114.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260117 MMWEBSDK/20240404 MMWEBID/8833 MicroMessenger/8.0.49.2600(0x2800313D) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64",
            "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.4758.102 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090c33) XWEB/11581 Flue",
            "Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 wxwork/4.1.33 MicroMessenger/7.0.1 NetType/WIFI Language/zh Lang/zh ColorScheme/Light",
            "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Mozilla/5.0 (Linux; Android 11; CUBOT P40) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; U; Android 12; zh-cn; PEGM00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100 MQQBrowser/13.6 Mobile Safari/537.36",
        ] {
            assert!(!is_robot(agent), "{agent}");
        }
    }
}
