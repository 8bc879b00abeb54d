//! What `wx.config` wants: a signature over exactly the page's address (wechat-facts §3). Pure.

use serde::Serialize;
use sha1::{Digest, Sha1};

use super::credential::JsapiTicket;

/// The calls an official account's page declares: both generations, because some clients honour only one
/// (wechat-facts §5.2).
pub const OFFICIAL_JS_API_LIST: [&str; 8] = [
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "onMenuShareTimeline",
    "onMenuShareAppMessage",
    "onMenuShareQQ",
    "onMenuShareQZone",
    "onMenuShareWeibo",
    "previewImage",
];

/// The calls that a page declares to WeCom's client: it knows no `update…ShareData`, and has a button of its own for
/// passing on to WeChat (wechat-facts §5.6). That one is named twice, because Tencent's newer script sends the native
/// name.
pub const WECOM_JS_API_LIST: [&str; 5] =
    ["onMenuShareAppMessage", "onMenuShareTimeline", "onMenuShareWechat", "menu:share:wechat", "previewImage"];

/// What an agent declares on top: the direct calls.
pub const AGENT_JS_API_LIST: [&str; 2] = ["shareAppMessage", "shareWechatMessage"];

/// The values of one `wx.agentConfig` call, named as WeCom's client wants them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentConfig {
    /// The corporation.
    pub corpid: String,
    /// The agent.
    pub agentid: String,
    /// Unix seconds.
    pub timestamp: i64,
    /// Any text; the same that was signed.
    #[serde(rename = "nonceStr")]
    pub nonce_str: String,
    /// Made with the agent's ticket, never with the corporation's.
    pub signature: String,
    /// What the page may call.
    #[serde(rename = "jsApiList")]
    pub js_api_list: &'static [&'static str],
}

/// The values of one `wx.config` call, named as the SDK wants them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsConfig {
    /// The account.
    pub app_id: String,
    /// Unix seconds.
    pub timestamp: i64,
    /// Any text; the same that was signed.
    pub nonce_str: String,
    /// Forty hexadecimal digits.
    pub signature: String,
    /// What the page may call.
    pub js_api_list: &'static [&'static str],
}

/// Signs `url`, which must be `location.href` up to the first `#`, byte for byte: keys in this order, values raw,
/// SHA-1 in lower-case hexadecimal.
pub fn sign(ticket: &JsapiTicket, nonce_str: &str, timestamp: i64, url: &str) -> String {
    let ticket = ticket.expose();
    let string = format!("jsapi_ticket={ticket}&noncestr={nonce_str}&timestamp={timestamp}&url={url}");
    hex::encode(Sha1::digest(string.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticket(text: &str) -> JsapiTicket {
        JsapiTicket::new(text.to_owned()).unwrap()
    }

    #[test]
    fn both_official_vectors_hold() {
        let official = ticket("sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg");
        let signed = |url| sign(&official, "Wm3WZYTPz0wzccnW", 1_414_587_457, url);
        assert_eq!(signed("http://mp.weixin.qq.com?params=value"), "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
        assert_eq!(signed("http://mp.weixin.qq.com"), "f4d90daf4b3bca3078ab155816175ba34c443a7b");
        let second = ticket("kgt8ON7yVITDhtdwci0qefK1QvDlwsAPwMnZOO_J0MxaUpuHtIU_IltC7zs3kfNOYTHEqeIEvEXZHbS3xXNx3g");
        assert_eq!(
            sign(&second, "B7EE6F5F9AA5CD17CA1AEA43CE848496", 1_474_350_784, "https://www.baidu.com"),
            "3b1b4171bcfa0f0661be9c5474002d3eb25a3368"
        );
    }

    proptest! {
        #[test]
        fn every_field_counts(url in "https://[a-z]{3,8}/[a-z%0-9]{0,20}", nonce in "[a-z0-9]{16}", timestamp in 0i64..2_000_000_000) {
            let ticket = ticket("T-1_x");
            let signed = sign(&ticket, &nonce, timestamp, &url);
            prop_assert_eq!(signed.len(), 40);
            prop_assert_ne!(&signed, &sign(&ticket, &nonce, timestamp + 1, &url));
            prop_assert_ne!(&signed, &sign(&ticket, &nonce, timestamp, &format!("{url}?")));
            prop_assert_ne!(&signed, &sign(&ticket, &format!("{nonce}x"), timestamp, &url));
        }
    }
}
