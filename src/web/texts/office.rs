//! The back office's words that belong to no single part of it. Each part has a file of its own beside this one.

use super::ErrorText;

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Office {
    /// What a screen reader calls the list of parts.
    pub(crate) navigation: &'static str,
    pub(crate) dashboard: &'static str,
    pub(crate) articles: &'static str,
    pub(crate) media: &'static str,
    pub(crate) taxonomy: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) wechat: &'static str,
    pub(crate) people: &'static str,
    pub(crate) settings: &'static str,
    pub(crate) to_dashboard: &'static str,
    /// Above the errors of a form.
    pub(crate) please_correct: &'static str,
    pub(crate) save: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) sign_out: &'static str,
    /// A form was refused because it did not come from a page of ours, or from one that is too old.
    pub(crate) cross_site: ErrorText,
    /// A form was sent by somebody whose session has ended.
    pub(crate) signed_out: ErrorText,
    /// A form was sent for which the password was typed too long ago.
    pub(crate) needs_confirmation: ErrorText,
    /// 403.
    pub(crate) forbidden: ErrorText,
    /// 413.
    pub(crate) too_large: ErrorText,
    /// 404.
    pub(crate) not_found: ErrorText,
    /// What was done, by the name that a redirect gives it.
    pub(crate) notices: &'static [(&'static str, &'static str)],
}

impl Office {
    /// What is said after something was done; none for a name that nobody gave.
    pub(crate) fn notice(&self, name: &str) -> Option<&'static str> {
        self.notices.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// What the back office's error page says where it differs from the reader's.
    pub(crate) fn error(&self, status: u16) -> Option<&ErrorText> {
        match status {
            403 => Some(&self.forbidden),
            404 => Some(&self.not_found),
            413 => Some(&self.too_large),
            _ => None,
        }
    }
}

/// Simplified Chinese.
pub(super) const ZH: Office = Office {
    navigation: "后台导航",
    dashboard: "概览",
    articles: "稿件",
    media: "图片",
    taxonomy: "栏目与标签",
    pages: "页面",
    wechat: "公众号",
    people: "人员",
    settings: "设置",
    to_dashboard: "回到概览",
    please_correct: "请修改以下内容",
    save: "保存",
    cancel: "取消",
    sign_out: "退出",
    cross_site: ErrorText {
        headline: "这个表单已经过期",
        advice: "登录状态可能已经改变。请返回上一页，刷新后再提交；已经填写的内容请先复制保存。",
    },
    signed_out: ErrorText {
        headline: "登录已经结束",
        advice: "刚才的内容没有保存。请在新的标签页登录，再回到这里返回上一页，重新提交。",
    },
    needs_confirmation: ErrorText {
        headline: "需要再次输入密码",
        advice: "这一步需要在十分钟之内输入过密码。请返回上一页并刷新，确认密码后再提交。",
    },
    forbidden: ErrorText {
        headline: "没有权限", advice: "您的角色不能打开这个页面，如有需要请联系管理员。"
    },
    too_large: ErrorText {
        headline: "内容太大", advice: "提交的内容超过了上限，请分成几次，或缩小文件后再试。"
    },
    not_found: ErrorText {
        headline: "没有找到", advice: "它可能已被删除或合并，请回到列表查找。"
    },
    notices: &[
        ("saved", "已保存。"),
        ("deleted", "已删除。"),
        ("signed-out", "已退出。"),
        ("password", "密码已修改，其他设备上的登录均已结束。"),
        ("created", "已建立。"),
        ("moved", "顺序已调整。"),
        ("merged", "已合并。"),
        ("added", "已添加。"),
        ("removed", "已移除。"),
    ],
};

/// English.
pub(super) const EN: Office = Office {
    navigation: "Back office",
    dashboard: "Overview",
    articles: "Articles",
    media: "Pictures",
    taxonomy: "Categories and tags",
    pages: "Pages",
    wechat: "WeChat",
    people: "People",
    settings: "Settings",
    to_dashboard: "To the overview",
    please_correct: "Please correct the following",
    save: "Save",
    cancel: "Cancel",
    sign_out: "Sign out",
    cross_site: ErrorText {
        headline: "This form has expired",
        advice: "You may have signed in again since. Go back, copy what you typed, reload the page and send it again.",
    },
    signed_out: ErrorText {
        headline: "You are signed out",
        advice: "Nothing was saved. Sign in on a new tab, then go back from here and send the form again.",
    },
    needs_confirmation: ErrorText {
        headline: "The password is needed once more",
        advice: "For this it must have been typed within ten minutes. Go back, reload the page, confirm and send again.",
    },
    forbidden: ErrorText {
        headline: "Not allowed",
        advice: "Your role may not open this page. Ask an administrator if you need it.",
    },
    too_large: ErrorText { headline: "Too large", advice: "Send it in several parts, or make the file smaller." },
    not_found: ErrorText {
        headline: "Not found",
        advice: "It may have been deleted or merged. Look for it in the list.",
    },
    notices: &[
        ("saved", "Saved."),
        ("deleted", "Deleted."),
        ("signed-out", "Signed out."),
        ("password", "The password was changed; all other devices are signed out."),
        ("created", "Created."),
        ("moved", "The order was changed."),
        ("merged", "Merged."),
        ("added", "Added."),
        ("removed", "Removed."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_notices() {
        let names = |office: &Office| office.notices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(&ZH), names(&EN));
    }
}
