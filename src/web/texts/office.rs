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
    /// On a phone: what brings the parts that do not fit.
    pub(crate) more: &'static str,
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
    pub(crate) sign_in_again: &'static str,
    /// A form was sent for which the password was typed too long ago.
    pub(crate) needs_confirmation: ErrorText,
    /// 403.
    pub(crate) forbidden: ErrorText,
    /// 413.
    pub(crate) too_large: ErrorText,
    /// 404.
    pub(crate) not_found: ErrorText,
    /// 409.
    pub(crate) conflict: ErrorText,
    /// 422.
    pub(crate) unprocessable: ErrorText,
    /// 507.
    pub(crate) disk_full: ErrorText,
    /// What was done, by the name that a redirect gives it.
    pub(crate) notices: &'static [(&'static str, &'static str)],
}

/// Of these notices not all was done, and somebody has to do the rest.
const CAUTIONS: [&str; 1] = ["category-gone"];

impl Office {
    /// Whether what is said under this name is a warning.
    pub(crate) fn is_caution(name: &str) -> bool {
        CAUTIONS.contains(&name)
    }

    /// What is said after something was done; none for a name that nobody gave.
    pub(crate) fn notice(&self, name: &str) -> Option<&'static str> {
        self.notices.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// What the back office's error page says where it differs from the reader's.
    pub(crate) fn error(&self, status: u16) -> Option<&ErrorText> {
        match status {
            403 => Some(&self.forbidden),
            404 => Some(&self.not_found),
            409 => Some(&self.conflict),
            422 => Some(&self.unprocessable),
            413 => Some(&self.too_large),
            507 => Some(&self.disk_full),
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
    more: "更多",
    to_dashboard: "回到概览",
    please_correct: "有问题需要处理",
    save: "保存",
    cancel: "取消",
    sign_out: "退出",
    cross_site: ErrorText {
        headline: "这个表单已经过期",
        advice: "内容没有保存，登录状态可能已经改变。请先复制已经填写的内容，再返回上一页，刷新后重新提交。",
    },
    signed_out: ErrorText {
        headline: "登录已经结束",
        advice: "刚才这一步没有完成。请重新登录，登录后会回到原来的页面，再做一次。",
    },
    sign_in_again: "重新登录",
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
    conflict: ErrorText {
        headline: "情况已经变化",
        advice: "刚才有人改动过它，这一步现在做不了。请返回并刷新，看过现在的内容再试。",
    },
    unprocessable: ErrorText {
        headline: "内容需要修改", advice: "填写的内容有误，请返回上一页修改后再提交。"
    },
    disk_full: ErrorText {
        headline: "服务器磁盘已满",
        advice: "文件没有保存下来。请联系管理员腾出空间，再返回上一页重新上传。",
    },
    notices: &[
        ("saved", "已保存。"),
        ("category-gone", "稿件已保存，但所选的栏目已被删除，现在没有栏目，请另选一个后再保存。"),
        ("deleted", "已删除。"),
        ("uploaded", "已上传。"),
        ("known", "这个文件库里已有，就是下面这一个，没有重复存一份。"),
        ("replaced", "已替换，用到它的地方都会显示新文件。"),
        ("signed-out", "已退出。"),
        ("password", "密码已修改，其他设备上的登录均已结束。"),
        ("created", "已建立。"),
        ("moved", "顺序已调整。"),
        ("merged", "已合并。"),
        ("added", "已添加。"),
        ("there-already", "这个文件已经在这里，内容相同。"),
        ("removed", "已移除。"),
        ("sessions-ended", "登录已结束。"),
        ("invitation-withdrawn", "邀请已撤回。"),
        ("role", "角色已保存；角色有变时，需要重新登录。"),
        ("disabled", "已停用，原有的登录均已结束。"),
        ("enabled", "已恢复使用。"),
        ("second-step-reset", "第二步验证已重置，下次登录时重新设置。"),
        ("bound", "账号已绑定。"),
        ("unbound", "已解除绑定。"),
        ("retrying", "已请求重试，几秒后刷新本页查看结果。"),
        ("forcing", "已请求强制更新，几秒后刷新本页查看结果。"),
        ("submitted", "已送审。"),
        ("approved", "已通过。"),
        ("sent-back", "已退回，撰稿人会看到您的意见。"),
        ("recalled", "已撤回，可以修改了。"),
        ("published", "已发布，读者现在可以看到。"),
        ("corrected", "已更正并发布。"),
        ("scheduled", "已定时，到时自动发布。"),
        ("unscheduled", "已取消定时。"),
        ("withdrawn", "已撤稿，读者现在看不到原文。"),
        ("take-down-set", "已设定，到时自动撤下。"),
        ("take-down-cleared", "已取消，不会自动撤下。"),
        ("pinned", "已置顶。"),
        ("unpinned", "已取消置顶。"),
        ("discarded", "已移到废稿箱。"),
        ("restored", "已恢复为草稿。"),
        ("revision-restored", "已恢复旧版，之前的内容也留在历史版本里。"),
        ("slug-changed", "地址已更改。"),
        ("picture", "已放入稿件。"),
        ("picture-last", "已放在正文末尾，可以剪切后粘贴到合适的位置。"),
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
    more: "More",
    to_dashboard: "To the overview",
    please_correct: "There is a problem",
    save: "Save",
    cancel: "Cancel",
    sign_out: "Sign out",
    cross_site: ErrorText {
        headline: "This form has expired",
        advice: "Nothing was saved; you may have signed in again since. Copy what you typed, go back, reload the page and send it again.",
    },
    signed_out: ErrorText {
        headline: "You are signed out",
        advice: "Nothing was done. Sign in again: you come back to the page that you were on, and can do it once more.",
    },
    sign_in_again: "Sign in again",
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
    conflict: ErrorText {
        headline: "It has changed",
        advice: "Somebody has changed it, and this cannot be done now. Go back, reload the page and look at it again.",
    },
    unprocessable: ErrorText {
        headline: "Something has to change",
        advice: "What was typed cannot be taken as it is. Go back, change it and send it again.",
    },
    disk_full: ErrorText {
        headline: "The server's disk is full",
        advice: "The file was not kept. Ask an administrator to make room, then go back and send it again.",
    },
    notices: &[
        ("saved", "Saved."),
        (
            "category-gone",
            "Saved, but the chosen category has been deleted: the article is in none now. Choose another one and save again.",
        ),
        ("deleted", "Deleted."),
        ("uploaded", "Uploaded."),
        ("known", "This file was in the library already: here it is. It is not kept twice."),
        ("replaced", "Replaced; every place that uses it shows the new file."),
        ("signed-out", "Signed out."),
        ("password", "The password was changed; all other devices are signed out."),
        ("created", "Created."),
        ("moved", "The order was changed."),
        ("merged", "Merged."),
        ("added", "Added."),
        ("there-already", "This file is here already, with the same content."),
        ("removed", "Removed."),
        ("sessions-ended", "The sessions have ended."),
        ("invitation-withdrawn", "The invitation is withdrawn."),
        ("role", "The role was saved; another role takes signing in again."),
        ("disabled", "Disabled; all sessions have ended."),
        ("enabled", "Enabled again."),
        ("second-step-reset", "The second step was reset; it is set up again at the next sign-in."),
        ("bound", "The account is bound."),
        ("unbound", "The account is unbound."),
        ("retrying", "WeChat is being asked. Reload this page in a few seconds to see what came of it."),
        ("forcing", "Another token is being asked for. Reload this page in a few seconds to see what came of it."),
        ("submitted", "Submitted for review."),
        ("approved", "Approved."),
        ("sent-back", "Sent back; the author sees your remark."),
        ("recalled", "Taken back; it can be changed now."),
        ("published", "Published; readers see it now."),
        ("corrected", "Corrected and published."),
        ("scheduled", "Scheduled; it goes out by itself."),
        ("unscheduled", "No longer scheduled."),
        ("withdrawn", "Withdrawn; readers see it no longer."),
        ("take-down-set", "It will be taken down by itself."),
        ("take-down-cleared", "It will not be taken down by itself."),
        ("pinned", "Pinned."),
        ("unpinned", "No longer pinned."),
        ("discarded", "Moved to the bin."),
        ("restored", "Restored as a draft."),
        ("revision-restored", "Restored; what it replaced is in the history."),
        ("slug-changed", "The address has changed."),
        ("picture", "It is in the article."),
        ("picture-last", "It is at the end of the text; cut it and paste it where it belongs."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_notices() {
        let names = |office: &Office| office.notices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(&ZH), names(&EN));
        assert!(CAUTIONS.iter().all(|name| ZH.notice(name).is_some()));
    }
}
