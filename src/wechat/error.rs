//! What went wrong with a call to WeChat, and whether asking again can help.

use std::fmt;

use crate::fetch;

/// The two systems; their error codes differ in meaning, so every table is keyed by platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// 公众号, at `api.weixin.qq.com`.
    Official,
    /// 企业微信, at `qyapi.weixin.qq.com`.
    WeCom,
}

impl Platform {
    /// The name used in logs, metrics and the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::WeCom => "wecom",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A call that brought nothing usable. No variant holds an address, a token or a secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// WeChat answered with a code.
    #[error("{endpoint} answered {code}: {message}")]
    Api {
        /// Whose code it is.
        platform: Platform,
        /// The call, as in `cgi-bin/ticket/getticket`.
        endpoint: &'static str,
        /// `errcode`.
        code: i64,
        /// `errmsg`, shortened, without control characters.
        message: String,
    },
    /// Something before WeChat answered: a proxy, a gateway.
    #[error("{endpoint} answered with HTTP status {status}")]
    Http {
        /// The call.
        endpoint: &'static str,
        /// The status.
        status: u16,
    },
    /// No answer at all.
    #[error("{endpoint}: {source}")]
    Transport {
        /// The call.
        endpoint: &'static str,
        /// Why.
        source: fetch::Error,
    },
    /// An answer that is none of WeChat's.
    #[error("{endpoint} answered with something that is not WeChat's: {what}")]
    Malformed {
        /// The call.
        endpoint: &'static str,
        /// Which expectation failed; never the body itself.
        what: &'static str,
    },
}

/// What the keeper of a credential does about a failure (design: error policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The token used is no longer valid: drop that value, fetch a new one once, retry once.
    RenewToken,
    /// Passing trouble: back off and keep serving what is held.
    BackOff,
    /// The minute's quota is used up: ask again after a minute.
    WaitMinute,
    /// Nothing a machine can do helps: raise the alarm, keep serving, probe every five minutes.
    CallPerson,
}

/// Whether a call is made with the account's secret and no token, so that 40001 means a wrong secret.
pub(super) fn takes_secret(endpoint: &str) -> bool {
    matches!(endpoint, "cgi-bin/token" | "cgi-bin/stable_token" | "cgi-bin/gettoken" | "sns/oauth2/access_token")
}

impl Error {
    /// `errcode`, if WeChat itself answered.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Api { code, .. } => Some(*code),
            Self::Http { .. } | Self::Transport { .. } | Self::Malformed { .. } => None,
        }
    }

    /// The call that failed.
    pub fn endpoint(&self) -> &'static str {
        match self {
            Self::Api { endpoint, .. }
            | Self::Http { endpoint, .. }
            | Self::Transport { endpoint, .. }
            | Self::Malformed { endpoint, .. } => endpoint,
        }
    }

    /// The request id that WeChat's support asks for: ` rid: 5f9b7285-5c43096f-0ba75f4d`, or WeCom's `hint: [..]`.
    pub fn rid(&self) -> Option<&str> {
        let Self::Api { message, .. } = self else { return None };
        let (_, after) = message.rsplit_once("rid: ").or_else(|| message.rsplit_once("hint: ["))?;
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(after.len());
        after.get(..end).filter(|rid| !rid.is_empty())
    }

    /// The address that WeChat saw us come from, as 40164 and WeCom's messages name it (wechat-facts §2.1).
    pub fn egress_ip(&self) -> Option<&str> {
        let Self::Api { message, .. } = self else { return None };
        let (_, after) = message.split_once("invalid ip ").or_else(|| message.split_once("from ip: "))?;
        after.split([' ', ',']).next().filter(|ip| ip.parse::<std::net::IpAddr>().is_ok())
    }

    /// What to do next. Codes are those of design.md §3.5; the same number may mean different things at the two
    /// platforms, and 40001 means a wrong secret where no token was sent along.
    pub fn reaction(&self) -> Reaction {
        let Self::Api { platform, endpoint, code, .. } = self else { return Reaction::BackOff };
        let used_a_token = !takes_secret(endpoint);
        match (platform, code) {
            (_, 40001 | 40014 | 42001) if used_a_token => Reaction::RenewToken,
            (_, 45011) => Reaction::WaitMinute,
            (_, 40001 | 40013 | 45009)
            | (Platform::Official, 40125 | 40164 | 40243 | 48001 | 50002 | 50004 | 50007 | 61024 | 89503)
            | (Platform::WeCom, 40091 | 60020) => Reaction::CallPerson,
            _ => Reaction::BackOff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(platform: Platform, endpoint: &'static str, code: i64, message: &str) -> Error {
        Error::Api { platform, endpoint, code, message: message.to_owned() }
    }

    #[test]
    fn the_same_code_means_a_stale_token_or_a_wrong_secret() {
        let at = |endpoint| api(Platform::Official, endpoint, 40001, "").reaction();
        assert_eq!(at("cgi-bin/ticket/getticket"), Reaction::RenewToken);
        assert_eq!(at("cgi-bin/stable_token"), Reaction::CallPerson);
        assert_eq!(at("sns/oauth2/access_token"), Reaction::CallPerson);
    }

    #[test]
    fn wecoms_40125_is_not_the_official_accounts() {
        let at = |platform| api(platform, "cgi-bin/x", 40125, "").reaction();
        assert_eq!(at(Platform::Official), Reaction::CallPerson);
        assert_eq!(at(Platform::WeCom), Reaction::BackOff);
    }

    #[test]
    fn the_rid_and_the_address_are_found_in_every_form_seen() {
        let messages = [
            (
                "invalid ip 101.226.140.156 ipv6 ::ffff:101.226.140.156, not in whitelist rid: 5f9b7285-5c43096f-0ba75f4d",
                Some("5f9b7285-5c43096f-0ba75f4d"),
                Some("101.226.140.156"),
            ),
            (
                "invalid ip 61.172.68.219, not in whitelist hint: [KJZfAa0644e575]",
                Some("KJZfAa0644e575"),
                Some("61.172.68.219"),
            ),
            (
                "access_token expired, hint: [1704941403120931704370802], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=42001",
                Some("1704941403120931704370802"),
                Some("1.2.3.4"),
            ),
            ("system error", None, None),
            ("invalid ip 票, rid: ", None, None),
        ];
        for (message, rid, ip) in messages {
            let error = api(Platform::Official, "cgi-bin/token", 40164, message);
            assert_eq!((error.rid(), error.egress_ip()), (rid, ip), "{message}");
        }
    }
}
