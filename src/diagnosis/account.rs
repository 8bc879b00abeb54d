//! Checks that walk WeChat's steps one by one: token, ticket, signature. A wrong token shows only in the next step.

use super::{Finding, Words};
use crate::credentials::{AccountKey, Credentials, Kind, Trouble};
use crate::wechat::{JsapiTicket, Platform, cure, sign};

/// WeChat's own example, which this program must be able to repeat (wechat-facts §3).
const EXAMPLE_TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
const EXAMPLE_SIGNATURE: &str = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";

/// Every check of this file, from what the account's keeper found a moment ago.
pub(super) fn examine(credentials: &Credentials, account: &AccountKey, words: Words, findings: &mut Vec<Finding>) {
    if account.platform == Platform::Official {
        findings.push(arithmetic(words));
    }
    let trouble = credentials.status(account).trouble.clone();
    let now = credentials.now();
    if let Some(held) = credentials.held_token(account).filter(|held| held.expires_at > now) {
        let what = words.pick("取到 access_token，剩余分钟数", "access_token obtained, minutes left");
        findings.push(Finding::good("token", format!("{account}: {what}: {}", held.remaining(now).as_secs() / 60)));
    }
    let kinds: &[Kind] = if account.platform == Platform::WeCom {
        &[Kind::JsapiTicket, Kind::AgentTicket]
    } else {
        &[Kind::JsapiTicket]
    };
    for kind in kinds {
        if let Some(held) = credentials.ticket(account, *kind) {
            let what = words.pick("已取到，剩余分钟数", "obtained, minutes left");
            let minutes = held.remaining(now).as_secs() / 60;
            findings.push(Finding::good("ticket", format!("{account}: {} {what}: {minutes}", kind.name())));
        }
    }
    if let Some(trouble) = trouble {
        findings.push(failure(account, &trouble, words));
    }
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
    let cure = match trouble.code {
        Some(code) => cure::of_code(account.platform, &trouble.endpoint, code),
        None => cure::of_silence(trouble.answered),
    };
    let check = if trouble.endpoint.contains("ticket") { "ticket" } else { "token" };
    let what = format!("{account}: {} ({})", cure.meaning(words.0), trouble.message);
    Finding::problem(check, what, cure.action(words.0))
}
