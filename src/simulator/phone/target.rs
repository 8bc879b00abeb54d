//! The items of the client's share menu, and what each means on the wire.

use serde::{Deserialize, Serialize};

/// An item of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    /// 发送给朋友.
    Chat,
    /// The row of recent chats (转发给…), which knows only the legacy data.
    ChatRecent,
    /// 收藏.
    Favorite,
    /// 分享到朋友圈.
    Moments,
    /// 分享到手机QQ.
    Qq,
    /// 分享到QQ空间.
    Qzone,
    /// WeCom's 转发.
    #[serde(rename = "wecom-forward")]
    WeComForward,
    /// WeCom's 微信.
    #[serde(rename = "wecom-wechat")]
    WeComWeChat,
    /// WeCom's 分享到朋友圈.
    #[serde(rename = "wecom-moments")]
    WeComMoments,
}

/// Where data set by the new calls is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// `updateAppMessageShareData`: chats and QQ.
    Chat,
    /// `updateTimelineShareData`: Moments and Qzone.
    Moments,
}

impl Target {
    pub(crate) fn is_wecom(self) -> bool {
        matches!(self, Self::WeComForward | Self::WeComWeChat | Self::WeComMoments)
    }

    /// The event that a tap sends to the page, which is also the name that `jsApiList` declares.
    pub(crate) fn event(self) -> &'static str {
        match self {
            Self::Chat | Self::ChatRecent | Self::Favorite | Self::WeComForward => "menu:share:appmessage",
            Self::Moments | Self::WeComMoments => "menu:share:timeline",
            Self::Qq => "menu:share:qq",
            Self::Qzone => "menu:share:QZone",
            Self::WeComWeChat => "menu:share:wechat",
        }
    }

    /// The call with which the page answers it.
    pub(crate) fn call(self) -> &'static str {
        match self {
            Self::Chat | Self::ChatRecent | Self::Favorite | Self::WeComForward => "sendAppMessage",
            Self::Moments | Self::WeComMoments => "shareTimeline",
            Self::Qq => "shareQQ",
            Self::Qzone => "shareQZone",
            Self::WeComWeChat => "shareWechat",
        }
    }

    /// What the event carries.
    pub(crate) fn scene(self) -> &'static str {
        match self {
            Self::Chat | Self::ChatRecent | Self::WeComForward => "friend",
            Self::Favorite => "favorite",
            Self::Moments | Self::WeComMoments => "timeline",
            Self::Qq => "qq",
            Self::Qzone => "QZone",
            Self::WeComWeChat => "wechat",
        }
    }

    /// The data that is used without asking the page.
    pub(crate) fn store(self) -> Option<Store> {
        match self {
            Self::Chat | Self::Favorite | Self::Qq => Some(Store::Chat),
            Self::Moments | Self::Qzone => Some(Store::Moments),
            Self::ChatRecent | Self::WeComForward | Self::WeComWeChat | Self::WeComMoments => None,
        }
    }

    /// Whether recipients see a title only.
    pub(crate) fn title_only(self) -> bool {
        matches!(self, Self::Moments | Self::WeComMoments)
    }

    /// What WeChat writes into `from` when the card is opened; QQ and WeCom write nothing known.
    pub(crate) fn places(self) -> &'static [&'static str] {
        match self {
            Self::Chat | Self::ChatRecent => &["singlemessage", "groupmessage"],
            Self::Moments => &["timeline"],
            _ => &[],
        }
    }
}

/// The call that answers a tap, by its name.
pub(crate) fn is_answer(call: &str) -> bool {
    matches!(call, "sendAppMessage" | "shareTimeline" | "shareQQ" | "shareQZone" | "shareWeiboApp" | "shareWechat")
}
