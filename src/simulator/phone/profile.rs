//! The clients that readers use, each with what it does differently (wechat-facts §5, §7).

use serde::Serialize;

use crate::simulator::judge::Platform;

/// One client.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) user_agent: &'static str,
    /// `navigator.platform`.
    pub(crate) platform: &'static str,
    pub(crate) screen: Screen,
    pub(crate) bridge: Bridge,
    /// Functions that this client's page does not find in `wx`.
    pub(crate) lacks: &'static [&'static str],
    #[serde(skip)]
    pub(crate) rules: Rules,
}

/// What the page is shown on.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Screen {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) scale: u8,
    pub(crate) touch: bool,
}

/// When `WeixinJSBridge` is there and how it talks to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bridge {
    /// A browser: never.
    None,
    /// Before the page's first script.
    AtStart,
    /// When the document has been read.
    AtReady,
    /// A second and a half after the page is complete.
    Late,
    /// When the document has been read; each message navigates an iframe to `weixin://dispatch_message/`.
    Iframe,
}

/// What the native side does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) client: Platform,
    pub(crate) config: Config,
    pub(crate) new_calls: NewCalls,
    /// A registered legacy handler is asked before data set by the new calls is used.
    pub(crate) legacy_first: bool,
    pub(crate) replies: Replies,
    /// The signature is checked against the address the page was first opened at, not the present one.
    pub(crate) signs_landing: bool,
    pub(crate) tail: Tail,
    /// Since 2021: a page opened by tapping a plain address in a chat is passed on as a plain address.
    pub(crate) text_stays_text: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Config {
    Checks,
    /// Answers `config:fail` whatever the page says.
    Fails,
}

/// How far `updateAppMessageShareData` and `updateTimelineShareData` go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewCalls {
    Both,
    /// Answered with ok, but of no effect unless the legacy call is declared too.
    WithLegacyOnly,
    /// Only the one for chats exists.
    ChatOnly,
    None,
}

/// The form of the native reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replies {
    /// `errMsg`, shown to the page as it is; config lists what was granted.
    Ready,
    /// `err_msg`, which the SDK rewrites; nested values are JSON text.
    Raw,
}

/// What is added to an address when a card is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// `from`, `isappinstalled`, `scene`, `clicktime`, `enterid`.
    Full,
    /// `from`, `isappinstalled`: before the end of 2019.
    Short,
    /// WeCom: the names are not known.
    None,
}

const PHONE: Screen = Screen { width: 390, height: 844, scale: 3, touch: true };
const DESKTOP: Screen = Screen { width: 1280, height: 800, scale: 1, touch: false };

const IOS: Rules = Rules {
    client: Platform::Official,
    config: Config::Checks,
    new_calls: NewCalls::Both,
    legacy_first: false,
    replies: Replies::Ready,
    signs_landing: true,
    tail: Tail::Full,
    text_stays_text: true,
};
const ANDROID: Rules = Rules { replies: Replies::Raw, signs_landing: false, ..IOS };
const PC: Rules = Rules {
    new_calls: NewCalls::ChatOnly,
    replies: Replies::Ready,
    signs_landing: false,
    text_stays_text: false,
    ..IOS
};
const WECOM: Rules = Rules {
    client: Platform::WeCom,
    new_calls: NewCalls::None,
    legacy_first: true,
    signs_landing: false,
    tail: Tail::None,
    text_stays_text: false,
    ..IOS
};

const IOS_8: Profile = Profile {
    name: "ios-8",
    label: "WeChat 8.0.56, iOS 18",
    user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Mobile/15E148 MicroMessenger/8.0.56(0x18003831) NetType/4G Language/zh_CN",
    platform: "iPhone",
    screen: PHONE,
    bridge: Bridge::AtReady,
    lacks: &[],
    rules: IOS,
};

const ANDROID_8: Profile = Profile {
    name: "android-8",
    label: "WeChat 8.0.34, Android 13",
    user_agent: "Mozilla/5.0 (Linux; Android 13; 23049RAD8C Build/TKQ1.221114.001; wv) AppleWebKit/537.36 (KHTML, like \
                 Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160083 MMWEBSDK/20230303 MMWEBID/4466 \
                 MicroMessenger/8.0.34.2340(0x2800225F) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64",
    platform: "Linux armv8l",
    screen: PHONE,
    bridge: Bridge::AtStart,
    lacks: &[],
    rules: ANDROID,
};

