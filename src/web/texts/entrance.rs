//! Signing in, the second step, links, passwords.

use std::time::Duration;

use super::ErrorText;
use crate::staff::WeakPassword;

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
    /// `{}` stands for the minutes.
    pub(crate) wait_minutes: &'static str,
    /// Below the form while nobody works here.
    pub(crate) nobody_yet: &'static str,
    pub(crate) to_sign_in: &'static str,
    pub(crate) another_account: &'static str,

    pub(crate) set_up: &'static str,
    pub(crate) set_up_lede: &'static str,
    pub(crate) set_up_submit: &'static str,
    pub(crate) site_name: &'static str,
    pub(crate) site_name_help: &'static str,
    pub(crate) site_name_missing: &'static str,
    /// `{}` stands for the role.
    pub(crate) join_lede: &'static str,
    /// `{}` stands for the site.
    pub(crate) join_site: &'static str,
    pub(crate) join: &'static str,
    pub(crate) reset: &'static str,
    /// The first `{}` stands for the person, the second for the login name.
    pub(crate) reset_lede: &'static str,
    pub(crate) expired: ErrorText,
    pub(crate) setup_expired: ErrorText,

    pub(crate) login_help: &'static str,
    pub(crate) login_invalid: &'static str,
    pub(crate) login_taken: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_help: &'static str,
    pub(crate) name_invalid: &'static str,
    pub(crate) new_password: &'static str,
    pub(crate) password_help: &'static str,
    pub(crate) again: &'static str,
    pub(crate) differs: &'static str,
    too_short: &'static str,
    too_long: &'static str,
    personal: &'static str,
    guessable: &'static str,

    pub(crate) step: &'static str,
    /// `{}` stands for the person.
    pub(crate) step_lede: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_help: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) wrong_code: &'static str,
    pub(crate) lost: &'static str,

    pub(crate) step_set_up: &'static str,
    pub(crate) step_required: &'static str,
    pub(crate) step_voluntary: &'static str,
    pub(crate) step_renewed: &'static str,
    pub(crate) step_install: &'static str,
    pub(crate) step_scan: &'static str,
    pub(crate) step_picture: &'static str,
    pub(crate) step_manual: &'static str,
    pub(crate) step_secret: &'static str,
    pub(crate) step_prove: &'static str,

    pub(crate) codes: &'static str,
    pub(crate) codes_lede: &'static str,
    pub(crate) codes_download: &'static str,
    pub(crate) codes_print: &'static str,
    pub(crate) codes_saved: &'static str,
    pub(crate) codes_file: &'static str,
    /// In the file: the first `{}` stands for the site, the second for the login name.
    pub(crate) codes_head: &'static str,

    pub(crate) confirm: &'static str,
    pub(crate) confirm_lede: &'static str,
    pub(crate) confirm_submit: &'static str,
    pub(crate) wrong_password: &'static str,
}

impl Entrance {
    /// How long somebody has to wait.
    pub(crate) fn wait(&self, time: Duration) -> String {
        let seconds = time.as_secs().max(1);
        if seconds < 120 {
            self.wait.replace("{}", &seconds.to_string())
        } else {
            self.wait_minutes.replace("{}", &seconds.div_ceil(60).to_string())
        }
    }

