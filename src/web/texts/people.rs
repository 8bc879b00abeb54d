//! Who works here, and what happened to them.

use crate::staff::{Platform, Role};

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct People {
    /// Writer, editor, administrator.
    roles: [&'static str; 3],
    role_helps: [&'static str; 3],
    pub(crate) wecom: &'static str,
    pub(crate) official: &'static str,

    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) second_step: &'static str,
    pub(crate) seen: &'static str,
    pub(crate) state: &'static str,
    pub(crate) step_on: &'static str,
    pub(crate) step_off: &'static str,
    pub(crate) step_awaited: &'static str,
    pub(crate) never_seen: &'static str,
    pub(crate) active: &'static str,
    pub(crate) disabled: &'static str,
    pub(crate) you: &'static str,
    pub(crate) came: &'static str,

    pub(crate) back: &'static str,
    pub(crate) invite: &'static str,
    pub(crate) invite_lede: &'static str,
    pub(crate) role_missing: &'static str,
    pub(crate) make_link: &'static str,
    pub(crate) invitations: &'static str,
    pub(crate) invited_by: &'static str,
    pub(crate) good_until: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) to_confirm: &'static str,
    pub(crate) confirm_first: &'static str,

    /// `{}` stands for the person.
    pub(crate) invitation_ready: &'static str,
    /// The first `{}` stands for the person, the second for the time.
    pub(crate) invitation_lede: &'static str,
    pub(crate) invitation_caution: &'static str,
    /// `{}` stands for the person.
    pub(crate) reset_ready: &'static str,
    /// The first `{}` stands for the person, the second for the time.
    pub(crate) reset_lede: &'static str,
    pub(crate) reset_caution: &'static str,
    pub(crate) the_link: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) done: &'static str,

    pub(crate) rename: &'static str,
    pub(crate) change_role: &'static str,
    pub(crate) change_role_help: &'static str,
    pub(crate) help_out: &'static str,
    pub(crate) reset_link: &'static str,
    pub(crate) reset_link_help: &'static str,
    pub(crate) end_sessions: &'static str,
    pub(crate) end_sessions_help: &'static str,
    pub(crate) reset_step: &'static str,
    pub(crate) reset_step_help: &'static str,
    pub(crate) reset_step_own: &'static str,
    pub(crate) bound: &'static str,
    pub(crate) wecom_help: &'static str,
    pub(crate) official_help: &'static str,
    /// `{}` stands for the platform.
    pub(crate) bind: &'static str,
    pub(crate) unbind: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) disable: &'static str,
    pub(crate) disable_help: &'static str,
    pub(crate) enable: &'static str,
    pub(crate) enable_help: &'static str,
    pub(crate) last_administrator: &'static str,
    pub(crate) only_another: &'static str,
    pub(crate) is_disabled: &'static str,
    pub(crate) identity_taken: &'static str,
    pub(crate) identity_invalid: &'static str,

    /// `{}` stands for the person.
    pub(crate) log: &'static str,
    pub(crate) log_all: &'static str,
    pub(crate) log_empty: &'static str,
    pub(crate) time: &'static str,
    pub(crate) what: &'static str,
    pub(crate) by: &'static str,
    pub(crate) about: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) older: &'static str,
    /// By the event's word; `{}` stands for what is new.
    events: &'static [(&'static str, &'static str)],
}

impl People {
    /// What a role is called.
    pub(crate) fn role(&self, role: Role) -> &'static str {
        let [writer, editor, administrator] = self.roles;
        match role {
            Role::Writer => writer,
            Role::Editor => editor,
            Role::Administrator => administrator,
        }
    }

    /// What somebody of this role does.
    pub(crate) fn role_help(&self, role: Role) -> &'static str {
        let [writer, editor, administrator] = self.role_helps;
        match role {
            Role::Writer => writer,
            Role::Editor => editor,
            Role::Administrator => administrator,
        }
    }

    /// What a platform is called.
    pub(crate) fn platform(&self, platform: Platform) -> &'static str {
        match platform {
            Platform::WeCom => self.wecom,
            Platform::Official => self.official,
        }
    }

    /// Every event's word, with what it says where nothing more is known of it.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.events.iter().map(|(word, sentence)| (*word, sentence.replace("{}", "…")))
    }

    /// What an event says; its own word for one that has no sentence.
    pub(crate) fn event(&self, word: &str, value: &str) -> String {
        let known = self.events.iter().find(|(known, _)| *known == word);
        known.map_or_else(|| word.to_owned(), |(_, sentence)| sentence.replace("{}", value))
    }
}

