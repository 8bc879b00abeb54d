//! Checks that walk WeChat's steps one by one: token, ticket, signature. A wrong token shows only in the next step.

use std::time::Duration;

use super::{Finding, Words};
use crate::clock::Millis;
use crate::credentials::overview::Report;
use crate::credentials::{AccountKey, Kind, Trouble};
use crate::wechat::{JsapiTicket, Platform, sign};

/// WeChat's own example, which this program must be able to repeat (wechat-facts §3).
const EXAMPLE_TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
const EXAMPLE_SIGNATURE: &str = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";

/// A ticket with less life than this is given to no page.
const LEAST_LIFE: Duration = Duration::from_mins(1);

/// Every check of this file, from what the account's keeper wrote down.
pub(super) fn examine(report: &Report, now: Millis, words: Words, findings: &mut Vec<Finding>) {
    let account = &report.account;
    if account.platform == Platform::Official {
        findings.push(arithmetic(words));
    }
    for line in &report.lines {
        let remaining = report.remaining(line.kind, now);
        if line.kind == Kind::AccessToken && remaining > Duration::ZERO {
            let what = words.pick("取到 access_token，剩余分钟数", "access_token obtained, minutes left");
            findings.push(Finding::good("token", format!("{account}: {what}: {}", remaining.as_secs() / 60)));
        } else if line.kind != Kind::AccessToken && remaining >= LEAST_LIFE {
            let what = words.pick("已取到，剩余分钟数", "obtained, minutes left");
            let minutes = remaining.as_secs() / 60;
            findings.push(Finding::good("ticket", format!("{account}: {} {what}: {minutes}", line.kind.name())));
        }
    }
    match &report.trouble {
        Some(trouble) => findings.push(failure(account, trouble, words)),
        None if report.remaining(Kind::JsapiTicket, now) < LEAST_LIFE => findings.push(nothing_yet(account, words)),
        None => {}
    }
}

fn nothing_yet(account: &AccountKey, words: Words) -> Finding {
    let what = words.pick(
        "现在没有可用的 jsapi_ticket，转发的卡片会缺少标题和图片",
        "there is no usable jsapi_ticket now; cards lack title and picture",
    );
    let cure = words.pick(
        "确认 wxpress serve 正在运行；刚刚启动时等几秒即可",
        "make sure that wxpress serve is running; just after a start it takes a few seconds",
    );
    Finding::problem("ticket", format!("{account}: {what}"), cure)
}

fn arithmetic(words: Words) -> Finding {
    let example = JsapiTicket::new(EXAMPLE_TICKET.to_owned());
    let signature =
        example.map(|ticket| sign(&ticket, "Wm3WZYTPz0wzccnW", 1_414_587_457, "http://mp.weixin.qq.com?params=value"));
    if signature.as_deref() == Some(EXAMPLE_SIGNATURE) {
        return Finding::good(
            "arithmetic",
            words.pick("签名算法与微信官方示例一致", "the signature of WeChat's own example is repeated"),
        );
    }
    Finding::problem(
        "arithmetic",
        words.pick("签名算法有误", "the signature is computed wrongly"),
        words.pick("请升级程序", "upgrade the program"),
    )
}

fn failure(account: &AccountKey, trouble: &Trouble, words: Words) -> Finding {
    let cure = trouble.cure(account.platform);
    let check = if trouble.endpoint.contains("ticket") { "ticket" } else { "token" };
    let what = format!("{account}: {} ({})", cure.meaning(words.0), trouble.message);
    Finding::problem(check, what, cure.action(words.0))
}
