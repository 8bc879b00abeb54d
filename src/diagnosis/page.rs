//! Checks that look at the site from outside, as a phone would: its own page, its signature, the SDK, the picture.

use serde_json::Value;
use url::Url;

use super::{Finding, Subject, Words};
use crate::credentials::{AccountKey, Kind};
use crate::fetch::{Answer, Fetch};
use crate::wechat::sign;

/// A phone (wechat-facts §7.1).
const WECHAT: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Mobile/15E148 MicroMessenger/8.0.56(0x18003831) NetType/4G Language/zh_CN";
const PAGE_CAP: usize = 4 * 1024 * 1024;
const SDK_CAP: usize = 1024 * 1024;
/// The largest picture of a card, in bytes (wechat-facts §5.4).
const IMAGE_CAP: usize = 100 * 1024;

/// Every check of this file.
pub(super) async fn examine(subject: Subject<'_>, words: Words, findings: &mut Vec<Finding>) {
    if let Some(block) = own_page(subject, words, findings).await {
        for report in subject.reports {
            signature(subject, &block, &report.account, words, findings);
        }
        share_image(subject.fetch, &block, words, findings).await;
    }
    if !subject.reports.is_empty() {
        sdk(subject, words, findings).await;
    }
}

/// The page's data block, if the page can be fetched and is ours.
async fn own_page(subject: Subject<'_>, words: Words, findings: &mut Vec<Finding>) -> Option<Value> {
    let address = subject.config.site.base_url.absolute(subject.page);
    let url = Url::parse(&address).ok()?;
    let fetched = subject.fetch.get_as(&url, WECHAT, PAGE_CAP).await;
    let trouble = match &fetched {
        Ok(answer) if answer.status == 200 => None,
        Ok(answer) => Some(format!("HTTP {}", answer.status)),
        Err(error) => Some(error.to_string()),
    };
    if let Some(trouble) = trouble {
        let what = words.pick("从外面打不开自己的页面", "the site's own page cannot be fetched from outside");
        let cure = words.pick(
            "先运行 wxpress serve；再检查 DNS、反向代理与 site.base_url 是否一致",
            "start wxpress serve; then compare DNS, the reverse proxy and site.base_url",
        );
        findings.push(Finding::problem("own_page", format!("{what}: {address} ({trouble})"), cure));
        return None;
    }
    let html = fetched.ok().map(|answer| String::from_utf8_lossy(&answer.body).into_owned())?;
    let canonical = between(&html, "data-canonical=\"", "\"");
    let block = between(&html, "id=\"wx-share\">", "</script>").and_then(|json| serde_json::from_str(json).ok());
    match (canonical, block) {
        (Some(canonical), Some(block)) if canonical == address => {
            findings.push(Finding::good(
                "own_page",
                format!("{}: {address}", words.pick("页面可访问", "the page answers")),
            ));
            Some(block)
        }
        _ => {
            let what = words.pick(
                "这个地址上的页面不是本程序给出的，或被中间环节改过",
                "the page at this address is not this program's, or something changed it on its way",
            );
            let cure = words
                .pick("检查反向代理指向与 site.base_url", "check where the reverse proxy points, and site.base_url");
            findings.push(Finding::problem("own_page", format!("{what}: {address}"), cure));
            None
        }
    }
}