const WINDOWS: Profile = Profile {
    name: "windows",
    label: "WeChat 3.9, Windows",
    user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 \
                 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090c37) \
                 XWEB/14315 Flue",
    platform: "Win32",
    screen: DESKTOP,
    bridge: Bridge::AtStart,
    lacks: &[],
    rules: PC,
};

/// Every client there is.
pub(crate) const PROFILES: &[Profile] = &[
    IOS_8,
    ANDROID_8,
    Profile {
        name: "android-7.0",
        label: "WeChat 7.0.0, Android 9: the new calls count only beside the legacy ones",
        user_agent: "Mozilla/5.0 (Linux; Android 9; MI 8 Build/PKQ1.180729.001; wv) AppleWebKit/537.36 (KHTML, like \
                     Gecko) Version/4.0 Chrome/66.0.3359.126 MQQBrowser/6.2 TBS/044409 Mobile Safari/537.36 \
                     MMWEBID/3179 MicroMessenger/7.0.0.1380(0x27000034) Process/tools NetType/WIFI Language/zh_CN",
        rules: Rules {
            new_calls: NewCalls::WithLegacyOnly,
            legacy_first: true,
            tail: Tail::Short,
            text_stays_text: false,
            ..ANDROID
        },
        ..ANDROID_8
    },
    Profile {
        name: "android-6.6",
        label: "WeChat 6.6.7, Android 7: without the new calls",
        user_agent: "Mozilla/5.0 (Linux; Android 7.1.1; OPPO R11 Build/NMF26X; wv) AppleWebKit/537.36 (KHTML, like \
                     Gecko) Version/4.0 Chrome/57.0.2987.132 MQQBrowser/6.2 TBS/044203 Mobile Safari/537.36 \
                     MicroMessenger/6.6.7.1321(0x26060739) NetType/WIFI Language/zh_CN",
        bridge: Bridge::AtReady,
        rules: Rules { new_calls: NewCalls::None, tail: Tail::Short, text_stays_text: false, ..ANDROID },
        ..ANDROID_8
    },
    WINDOWS,
    Profile {
        name: "windows-undefined",
        label: "WeChat 3.9, Windows: wx.updateTimelineShareData is undefined",
        lacks: &["updateTimelineShareData"],
        ..WINDOWS
    },
    Profile {
        name: "harmony",
        label: "WeChat, HarmonyOS: config fails",
        user_agent: "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 \
                     Safari/537.36 ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.10.41(0xf3100a29) Weixin NetType/WIFI \
                     Language/zh_CN MMWEBID/2907 MMWEBSDK/202508070004 XWEB/1140319",
        platform: "Linux aarch64",
        rules: Rules { config: Config::Fails, ..ANDROID },
        ..ANDROID_8
    },
    Profile { name: "late-bridge", label: "WeChat, Android: the bridge comes late", bridge: Bridge::Late, ..ANDROID_8 },
    Profile {
        name: "iframe-bridge",
        label: "WeChat, iOS: the bridge talks through an iframe",
        bridge: Bridge::Iframe,
        ..IOS_8
    },
    Profile {
        name: "wecom-ios",
        label: "WeCom 4.1, iOS",
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light",
        rules: WECOM,
        ..IOS_8
    },
    Profile {
        name: "wecom-android",
        label: "WeCom 4.1, Android",
        user_agent: "Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
                     Chrome/130.0.6723.86 Mobile Safari/537.36 wxwork/4.1.36 MicroMessenger/7.0.1 NetType/4G \
                     Language/zh Lang/zh ColorScheme/Dark",
        rules: Rules { replies: Replies::Raw, ..WECOM },
        ..ANDROID_8
    },
    Profile {
        name: "wecom-desktop",
        label: "WeCom 4.1, Windows",
        user_agent: "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/107.0.5304.110 Safari/537.36 Language/zh wxwork/4.1.10 (MicroMessenger/6.2) \
                     WindowsWechat  MailPlugin_Electron WeMail embeddisk",
        rules: WECOM,
        ..WINDOWS
    },
    Profile {
        name: "browser",
        label: "Chrome, without any WeChat",
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/126.0.0.0 Safari/537.36",
        bridge: Bridge::None,
        ..WINDOWS
    },
];

/// The client of that name.
pub(crate) fn named(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
