//! Checks that need no network: the settings against each other.

use super::{Finding, Words};
use crate::config::{BaseUrl, Config};
use crate::wechat::domain;

/// Every check of this file.
pub(super) fn examine(config: &Config, words: Words) -> Vec<Finding> {
    let mut findings = vec![address(config, words)];
    findings.extend(listening(config, words));
    findings.push(accounts(config, words));
    if let Some(official) = &config.wechat.official {
        findings.push(safe_domain(&config.site.base_url, &official.js_domain, words));
    }
    findings
}

/// What is said at start-up, too: a base address on this machine whose port nobody listens on.
pub(super) fn port_mismatch(config: &Config) -> bool {
    let base = &config.site.base_url;
    base.is_loopback() && base.port() != Some(config.server.listen.port())
}

fn address(config: &Config, words: Words) -> Finding {
    let base = &config.site.base_url;
    let what = format!("{} {base}", words.pick("站点地址", "the site's address is"));
    if base.is_https() || base.is_loopback() {
        return Finding::good("base_url", what);
    }
    let cure = words.pick(
        "对外的站点应使用 https：给域名配上证书，再把 site.base_url 改为 https://…",
        "a public site should use https: get a certificate and change site.base_url to https://…",
    );
    Finding::warning("base_url", what, cure)
}

fn listening(config: &Config, words: Words) -> Option<Finding> {
    let base = &config.site.base_url;
    if !port_mismatch(config) {
        return None;
    }
    let listen = config.server.listen;
    let what = match words.pick("zh", "en") {
        "zh" => format!("site.base_url 是 {base}，程序却监听 {listen}：页面地址与签名地址会对不上"),
        _ => {
            format!("site.base_url is {base}, but the program listens at {listen}: pages and signatures will not match")
        }
    };
    let cure = words.pick("让两者的端口一致", "make the two ports the same");
    Some(Finding::warning("listen", what, cure))
}

fn accounts(config: &Config, words: Words) -> Finding {
    match (&config.wechat.official, &config.wechat.wecom) {
        (None, None) => Finding::warning(
            "account",
            words.pick(
                "没有设置公众号或企业微信：站点照常可读，但转发出去没有卡片，只有标题和地址",
                "no official account and no WeCom: the site can be read, but what is passed on has no card",
            ),
            words.pick(
                "到 mp.weixin.qq.com「设置与开发 → 开发接口管理 → 基本配置」取 AppID 与 AppSecret，设置 wechat.official.app_id 与 app_secret",
                "get AppID and AppSecret at mp.weixin.qq.com, 设置与开发 → 开发接口管理 → 基本配置, and set wechat.official.app_id and app_secret",
            ),
        ),
        (Some(official), _) => {
            Finding::good("account", format!("{} {}", words.pick("公众号", "official account"), official.app_id))
        }
        (None, Some(wecom)) => Finding::good("account", format!("{} {}", words.pick("企业微信", "WeCom"), wecom.corp_id)),
    }
}

/// Whether the site lies under a safe domain as the operator copied them from the console.
pub(super) fn safe_domain(base: &BaseUrl, domains: &[String], words: Words) -> Finding {
    let check = "safe_domain";
    let place = format!("{}{}", base.host(), base.prefix());
    if domains.is_empty() {
        let what = words.pick(
            "没有设置 wechat.official.js_domain，无法核对 JS接口安全域名",
            "wechat.official.js_domain is not set, so the safe domain cannot be compared",
        );
        let cure = words.pick(
            "到「设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名」点「设置」，加入站点域名，并把同样的内容填入 wechat.official.js_domain",
            "press 设置 at 设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名, add the site's host, and copy it into wechat.official.js_domain",
        );
        return Finding::warning(check, what, format!("{cure}: {place}"));
    }
    if let Some(complaint) = domains.iter().find_map(|domain| domain::complaint(domain)) {
        return Finding::problem(check, format!("wechat.official.js_domain: {}", domains.join(", ")), complaint);
    }
    let path = format!("{}/", base.prefix());
    if domains.iter().any(|domain| domain::covers(domain, base.host(), &path)) {
        let what = words.pick("站点在 JS接口安全域名之内", "the site lies under a safe domain");
        return Finding::good(check, format!("{what}: {}", domains.join(", ")));
    }
    let what = match words.pick("zh", "en") {
        "zh" => format!("站点 {place} 不在 JS接口安全域名 {} 之内：手机会报 invalid url domain", domains.join(", ")),
        _ => format!(
            "the site {place} lies under none of the safe domains {}: phones will say invalid url domain",
            domains.join(", ")
        ),
    };
    let cure = words.pick(
        "到「设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名」点「设置」加入它，或把 site.base_url 改到该域名之下",
        "add it at 设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名 (设置), or move site.base_url below that domain",
    );
    Finding::problem(check, what, cure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;
    use crate::diagnosis::Verdict;

    #[test]
    fn the_safe_domain_may_be_a_host_or_a_path() {
        let verdict = |base: &str, domain: &str| {
            let domains: Vec<String> = domain.split(',').filter(|text| !text.is_empty()).map(str::to_owned).collect();
            safe_domain(&BaseUrl::parse(base).unwrap(), &domains, Words(Language::English)).verdict
        };
        assert_eq!(verdict("https://www.example.com/mp", "www.example.com/mp"), Verdict::Good);
        assert_eq!(verdict("https://www.example.com/mp", "example.com"), Verdict::Good);
        assert_eq!(verdict("https://www.example.com/mp", "www.example.com/news"), Verdict::Problem);
        assert_eq!(verdict("https://www.example.com", "other.cn"), Verdict::Problem);
        assert_eq!(verdict("https://www.example.com", "https://www.example.com"), Verdict::Problem);
        assert_eq!(verdict("https://www.example.com", ""), Verdict::Warning);
    }
}