/// Simplified Chinese.
pub(super) const ZH: People = People {
    roles: ["记者", "编辑", "管理员"],
    role_helps: ["写自己的稿件并送审。", "编辑所有稿件，审稿、发布、撤稿。", "另外还管理人员和网站设置。"],
    wecom: "企业微信",
    official: "微信",

    name: "姓名",
    role: "角色",
    second_step: "第二步验证",
    seen: "最近使用",
    state: "状态",
    step_on: "已设置",
    step_off: "未设置",
    step_awaited: "等待设置",
    never_seen: "还没有登录过",
    active: "正常",
    disabled: "已停用",
    you: "您自己",
    came: "加入时间",

    back: "回到人员",
    invite: "邀请",
    invite_lede: "生成一个链接，发给新同事；对方打开后自己设置登录名和密码。",
    role_missing: "请选择一个角色。",
    make_link: "生成邀请链接",
    invitations: "还没有接受的邀请",
    invited_by: "邀请人",
    good_until: "有效期至",
    withdraw: "撤回",
    to_confirm: "输入密码",
    confirm_first: "修改之前需要再次输入您的密码。",

    invitation_ready: "给{}的邀请链接",
    invitation_lede: "把这个链接发给{}。它只显示这一次，只能用一次，{}之前有效。",
    invitation_caution: "拿到链接的人就能以这个角色加入。请私下发给本人，不要发到群里。",
    reset_ready: "给{}的重设链接",
    reset_lede: "把这个链接发给{}，对方打开后设置新密码。它只显示这一次，只能用一次，{}之前有效。",
    reset_caution: "拿到链接的人就能设置密码。请先确认是本人提出的，再私下发送，不要发到群里。",
    the_link: "链接",
    copy: "复制链接",
    copied: "已复制",
    done: "完成",

    rename: "修改姓名",
    change_role: "修改角色",
    change_role_help: "角色有变时，原有的登录立即结束，需要重新登录。",
    help_out: "帮助登录",
    reset_link: "生成重设密码的链接",
    reset_link_help: "用于忘记密码。链接 30 分钟内有效；设置新密码之前，旧密码照常可用。",
    end_sessions: "结束所有登录",
    end_sessions_help: "在所有设备上退出，需要重新登录。用于设备遗失，或怀疑账号被他人使用。",
    reset_step: "重置第二步验证",
    reset_step_help: "用于手机丢失、恢复码也没有了的情况。请先当面或打电话确认是本人。重置后在所有设备上退出，下次登录时重新设置。",
    reset_step_own: "自己的第二步验证只能由另一位管理员重置。换了手机，请到“我的账号”更换验证器。",
    bound: "绑定的账号",
    wecom_help: "企业微信管理后台里成员的“账号”，例如 WangWei。",
    official_help: "用微信登录时，页面上显示的微信编号（OpenID）。",
    bind: "绑定{}",
    unbind: "解除绑定{}",
    leave: "停用与恢复",
    disable: "停用",
    disable_help: "停用后立即退出，不能再登录，用这个账号生成的邀请链接同时作废。稿件和记录都保留，以后可以恢复。",
    enable: "恢复使用",
    enable_help: "恢复之后，可以用原来的登录名和密码登录。",
    last_administrator: "这是最后一位管理员。请先邀请另一位管理员，或把另一位同事改为管理员。",
    only_another: "这一步只能由另一位管理员来做。",
    is_disabled: "已停用的人不能重设密码，请先恢复使用。",
    identity_taken: "这个账号已经绑定给另一个人，请先在那里解除绑定。",
    identity_invalid: "账号由 1 到 64 个英文字母、数字和符号组成，中间没有空格。",

    log: "{}的账号记录",
    log_all: "全部账号记录",
    log_empty: "还没有记录。",
    time: "时间",
    what: "内容",
    by: "操作人",
    about: "对象",
    operator: "命令行",
    older: "更早的记录",
    events: &[
        ("set_up", "完成首次设置"),
        ("invited", "邀请{}"),
        ("invitation_withdrawn", "撤回邀请"),
        ("joined", "接受邀请加入，角色是{}"),
        ("password_accepted", "密码正确，等待第二步验证"),
        ("signed_in", "登录"),
        ("signed_out", "退出"),
        ("password_changed", "修改密码"),
        ("reset_link_made", "生成重设密码的链接"),
        ("password_reset", "通过链接设置新密码"),
        ("totp_set_up", "设置第二步验证"),
        ("totp_paused", "验证码多次错误，暂停 15 分钟"),
        ("totp_reset", "重置第二步验证"),
        ("recovery_code_used", "使用一个恢复码"),
        ("recovery_codes_renewed", "生成新的恢复码"),
        ("renamed", "姓名改为{}"),
        ("role_changed", "角色改为{}"),
        ("disabled", "停用"),
        ("enabled", "恢复使用"),
        ("sessions_ended", "结束登录"),
        ("identity_bound", "绑定{}"),
        ("identity_unbound", "解除绑定{}"),
    ],
};

