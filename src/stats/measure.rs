//! What is counted.

/// One thing that is counted, per article and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// A page was shown.
    View,
    /// It was opened from a card or an address: `from=singlemessage` and its like.
    Opened(Opening),
    /// What `wx.config` came to.
    Config(ConfigResult),
}

/// Where a reader came from, as far as WeChat says (wechat-facts §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opening {
    /// `from=singlemessage`.
    Chat,
    /// `from=groupmessage`.
    Group,
    /// `from=timeline`.
    Moments,
    /// Anything else that was named.
    Other,
}

/// What became of `wx.config` on the phone. A reader whose first values were refused is counted under the refusal, and
/// once more under [`Self::Recovered`] when fresh ones were accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigResult {
    /// Accepted.
    Ok,
    /// Refused at first, accepted with fresh values.
    Recovered,
    /// `invalid signature`.
    InvalidSignature,
    /// `invalid url domain`.
    InvalidDomain,
    /// Permission refused.
    Denied,
    /// Another failure.
    Failed,
    /// The SDK could not be loaded from any address.
    SdkMissing,
}

impl Measure {
    /// The name in the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Opened(Opening::Chat) => "opened.chat",
            Self::Opened(Opening::Group) => "opened.group",
            Self::Opened(Opening::Moments) => "opened.moments",
            Self::Opened(Opening::Other) => "opened.other",
            Self::Config(ConfigResult::Ok) => "config.ok",
            Self::Config(ConfigResult::Recovered) => "config.recovered",
            Self::Config(ConfigResult::InvalidSignature) => "config.invalid_signature",
            Self::Config(ConfigResult::InvalidDomain) => "config.invalid_domain",
            Self::Config(ConfigResult::Denied) => "config.denied",
            Self::Config(ConfigResult::Failed) => "config.failed",
            Self::Config(ConfigResult::SdkMissing) => "config.sdk_missing",
        }
    }
}

impl Opening {
    /// Reads `from`; nothing was named when it is empty.
    pub fn parse(from: &str) -> Option<Self> {
        match from {
            "" => None,
            "singlemessage" => Some(Self::Chat),
            "groupmessage" => Some(Self::Group),
            "timeline" => Some(Self::Moments),
            _ => Some(Self::Other),
        }
    }
}

impl ConfigResult {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Recovered,
        Self::InvalidSignature,
        Self::InvalidDomain,
        Self::Denied,
        Self::Failed,
        Self::SdkMissing,
    ];

    /// Reads what `share.js` reports: its outcome and the SDK's message.
    pub fn parse(outcome: &str, message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        match outcome {
            "ok" => Self::Ok,
            "ok_again" => Self::Recovered,
            "sdk_missing" => Self::SdkMissing,
            _ if message.contains("invalid signature") => Self::InvalidSignature,
            _ if message.contains("domain") => Self::InvalidDomain,
            _ if message.contains("permission") => Self::Denied,
            _ => Self::Failed,
        }
    }

    /// The result of that name in the database.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| Measure::Config(*result).name() == name)
    }
}
