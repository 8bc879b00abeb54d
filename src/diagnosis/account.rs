//! Checks that walk WeChat's steps one by one: token, ticket, signature. A wrong token shows only in the next step.

use super::{Finding, Ticket, Words};
use crate::wechat::official::Renewal;
use crate::wechat::{Error, JsapiTicket, OfficialAccount, SiteAccessToken, cure, sign};

/// WeChat's own example, which this program must be able to repeat (wechat-facts §3).
const EXAMPLE_TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
const EXAMPLE_SIGNATURE: &str = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";

/// Every check of this file. The ticket serves to recompute the page's signature.
pub(super) async fn examine(account: &OfficialAccount, words: Words, findings: &mut Vec<Finding>) -> Option<Ticket> {
    findings.push(arithmetic(words));
    let token = token(account, words, findings).await?;
    ticket(account, &token, words, findings).await
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

async fn token(account: &OfficialAccount, words: Words, findings: &mut Vec<Finding>) -> Option<SiteAccessToken> {
    match account.access_token(Renewal::Ordinary).await {
        Ok(issued) => {
            let minutes = issued.life.as_secs() / 60;
            let what = words.pick("取到 access_token，剩余分钟数", "access_token obtained, minutes left");
            findings.push(Finding::good("token", format!("{what}: {minutes}")));
            Some(issued.value)
        }
        Err(error) => {
            findings.push(failure("token", &error, words));
            None
        }
    }
}

async fn ticket(
    account: &OfficialAccount,
    token: &SiteAccessToken,
    words: Words,
    findings: &mut Vec<Finding>,
) -> Option<Ticket> {
    match account.jsapi_ticket(token).await {
        Ok(issued) => {
            let minutes = issued.life.as_secs() / 60;
            let what = words.pick("取到 jsapi_ticket，剩余分钟数", "jsapi_ticket obtained, minutes left");
            findings.push(Finding::good("ticket", format!("{what}: {minutes}")));
            Some(issued.value)
        }
        Err(error) => {
            findings.push(failure("ticket", &error, words));
            None
        }
    }
}

fn failure(check: &'static str, error: &Error, words: Words) -> Finding {
    let cure = cure::of(error);
    Finding::problem(check, format!("{}: {error}", cure.meaning(words.0)), cure.action(words.0))
}
