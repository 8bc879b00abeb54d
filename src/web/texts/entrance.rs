//! Signing in, the second step, links, passwords.

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) sign_in: &'static str,
    pub(crate) login: &'static str,
    pub(crate) password: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) forgotten: &'static str,
    pub(crate) mismatch: &'static str,
    /// `{}` stands for the seconds.
    pub(crate) wait: &'static str,
}

/// Simplified Chinese.
pub(super) const ZH: Entrance = Entrance {
    sign_in: "登录",
    login: "登录名",
    password: "密码",
    keep: "在这台设备上保持登录 14 天",
    forgotten: "忘记密码？请联系管理员，由管理员生成重设链接。",
    mismatch: "登录名或密码不对，请核对后再试。",
    wait: "尝试次数过多，请等 {} 秒再试。",
};

/// English.
pub(super) const EN: Entrance = Entrance {
    sign_in: "Sign in",
    login: "Login name",
    password: "Password",
    keep: "Stay signed in on this device for 14 days",
    forgotten: "Forgotten the password? An administrator can make a link for a new one.",
    mismatch: "Login name and password do not match. Check them and try again.",
    wait: "Too many attempts. Try again in {} seconds.",
};