fn signature(subject: Subject<'_>, block: &Value, account: &AccountKey, words: Words, findings: &mut Vec<Finding>) {
    let check = "signature";
    let Some(held) = subject.credentials.ticket(account, Kind::JsapiTicket) else { return };
    let Some(values) = block.get(account.platform.name()) else {
        let what = words.pick("页面里没有 wx.config 的值", "the page carries no values for wx.config");
        let cure = words.pick(
            "运行中的程序还没取到 ticket，或用的是另一份设置：看它的日志，必要时重启",
            "the running program has no ticket yet, or other settings: look at its log, or restart it",
        );
        findings.push(Finding::problem(check, format!("{account}: {what}"), cure));
        return;
    };
    let text = |key: &str| values.get(key).and_then(Value::as_str).unwrap_or_default();
    let timestamp = values.get("timestamp").and_then(Value::as_i64).unwrap_or_default();
    let url = block.get("url").and_then(Value::as_str).unwrap_or_default();
    if text("appId") != account.id {
        let what = words.pick("页面里的 AppID 与设置不同", "the page's id is not the one in the settings");
        let cure =
            words.pick("运行中的程序用的是另一份设置，请重启它", "the running program has other settings: restart it");
        findings.push(Finding::problem(check, format!("{account}: {what}"), cure));
    } else if sign(&held.value, text("nonceStr"), timestamp, url) == text("signature") {
        let what = words.pick("页面的签名核对无误", "the page's signature is right");
        findings.push(Finding::good(check, format!("{account}: {what}")));
    } else {
        let what = words.pick(
            "页面的签名用的是另一张 ticket（它也可能仍然有效）",
            "the page is signed with another ticket, which may still be valid",
        );
        let cure = words.pick(
            "几秒后再运行一次；若仍如此，确认运行中的程序用的是同一个数据库",
            "run this again in a few seconds; if it stays, check that the running program uses the same database",
        );
        findings.push(Finding::warning(check, format!("{account}: {what}"), cure));
    }
}

async fn share_image(fetch: &Fetch, block: &Value, words: Words, findings: &mut Vec<Finding>) {
    let address = block.pointer("/card/imgUrl").and_then(Value::as_str).unwrap_or_default();
    let Ok(url) = Url::parse(address) else { return };
    let complaint = match fetch.get(&url, PAGE_CAP).await {
        Ok(answer) => image_complaint(&answer, words),
        Err(error) => Some(error.to_string()),
    };
    let check = "share_image";
    match complaint {
        None => findings.push(Finding::good(
            check,
            format!("{}: {address}", words.pick("卡片图片可用", "the card's picture is fit")),
        )),
        Some(complaint) => {
            let what = words.pick("卡片图片不可用", "the card's picture is not fit");
            let cure = words.pick("微信取图时不带登录、不跟随跳转：检查反向代理对 /media/ 与 /static/ 的处理", "WeChat fetches without login and follows no redirect: check what the proxy does with /media/ and /static/");
            findings.push(Finding::problem(check, format!("{what}: {address} ({complaint})"), cure));
        }
    }
}

fn image_complaint(answer: &Answer, words: Words) -> Option<String> {
    if answer.status != 200 {
        return Some(format!("HTTP {}", answer.status));
    }
    let content_type = answer.header("content-type").unwrap_or_default();
    if !matches!(content_type, "image/jpeg" | "image/png") {
        return Some(format!("{} {content_type}", words.pick("类型", "type")));
    }
    (answer.body.len() > IMAGE_CAP).then(|| format!("{} {}", words.pick("字节数", "bytes:"), answer.body.len()))
}

async fn sdk(subject: Subject<'_>, words: Words, findings: &mut Vec<Finding>) {
    for url in &subject.config.wechat.sdk_urls {
        let fetched = subject.fetch.get(url, SDK_CAP).await;
        if fetched.is_ok_and(|answer| answer.status == 200 && !answer.body.is_empty()) {
            findings.push(Finding::good(
                "sdk",
                format!("{}: {url}", words.pick("JS-SDK 可下载", "the JS-SDK can be loaded")),
            ));
            return;
        }
    }
    let what = words.pick(
        "从本机下载不到 JS-SDK（读者的手机也许可以）",
        "the JS-SDK cannot be loaded from this machine; phones may still reach it",
    );
    let cure = words.pick(
        "若读者所在网络也封了 res.wx.qq.com，把 jweixin-1.6.0.js 存为数据目录下的 jweixin.js，程序会自己提供",
        "if readers cannot reach res.wx.qq.com either, save jweixin-1.6.0.js as jweixin.js in the data directory",
    );
    findings.push(Finding::warning("sdk", what, cure));
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}