/// English.
pub(super) const EN: People = People {
    roles: ["Writer", "Editor", "Administrator"],
    role_helps: [
        "Writes articles and hands them in for review.",
        "Edits everybody's articles, reviews, publishes and withdraws.",
        "Manages people and settings besides.",
    ],
    wecom: "WeCom",
    official: "WeChat",

    name: "Name",
    role: "Role",
    second_step: "Second step",
    seen: "Last seen",
    state: "State",
    step_on: "set up",
    step_off: "none",
    step_awaited: "to be set up",
    never_seen: "never",
    active: "active",
    disabled: "disabled",
    you: "you",
    came: "Joined",

    back: "To the list",
    invite: "Invite",
    invite_lede: "Makes a link for a new colleague, who then chooses a login name and a password.",
    role_missing: "Choose a role.",
    make_link: "Make the link",
    invitations: "Open invitations",
    invited_by: "Invited by",
    good_until: "Good until",
    withdraw: "Withdraw",
    to_confirm: "Enter the password",
    confirm_first: "Changes take your password once more.",

    invitation_ready: "The invitation of {}",
    invitation_lede: "Send this link to {}. It is shown only now, works once, and is good until {}.",
    invitation_caution: "Whoever has the link can join in this role. Send it in private, not to a group.",
    reset_ready: "A link for {}",
    reset_lede: "Send this link to {}, who then chooses a new password. It is shown only now, works once, and is good \
                 until {}.",
    reset_caution: "Whoever has the link can choose the password. Make sure that they asked for it, and send it in \
                    private, not to a group.",
    the_link: "Link",
    copy: "Copy the link",
    copied: "Copied",
    done: "Done",

    rename: "Change the name",
    change_role: "Change the role",
    change_role_help: "Another role ends all sessions at once; it takes signing in again.",
    help_out: "Help with signing in",
    reset_link: "Make a link for a new password",
    reset_link_help: "For a forgotten password. The link is good for 30 minutes; until a new password is chosen, the old \
                      one still works.",
    end_sessions: "End all sessions",
    end_sessions_help: "All devices are signed out. For a lost device, or an account that somebody else may use.",
    reset_step: "Reset the second step",
    reset_step_help: "For a lost phone without recovery codes. First make sure, in person or by telephone, that it is \
                      them. All devices are signed out, and it is set up again at the next sign-in.",
    reset_step_own: "Your own second step can only be reset by another administrator. With a new phone, change the \
                     authenticator under My account.",
    bound: "Bound accounts",
    wecom_help: "The member's account in the console of WeCom, such as WangWei.",
    official_help: "What the page shows at a sign-in with WeChat: their OpenID at the official account.",
    bind: "Bind {}",
    unbind: "Unbind {}",
    leave: "Disable and enable",
    disable: "Disable",
    disable_help: "All sessions end at once, and nobody signs in with this account any more; invitations made with it \
                   are void. Articles and log stay, and it can be enabled again.",
    enable: "Enable",
    enable_help: "The login name and the password are good again.",
    last_administrator: "This is the last administrator. Invite another one first, or make a colleague one.",
    only_another: "Only another administrator can do this.",
    is_disabled: "Who is disabled cannot choose a new password. Enable them first.",
    identity_taken: "This account is bound to somebody else. Unbind it there first.",
    identity_invalid: "An account has 1 to 64 letters, digits and signs, without spaces.",

    log: "What happened to {}",
    log_all: "The whole log",
    log_empty: "Nothing yet.",
    time: "Time",
    what: "What",
    by: "By",
    about: "About",
    operator: "command line",
    older: "Older",
    events: &[
        ("set_up", "Finished the first set-up"),
        ("invited", "Invited {}"),
        ("invitation_withdrawn", "Withdrew an invitation"),
        ("joined", "Joined as: {}"),
        ("password_accepted", "Right password, awaiting the second step"),
        ("signed_in", "Signed in"),
        ("signed_out", "Signed out"),
        ("password_changed", "Changed the password"),
        ("reset_link_made", "Made a link for a new password"),
        ("password_reset", "Chose a new password by a link"),
        ("totp_set_up", "Set up the second step"),
        ("totp_paused", "Several wrong codes, 15 minutes' pause"),
        ("totp_reset", "Reset the second step"),
        ("recovery_code_used", "Used a recovery code"),
        ("recovery_codes_renewed", "Made new recovery codes"),
        ("renamed", "Name changed to {}"),
        ("role_changed", "Role changed to: {}"),
        ("disabled", "Disabled"),
        ("enabled", "Enabled"),
        ("sessions_ended", "Ended sessions"),
        ("identity_bound", "Bound {}"),
        ("identity_unbound", "Unbound {}"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_tell_the_same_events() {
        let words = |people: &People| {
            people.events.iter().map(|(word, sentence)| (*word, sentence.contains("{}"))).collect::<Vec<_>>()
        };
        assert_eq!(words(&ZH), words(&EN));
        assert_eq!(ZH.event("role_changed", "编辑"), "角色改为编辑");
        assert_eq!(ZH.event("unheard_of", ""), "unheard_of");
    }
}