    /// Why a password is not taken, and what to do.
    pub(crate) fn weak(&self, why: WeakPassword) -> &'static str {
        match why {
            WeakPassword::TooShort => self.too_short,
            WeakPassword::TooLong => self.too_long,
            WeakPassword::Personal => self.personal,
            WeakPassword::Guessable => self.guessable,
        }
    }
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
    wait_minutes: "尝试次数过多，请等 {} 分钟再试。",
    nobody_yet: "还没有人加入。请打开服务启动时日志里的设置链接；\
                 链接过期后，在服务器上运行 wxpress staff setup 重新生成。",
    to_sign_in: "去登录",
    another_account: "换一个账号登录",

    set_up: "首次设置",
    set_up_lede: "给网站起个名字，并创建第一位管理员的账号。",
    set_up_submit: "完成设置",
    site_name: "网站名称",
    site_name_help: "读者在页面顶部和分享卡片里看到的名字，以后可以修改。",
    site_name_missing: "请填写网站名称。",
    join_lede: "您受邀加入，角色是{}。请设置登录名和密码。",
    join_site: "加入{}",
    join: "加入",
    reset: "设置新密码",
    reset_lede: "为{}（{}）设置新密码。设置后，其他设备上的登录都会结束。",
    expired: ErrorText {
        headline: "这个链接已经失效",
        advice: "链接只能用一次，并且有时限。如果刚才已经用过，请直接登录；否则请向管理员要一个新的链接。",
    },
    setup_expired: ErrorText {
        headline: "这个设置链接已经失效",
        advice: "如果已经有人完成设置，请直接登录；否则在服务器上运行 wxpress staff setup，重新生成链接。",
    },

    login_help: "登录时输入。2 到 64 个英文字母、数字或 . _ - @ +，以字母或数字开头，不分大小写。",
    login_invalid: "登录名要有 2 到 64 个字符，只能用英文字母、数字和 . _ - @ +，并以字母或数字开头。",
    login_taken: "这个登录名已经有人使用，请换一个。",
    name: "姓名",
    name_help: "同事看到的名字，可以用中文。",
    name_invalid: "姓名要有 1 到 40 个字，写在一行里，不能有看不见的字符。",
    new_password: "新密码",
    password_help: "至少 12 个字符。几个不相关的词连成一句话，比复杂的短密码更安全，也更好记。",
    again: "再输入一次密码",
    differs: "两次输入的密码不一样，请重新输入。",
    too_short: "密码至少要有 12 个字符。",
    too_long: "密码最多 128 个字符。",
    personal: "密码不能主要由姓名、登录名或网站名称组成，请换一个。",
    guessable: "这个密码很容易被猜到，请换成几个不相关的词连成的一句话。",

    step: "第二步验证",
    step_lede: "{}，请打开验证器应用，输入其中显示的 6 位数字。",
    code: "验证码",
    code_help: "手机不在身边时，也可以输入一个恢复码。",
    go_on: "继续",
    wrong_code: "验证码不对，或者已经用过。验证器每 30 秒换一个数字，请输入最新的。",
    lost: "验证器和恢复码都没有了？请联系管理员重置第二步验证。",

    step_set_up: "设置第二步验证",
    step_required: "您的角色需要第二步验证：登录时除了密码，还要输入手机上验证器应用显示的 6 位数字。",
    step_voluntary: "设置之后，登录时除了密码，还要输入手机上验证器应用显示的 6 位数字；别人知道密码也进不来。",
    step_renewed: "完成之后，旧的验证器和旧的恢复码都不能再用，其他设备上的登录都会结束。",
    step_install: "在手机上安装一个验证器应用，例如 Microsoft Authenticator、FreeOTP，或微信小程序“腾讯身份验证器”。",
    step_scan: "用验证器应用扫描这个二维码。",
    step_picture: "给验证器应用扫描的二维码；不能扫描时，请用下面的密钥",
    step_manual: "不能扫描？手动输入密钥",
    step_secret: "在应用里选择手动输入，类型是“基于时间”，密钥如下，空格可以不输：",
    step_prove: "输入应用里显示的 6 位数字。",

    codes: "恢复码",
    codes_lede: "手机丢了或换了手机时，每个恢复码可以代替一次验证码，用过即失效。\
                 它们只显示这一次，请现在打印或抄下来，放在安全的地方。",
    codes_download: "下载为文本文件",
    codes_print: "打印",
    codes_saved: "已经保存好，继续",
    codes_file: "恢复码.txt",
    codes_head: "{} 恢复码（{}），每个只能用一次：",

    confirm: "请再次输入密码",
    confirm_lede: "接下来的操作关系到账号安全。输入密码后，十分钟之内不用再输。",
    confirm_submit: "确认",
    wrong_password: "密码不对，请核对后再试。",
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
    wait_minutes: "Too many attempts. Try again in {} minutes.",
    nobody_yet: "Nobody works here yet. Open the set-up link in the log of the server's start; \
                 once it has expired, run wxpress staff setup on the server for a new one.",
    to_sign_in: "Sign in",
    another_account: "Sign in to another account",

    set_up: "First set-up",
    set_up_lede: "Give the site a name, and create the account of its first administrator.",
    set_up_submit: "Finish the set-up",
    site_name: "Name of the site",
    site_name_help: "Readers see it at the top of pages and on cards. It can be changed later.",
    site_name_missing: "Enter the name of the site.",
    join_lede: "You are invited as: {}. Choose a login name and a password.",
    join_site: "Join {}",
    join: "Join",
    reset: "Choose a new password",
    reset_lede: "A new password for {} ({}). All other devices will be signed out.",
    expired: ErrorText {
        headline: "This link is no longer valid",
        advice: "A link works once, and for a limited time. If you have just used it, sign in; \
                 otherwise ask an administrator for a new one.",
    },
    setup_expired: ErrorText {
        headline: "This set-up link is no longer valid",
        advice: "If somebody has finished the set-up, sign in; otherwise run wxpress staff setup on the server \
                 for a new link.",
    },

    login_help: "Typed to sign in. 2 to 64 letters, digits or . _ - @ +, beginning with a letter or a digit, in either case.",
    login_invalid: "A login name has 2 to 64 letters, digits and . _ - @ +, and begins with a letter or a digit.",
    login_taken: "Somebody else has this login name. Choose another one.",
    name: "Name",
    name_help: "What colleagues read.",
    name_invalid: "A name has 1 to 40 characters on one line, all of them visible.",
    new_password: "New password",
    password_help: "At least 12 characters. A few unrelated words are safer than a short password full of signs, \
                    and easier to remember.",
    again: "The password once more",
    differs: "The two passwords differ. Type them again.",
    too_short: "A password has at least 12 characters.",
    too_long: "A password has at most 128 characters.",
    personal: "The password is little more than a name that everybody knows. Choose another one.",
    guessable: "The password is easy to guess. Choose a few unrelated words.",

    step: "Second step",
    step_lede: "{}, open your authenticator and enter the 6 digits it shows.",
    code: "Code",
    code_help: "Without the phone, enter one of your recovery codes.",
    go_on: "Continue",
    wrong_code: "The code is wrong or was used before. It changes every 30 seconds: enter the newest one.",
    lost: "No authenticator and no recovery codes? An administrator can reset the second step.",

    step_set_up: "Set up the second step",
    step_required: "Your role takes a second step: besides the password, the 6 digits that an authenticator on your \
                    phone shows.",
    step_voluntary: "From then on, signing in takes the 6 digits that an authenticator on your phone shows besides \
                     the password; who knows the password alone stays out.",
    step_renewed: "The old authenticator and the old recovery codes will be void, and all other devices signed out.",
    step_install: "Install an authenticator on your phone, such as Microsoft Authenticator or FreeOTP.",
    step_scan: "Scan this picture with it.",
    step_picture: "QR code for the authenticator; where it cannot be scanned, the key below does the same",
    step_manual: "Cannot scan? Type the key",
    step_secret: "Choose manual entry, time-based, and type this key; the spaces do not matter:",
    step_prove: "Enter the 6 digits that it shows.",

    codes: "Recovery codes",
    codes_lede: "On the day your phone is lost, each of them replaces one code, once. They are shown only now: print \
                 them or write them down, and keep them in a safe place.",
    codes_download: "Download as a text file",
    codes_print: "Print",
    codes_saved: "They are safe, continue",
    codes_file: "recovery-codes.txt",
    codes_head: "{} recovery codes ({}), each good for one use:",

    confirm: "Your password once more",
    confirm_lede: "What comes next matters for everybody's safety. The password is then not asked for again for ten \
                   minutes.",
    confirm_submit: "Confirm",
    wrong_password: "The password is wrong. Check it and try again.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_wait_is_told_in_seconds_and_a_long_one_in_minutes() {
        let wait = |seconds| EN.wait(Duration::from_secs(seconds));
        assert_eq!(wait(0), "Too many attempts. Try again in 1 seconds.");
        assert_eq!(wait(60), "Too many attempts. Try again in 60 seconds.");
        assert_eq!(wait(841), "Too many attempts. Try again in 15 minutes.");
    }
}
