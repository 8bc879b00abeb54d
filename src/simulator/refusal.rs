//! How WeChat says no: HTTP 200 with a code and a text, in the exact words of wechat-facts §2.

use std::net::IpAddr;

use rand::RngExt;
use serde_json::{Value, json};

/// Whose API answers. The same number may mean different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Official,
    WeCom,
}

/// An errcode that an endpoint answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) i64);

/// Who asked and when: part of every text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) now: i64,
    pub(crate) from: IpAddr,
}

impl Refusal {
    /// The body `{"errcode", "errmsg"}`; `words` replaces the usual text before the request's id.
    pub(crate) fn body(self, platform: Platform, asked: Asked, words: Option<&str>) -> Value {
        let usual = match platform {
            Platform::Official => official_words(self.0, asked.from),
            Platform::WeCom => wecom_words(self.0).to_owned(),
        };
        let words = words.map_or(usual, str::to_owned);
        let message = match platform {
            Platform::Official => format!("{words} rid: {}", rid(asked.now)),
            Platform::WeCom => format!(
                "{words}, hint: [{}], from ip: {}, more info at {}",
                hint(asked.now),
                asked.from,
                more_info(self.0)
            ),
        };
        json!({ "errcode": self.0, "errmsg": message })
    }
}

/// Where WeCom explains a code.
pub(crate) fn more_info(code: i64) -> String {
    format!("https://open.work.weixin.qq.com/devtool/query?e={code}")
}

/// Three groups of eight hex digits; the first is the moment.
fn rid(now: i64) -> String {
    let mut random = rand::rng();
    format!("{now:08x}-{:08x}-{:08x}", random.random::<u32>(), random.random::<u32>())
}

/// A long decimal that begins with the moment.
fn hint(now: i64) -> String {
    let tail = rand::rng().random_range(0..10_u64.pow(15));
    format!("{now}{tail:015}")
}

fn official_words(code: i64, from: IpAddr) -> String {
    if code == 40164 {
        return match from {
            IpAddr::V4(ip) => format!("invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist"),
            IpAddr::V6(ip) => format!("invalid ip {ip} ipv6 {ip}, not in whitelist"),
        };
    }
    match code {
        -1 => "system error",
        40001 => {
            "invalid credential, access_token is invalid or not latest, could get access_token by \
             getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
        }
        40002 => "invalid grant_type",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40029 => "invalid code",
        40066 => "invalid url",
        40097 => "invalid args",
        40125 => "invalid appsecret",
        40163 => "code been used",
        40243 => "invalid appsecret, appsecret is frozen",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41008 => "missing code",
        42001 => "access_token expired",
        42003 => "code expired",
        43002 => "require POST method",
        44002 => "empty post data",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit must slower retry next minute",
        47001 => "data format error",
        48001 => "api unauthorized",
        48004 => "api forbidden for irregularities, view detail on mp.weixin.qq.com",
        50002 => "user limited",
        50004 => "user not allow to use accesstoken, maybe for punishment",
        50007 => "account frozen",
        61024 => "must use api(api_component_token) to get token for component acct",
        89503 => "this ip calls for the administrator's confirmation",
        _ => "error",
    }
    .to_owned()
}

fn wecom_words(code: i64) -> &'static str {
    match code {
        -1 => "system busy",
        40001 => "invalid credential",
        40013 => "invalid corpid",
        40014 => "invalid access_token",
        40029 => "invalid code",
        40056 => "invalid agentid",
        40066 => "invalid url",
        40091 => "secret is invalid",
        40093 => "invalid jsapi_ticket",
        41001 => "access_token missing",
        41002 => "corpid missing",
        41004 => "corpsecret missing",
        41008 => "missing code",
        42001 => "access_token expired",
        42012 => "jsapi_ticket expired",
        45009 => "api freq out of limit",
        45033 => "api concurrent out of limit",
        48002 => "api forbidden",
        50001 => "redirect_url domain unmatched",
        50003 => "app is disabled",
        60011 => "no privilege to access/modify contact/party/agent",
        60020 => "not allow to access from your ip",
        80001 => "not match any reliable domain",
        91040 => "invalid ticket type",
        301_002 => "agent privilege invalid",
        _ => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked { now: 0x5f9b_7285, from: "101.226.140.156".parse().unwrap() }
    }

    #[test]
    fn an_official_text_ends_with_a_request_id_that_begins_with_the_moment() {
        let body = Refusal(40164).body(Platform::Official, asked(), None);
        let message = body["errmsg"].as_str().unwrap();
        let expected = "invalid ip 101.226.140.156 ipv6 ::ffff:101.226.140.156, not in whitelist rid: 5f9b7285-";
        assert!(message.starts_with(expected), "{message}");
        assert_eq!(message.len(), expected.len() + 17);
        assert_eq!(body["errcode"], 40164);
    }

    #[test]
    fn a_wecom_text_carries_hint_address_and_link() {
        let body = Refusal(42001).body(Platform::WeCom, asked(), None);
        let message = body["errmsg"].as_str().unwrap();
        assert!(message.starts_with("access_token expired, hint: [1604022917"), "{message}");
        assert!(message.ends_with(
            ", from ip: 101.226.140.156, more info at https://open.work.weixin.qq.com/devtool/query?e=42001"
        ));
    }
}
