//! Faults by script: what can go wrong between a site and WeChat, one call or until further notice.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One way in which a call goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The call is refused; nothing is issued. The text is the code's own unless given.
    Errcode {
        /// The errcode.
        code: i64,
        /// Other words than the usual ones, without the request's id.
        #[serde(default)]
        message: Option<String>,
    },
    /// A proxy answers instead, with this status and a page of HTML.
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The right answer, late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// The right answer, one byte at a time.
    Drip {
        /// The pause before each byte.
        ms_per_byte: u64,
    },
    /// No answer, ever.
    Hang,
    /// The connection breaks in the middle of the body.
    CutOff,
    /// 200 with a page of HTML.
    NotJson,
    /// 200 with nothing.
    Empty,
    /// 200 with half of the JSON, and a length to match.
    Truncated,
    /// 200 with a body without an end in sight.
    HugeBody {
        /// How long it would be.
        bytes: u64,
    },
    /// 200 with a small compressed body that unpacks to a huge one.
    GzipBomb {
        /// How long it is unpacked.
        bytes: u64,
    },
    /// The right answer, but this in place of `expires_in`: 0, -1, text, a trillion.
    ExpiresIn {
        /// Any JSON.
        value: Value,
    },
    /// The right answer, but this in place of the token or ticket: odd characters, a number, nothing.
    Credential {
        /// Any JSON.
        value: Value,
    },
    /// The right answer with a token or ticket of this length.
    LongCredential {
        /// Its length.
        bytes: usize,
    },
    /// The token or ticket is handed out in good order and accepted by nobody.
    Revoked,
    /// To another address.
    Redirect {
        /// Where to.
        location: String,
    },
    /// The right answer with a `Date` header this far from the truth.
    SkewedDate {
        /// How far.
        seconds: i64,
    },
}

impl Fault {
    /// Whether WeChat itself received the call, and so issued and counted something.
    pub(crate) fn reaches_the_account(&self) -> bool {
        matches!(
            self,
            Self::Slow { .. }
                | Self::Drip { .. }
                | Self::CutOff
                | Self::Truncated
                | Self::ExpiresIn { .. }
                | Self::Credential { .. }
                | Self::LongCredential { .. }
                | Self::Revoked
                | Self::SkewedDate { .. }
        )
    }

    /// How the call is listed among the outcomes.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Errcode { code, .. } => code.to_string(),
            Self::Status { status } => format!("http {status}"),
            Self::Slow { .. } => "slow".to_owned(),
            Self::Drip { .. } => "drip".to_owned(),
            Self::Hang => "hang".to_owned(),
            Self::CutOff => "cut off".to_owned(),
            Self::NotJson => "not json".to_owned(),
            Self::Empty => "empty".to_owned(),
            Self::Truncated => "truncated".to_owned(),
            Self::HugeBody { .. } => "huge body".to_owned(),
            Self::GzipBomb { .. } => "gzip bomb".to_owned(),
            Self::ExpiresIn { .. } => "odd expires_in".to_owned(),
            Self::Credential { .. } | Self::LongCredential { .. } => "odd credential".to_owned(),
            Self::Revoked => "revoked at once".to_owned(),
            Self::Redirect { .. } => "redirect".to_owned(),
            Self::SkewedDate { .. } => "skewed date".to_owned(),
        }
    }

    /// Damages the fields of an answer that was right.
    pub(crate) fn damage(&self, body: &mut Value) {
        let credential = if body.get("ticket").is_some() { "ticket" } else { "access_token" };
        let (field, value) = match self {
            Self::ExpiresIn { value } => ("expires_in", value.clone()),
            Self::Credential { value } => (credential, value.clone()),
            Self::LongCredential { bytes } => (credential, Value::String("x".repeat(*bytes))),
            _ => return,
        };
        if let Some(slot) = body.get_mut(field) {
            *slot = value;
        }
    }
}

/// A fault and the calls that meet it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// The endpoint's path, or `*`.
    pub endpoint: String,
    /// Only calls of this account (app id or corp id).
    #[serde(default)]
    pub account: Option<String>,
    /// How many calls; none: until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens to them.
    pub fault: Fault,
}

/// The scripts in force, in the order they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    scripts: Vec<Script>,
    /// Counts the clearings, by which a hanging call learns that its fault is over.
    epoch: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, script: Script) {
        self.scripts.push(script);
    }

    pub(crate) fn clear(&mut self) {
        self.scripts.clear();
        self.epoch = self.epoch.wrapping_add(1);
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Takes up another world's count, as cleared once more.
    pub(crate) fn continue_after(&mut self, epoch: u64) {
        self.epoch = epoch.wrapping_add(1);
    }

    pub(crate) fn pending(&self) -> &[Script] {
        &self.scripts
    }

    /// The fault that this call meets: the first that fits. One of its times is used up.
    pub(crate) fn take(&mut self, endpoint: &str, account: Option<&str>) -> Option<Fault> {
        let at = self.scripts.iter().position(|script| {
            (script.endpoint == "*" || script.endpoint == endpoint)
                && (script.account.is_none() || script.account.as_deref() == account)
        })?;
        let script = self.scripts.get_mut(at)?;
        let fault = script.fault.clone();
        if let Some(times) = &mut script.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.scripts.remove(at);
            }
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn script(endpoint: &str, times: Option<u32>, fault: Fault) -> Script {
        Script { endpoint: endpoint.to_owned(), account: None, times, fault }
    }

    #[test]
    fn a_counted_fault_is_used_up_and_an_uncounted_one_stays() {
        let mut faults = Faults::default();
        faults.add(script("/a", Some(2), Fault::Empty));
        faults.add(script("*", None, Fault::Hang));
        assert_eq!(faults.take("/a", None), Some(Fault::Empty));
        assert_eq!(faults.take("/b", None), Some(Fault::Hang));
        assert_eq!(faults.take("/a", None), Some(Fault::Empty));
        assert_eq!(faults.take("/a", None), Some(Fault::Hang));
        faults.clear();
        assert_eq!(faults.take("/a", None), None);
    }

    #[test]
    fn a_fault_may_concern_one_account_only() {
        let mut faults = Faults::default();
        faults.add(Script { account: Some("wx1".to_owned()), ..script("/a", None, Fault::NotJson) });
        assert_eq!(faults.take("/a", Some("wx2")), None);
        assert_eq!(faults.take("/a", Some("wx1")), Some(Fault::NotJson));
    }

    #[test]
    fn a_fault_is_written_as_flat_json() {
        let fault: Fault = serde_json::from_value(json!({ "kind": "errcode", "code": -1 })).unwrap();
        assert_eq!(fault, Fault::Errcode { code: -1, message: None });
    }

    #[test]
    fn damage_touches_only_the_field_it_is_about() {
        let mut body = json!({ "errcode": 0, "ticket": "t", "expires_in": 7200 });
        Fault::Credential { value: json!(7) }.damage(&mut body);
        Fault::ExpiresIn { value: json!("soon") }.damage(&mut body);
        assert_eq!(body, json!({ "errcode": 0, "ticket": 7, "expires_in": "soon" }));
    }
}
