//! Signing in by an account of WeCom or WeChat.

use super::ErrorText;

/// The texts of one language. `{}` stands for the name of the way in.
#[derive(Debug)]
pub(crate) struct OAuthTexts {
    /// Above the ways in besides name and password.
    pub(crate) other_ways: &'static str,
    pub(crate) with_wecom: &'static str,
    pub(crate) scan_wecom: &'static str,
    pub(crate) with_wechat: &'static str,
    pub(crate) wecom_elsewhere: &'static str,
    pub(crate) wechat_elsewhere: &'static str,
    /// The names of the ways in.
    pub(crate) wecom: &'static str,
    pub(crate) wechat: &'static str,

    /// The page of a way in that does not open here.
    pub(crate) wecom_elsewhere_page: ErrorText,
    pub(crate) wechat_elsewhere_page: ErrorText,
    /// Too late, twice, or from another browser.
    pub(crate) stale: ErrorText,
    pub(crate) declined: ErrorText,
    /// The second step has yet to be set up, by password.
    pub(crate) password_first: ErrorText,
    /// Nobody who may sign in has this account.
    pub(crate) unbound: ErrorText,
    /// What WeCom calls somebody.
    pub(crate) user_id: &'static str,
    /// What the official account calls somebody.
    pub(crate) open_id: &'static str,
    pub(crate) outsider: ErrorText,
    /// WeChat made somebody up.
    pub(crate) snapshot: ErrorText,
    /// No answer.
    pub(crate) silent: ErrorText,
    /// An answer that somebody must do something about.
    pub(crate) refused: ErrorText,
    /// Before WeChat's number for it.
    pub(crate) number: &'static str,
    pub(crate) again: &'static str,
    pub(crate) with_password: &'static str,
}

/// Simplified Chinese.
pub(super) const ZH: OAuthTexts = OAuthTexts {
    other_ways: "其他登录方式",
    with_wecom: "用企业微信登录",
    scan_wecom: "用企业微信扫码登录",
    with_wechat: "用微信登录",
    wecom_elsewhere: "企业微信登录：请在企业微信里，或在电脑浏览器里打开本页。",
    wechat_elsewhere: "微信登录：请在微信里打开本页。",
    wecom: "企业微信",
    wechat: "微信",
    wecom_elsewhere_page: ErrorText {
        headline: "请换一个地方打开",
        advice: "企业微信登录要在企业微信里打开，或在电脑浏览器里扫码。",
    },
    wechat_elsewhere_page: ErrorText {
        headline: "请在微信里打开",
        advice: "微信登录只能在微信里使用。请把登录页的地址发到微信（如「文件传输助手」），在微信里点开。",
    },
    stale: ErrorText {
        headline: "这次登录已经失效",
        advice: "登录要在十分钟之内、在同一个浏览器里完成，每次只能用一次。请重新登录。",
    },
    declined: ErrorText {
        headline: "没有完成授权",
        advice: "{}没有告诉我们您是谁，可能是中途取消了。可以再试一次，或用密码登录。",
    },
    password_first: ErrorText {
        headline: "请先用密码登录",
        advice: "您的第二步验证还没有设置好。请先用登录名和密码登录，设置好验证器，以后就可以用{}登录了。",
    },
    unbound: ErrorText {
        headline: "这个{}账号还不能登录后台",
        advice: "请把下面的编号发给管理员，由管理员在“人员”里绑定到您的账号；绑定以后再登录。",
    },
    user_id: "企业微信账号（UserID）",
    open_id: "微信编号（OpenID）",
    outsider: ErrorText {
        headline: "您不是本企业的成员", advice: "请用本单位的企业微信账号登录，或用密码登录。"
    },
    snapshot: ErrorText {
        headline: "微信没有给出真实身份",
        advice: "微信把这次打开当作预览。请点页面右下角的「使用完整服务」，或从登录页重新登录。",
    },
    silent: ErrorText { headline: "暂时连不上{}", advice: "请过一分钟再试，或用密码登录。" },
    refused: ErrorText {
        headline: "{}拒绝了这次登录",
        advice: "请把下面的内容告诉管理员，完整的消息在服务器日志里；在此之前可以用密码登录。",
    },
    number: "错误码",
    again: "重新登录",
    with_password: "用密码登录",
};

/// English.
pub(super) const EN: OAuthTexts = OAuthTexts {
    other_ways: "Other ways to sign in",
    with_wecom: "Sign in with WeCom",
    scan_wecom: "Scan with WeCom to sign in",
    with_wechat: "Sign in with WeChat",
    wecom_elsewhere: "To sign in with WeCom, open this page in WeCom or on a computer.",
    wechat_elsewhere: "To sign in with WeChat, open this page in WeChat.",
    wecom: "WeCom",
    wechat: "WeChat",
    wecom_elsewhere_page: ErrorText {
        headline: "Please open this elsewhere",
        advice: "Signing in with WeCom works in WeCom itself, or by scanning a code shown on a computer.",
    },
    wechat_elsewhere_page: ErrorText {
        headline: "Please open this in WeChat",
        advice: "Signing in with WeChat works only inside WeChat. Send yourself the address of the sign-in page and open it there.",
    },
    stale: ErrorText {
        headline: "This sign-in is no longer valid",
        advice: "Signing in must be finished within ten minutes, in the same browser, and works once. Please start again.",
    },
    declined: ErrorText {
        headline: "The sign-in was not finished",
        advice: "{} did not tell us who you are; perhaps it was cancelled. Try again, or use your password.",
    },
    password_first: ErrorText {
        headline: "Sign in with your password first",
        advice: "Your second step has yet to be set up. Sign in with name and password, set up an authenticator, and {} will do from then on.",
    },
    unbound: ErrorText {
        headline: "This {} account cannot sign in here yet",
        advice: "Send the id below to an administrator, who can bind it to your account under People. Then sign in again.",
    },
    user_id: "WeCom account (UserID)",
    open_id: "WeChat id (OpenID)",
    outsider: ErrorText {
        headline: "You are not a member of this organisation",
        advice: "Use the WeCom account of this organisation, or your password.",
    },
    snapshot: ErrorText {
        headline: "WeChat did not say who you are",
        advice: "WeChat took this for a preview. Tap “use the full service” at the lower right, or start again from the sign-in page.",
    },
    silent: ErrorText { headline: "{} cannot be reached", advice: "Try again in a minute, or use your password." },
    refused: ErrorText {
        headline: "{} refused this sign-in",
        advice: "Tell an administrator what is written below; the whole message is in the server's log. Until then you can use your password.",
    },
    number: "Error code",
    again: "Try again",
    with_password: "Use the password",
};
