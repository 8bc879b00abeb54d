//! The dictionary of WeChat's errors: what a code means, what causes it, and which button to press. Used by the log,
//! by `doctor` and by the back office. Facts: wechat-facts §2.1 (official account), §2.2 (WeCom), §2.3 (JS-SDK).

use super::error::{Error, Platform, takes_secret};
use super::oauth::GET_USER_INFO;
use crate::config::Language;

/// One entry, in both interface languages.
#[derive(Debug, PartialEq, Eq)]
pub struct Cure {
    meaning: [&'static str; 2],
    action: [&'static str; 2],
}

impl Cure {
    /// What happened.
    pub fn meaning(&self, language: Language) -> &'static str {
        pick(self.meaning, language)
    }

    /// What to do about it.
    pub fn action(&self, language: Language) -> &'static str {
        pick(self.action, language)
    }
}

fn pick([chinese, english]: [&'static str; 2], language: Language) -> &'static str {
    match language {
        Language::SimplifiedChinese => chinese,
        Language::English => english,
    }
}

/// The entry for `error`.
pub fn of(error: &Error) -> &'static Cure {
    match error {
        Error::Api { platform, endpoint, code, .. } => of_code(*platform, endpoint, *code),
        Error::Transport { .. } => of_silence(false),
        Error::Http { .. } | Error::Malformed { .. } => of_silence(true),
    }
}

/// The entry for a call that WeChat itself did not answer; `answered`: something else did.
pub fn of_silence(answered: bool) -> &'static Cure {
    if answered { &NOT_WECHAT } else { &UNREACHABLE }
}

/// The entry for a day on which this program has called as often as it allows itself.
pub fn of_own_budget() -> &'static Cure {
    &OWN_BUDGET
}

/// The entry for a code.
pub fn of_code(platform: Platform, endpoint: &str, code: i64) -> &'static Cure {
    let wants_secret = takes_secret(endpoint);
    match (platform, code) {
        (Platform::Official, 40001) if wants_secret => &OFFICIAL_SECRET,
        (Platform::WeCom, 40001 | 40091) if wants_secret => &WECOM_SECRET,
        (_, 40001 | 40014 | 42001) => &STALE_TOKEN,
        (_, -1) => &BUSY,
        (Platform::Official, 40013 | 41002) => &OFFICIAL_ID,
        (Platform::Official, 40125 | 41004) => &OFFICIAL_SECRET,
        (Platform::Official, 40164) => &OFFICIAL_IP,
        (Platform::Official, 89501 | 89503 | 89506 | 89507) => &OFFICIAL_IP_CONFIRM,
        (Platform::Official, 40243) => &OFFICIAL_FROZEN_SECRET,
        (_, 45009 | 45033) => &QUOTA_DAY,
        (_, 45011) => &QUOTA_MINUTE,
        (Platform::Official, 48001 | 48004) => &OFFICIAL_NO_RIGHT,
        (Platform::Official, 50002 | 50004 | 50007 | 10004) => &OFFICIAL_PUNISHED,
        (Platform::Official, 61024) => &OFFICIAL_COMPONENT,
        (Platform::WeCom, 40013 | 41002 | 2_000_002) => &WECOM_ID,
        (Platform::WeCom, 60020) => &WECOM_IP,
        (Platform::WeCom, 48002 | 301_002 | 50003) => &WECOM_NO_RIGHT,
        (Platform::WeCom, 40093 | 42012) => &WECOM_TICKET,
        (Platform::WeCom, 50001) if endpoint == GET_USER_INFO => &WECOM_OAUTH_DOMAIN,
        (Platform::WeCom, 80001 | 85005 | 50001) => &WECOM_DOMAIN,
        (Platform::WeCom, 50002 | 60011) => &WECOM_OUT_OF_SCOPE,
        (Platform::Official, 10003) => &OFFICIAL_OAUTH_DOMAIN,
        (Platform::Official, 10005) => &OFFICIAL_NO_OAUTH,
        (_, 40029 | 40163 | 41008 | 42003) => &OAUTH_CODE,
        _ => &UNKNOWN,
    }
}

/// The entry for what the JS-SDK said to `wx.error`, for example `config:invalid signature`.
pub fn of_js_error(message: &str) -> &'static Cure {
    let message = message.to_ascii_lowercase();
    let has = |needle: &str| message.contains(needle);
    if has("invalid signature") || has("40093") {
        &JS_SIGNATURE
    } else if has("invalid url domain") || has("reliable domain") || has("80001") {
        &JS_DOMAIN
    } else if has("permission") || has("offline verifying") || has("access_denied") {
        &JS_PERMISSION
    } else if has("appid") || has("corpid") || has("40013") {
        &JS_ID
    } else {
        &UNKNOWN
    }
}

macro_rules! cures {
    ($($name:ident: $zh_meaning:literal, $en_meaning:literal => $zh_action:literal, $en_action:literal;)*) => {
        $(static $name: Cure = Cure { meaning: [$zh_meaning, $en_meaning], action: [$zh_action, $en_action] };)*

        #[cfg(test)]
        const ALL: &[&Cure] = &[$(&$name),*];
    };
}

cures! {
    OFFICIAL_ID: "AppID 不对", "the AppID is wrong"
        => "到 mp.weixin.qq.com「设置与开发 → 开发接口管理 → 基本配置」重新复制 AppID，填入 wechat.official.app_id",
           "copy the AppID again from mp.weixin.qq.com, 设置与开发 → 开发接口管理 → 基本配置, into wechat.official.app_id";
    OFFICIAL_SECRET: "AppSecret 不对或已被重置", "the AppSecret is wrong or was reset"
        => "到「设置与开发 → 开发接口管理 → 基本配置」点「重置」得到新的 AppSecret，填入 wechat.official.app_secret",
           "press 重置 under 设置与开发 → 开发接口管理 → 基本配置 and put the new AppSecret into wechat.official.app_secret";
    OFFICIAL_IP: "本服务器的出口 IP 不在公众号的 IP 白名单里", "this server's address is not in the account's IP whitelist"
        => "到「设置与开发 → 开发接口管理 → 基本配置 → IP白名单」点「修改」，加入上面消息里的 IP，几分钟后生效",
           "press 修改 at 设置与开发 → 开发接口管理 → 基本配置 → IP白名单 and add the address in the message above; it takes minutes";
    OFFICIAL_IP_CONFIRM: "微信要求管理员确认本服务器的 IP", "WeChat wants the administrator to confirm this server's address"
        => "请公众号管理员在微信里点开确认消息并同意；拒绝会封一小时。把 IP 加入白名单可免确认",
           "the account's administrator must accept the message WeChat sent; adding the address to the IP whitelist avoids it";
    OFFICIAL_FROZEN_SECRET: "AppSecret 被冻结", "the AppSecret is frozen"
        => "到「设置与开发 → 开发接口管理 → 基本配置」点「解冻」", "press 解冻 under 设置与开发 → 开发接口管理 → 基本配置";
    OFFICIAL_NO_RIGHT: "该公众号没有这个接口的权限", "the account has no right to this call"
        => "分享接口需要已认证的公众号：到「设置与开发 → 公众号设置 → 认证详情」完成认证，并在「接口权限」页核对",
           "sharing needs a verified account: finish 设置与开发 → 公众号设置 → 认证详情 and look at 接口权限";
    OFFICIAL_PUNISHED: "公众号被冻结或受处罚", "the account is frozen or being punished"
        => "登录 mp.weixin.qq.com，按「通知中心」里的说明申诉或整改", "log in at mp.weixin.qq.com and follow 通知中心";
    OFFICIAL_COMPONENT: "这是第三方平台的 AppID，不能直接取 token", "this AppID belongs to a third-party platform"
        => "改用公众号自己的 AppID 与 AppSecret", "use the account's own AppID and AppSecret";
    WECOM_ID: "企业 ID 不对", "the corp id is wrong"
        => "到 work.weixin.qq.com「我的企业 → 企业信息」底部复制企业 ID，填入 wechat.wecom.corp_id",
           "copy 企业ID from work.weixin.qq.com, 我的企业 → 企业信息, into wechat.wecom.corp_id";
    WECOM_SECRET: "应用的 Secret 不对（常是别的企业或别的应用的）", "the agent's secret is wrong, often another agent's"
        => "到「应用管理 → 你的应用 → Secret」点「查看」，填入 wechat.wecom.corp_secret",
           "press 查看 at 应用管理 → the agent → Secret and put it into wechat.wecom.corp_secret";
    WECOM_IP: "本服务器的 IP 不在应用的企业可信 IP 里", "this server's address is not among the agent's trusted IPs"
        => "到「应用管理 → 你的应用 → 企业可信IP」点「配置」，加入上面消息里的 IP",
           "press 配置 at 应用管理 → the agent → 企业可信IP and add the address in the message above";
    WECOM_NO_RIGHT: "该应用没有这个接口的权限，或已停用", "the agent has no right to this call, or is disabled"
        => "到「应用管理 → 你的应用」检查启用状态与权限", "look at 应用管理 → the agent: is it enabled and allowed";
    WECOM_TICKET: "jsapi_ticket 与应用不匹配", "the jsapi_ticket belongs to another agent"
        => "确认 wechat.wecom.agent_id 与 corp_secret 属于同一个应用", "check that wechat.wecom.agent_id and corp_secret are of one agent";
    WECOM_DOMAIN: "域名不是该应用的可信域名", "the host is not the agent's trusted domain"
        => "到「应用管理 → 你的应用 → 网页授权及JS-SDK → 设置可信域名」填入站点域名并通过校验",
           "enter the site's host at 应用管理 → the agent → 网页授权及JS-SDK → 设置可信域名";
    WECOM_OAUTH_DOMAIN: "登录后要回到的域名没有在企业微信登记", "WeCom does not know the host that people return to after signing in"
        => "到「应用管理 → 你的应用」，在「网页授权及JS-SDK → 可信域名」和「企业微信授权登录 → Web网页 → 授权回调域」都填入后台的域名（端口不是默认的要写上）",
           "enter the back office's host (with its port unless it is the usual one) both at 应用管理 → the agent → 网页授权及JS-SDK → 可信域名 and at 企业微信授权登录 → Web网页 → 授权回调域";
    WECOM_OUT_OF_SCOPE: "这位成员不在应用的可见范围里", "this member is outside the agent's visible range"
        => "到「应用管理 → 你的应用 → 可见范围」加入这位成员", "add the member at 应用管理 → the agent → 可见范围";
    OFFICIAL_OAUTH_DOMAIN: "登录后要回到的域名不是公众号的网页授权域名", "the host that people return to after signing in is not the account's 网页授权域名"
        => "到「设置与开发 → 公众号设置 → 功能设置 → 网页授权域名」填入后台的完整域名（不含 http://，子域名不会自动包含）",
           "enter the back office's full host name, without http://, at 设置与开发 → 公众号设置 → 功能设置 → 网页授权域名; a domain does not cover its sub-domains";
    OFFICIAL_NO_OAUTH: "该公众号没有网页授权的权限", "the account has no right to sign people in"
        => "网页授权需要已认证的服务号：到「设置与开发 → 接口权限 → 网页服务」核对",
           "signing in takes a verified service account (服务号); look at 设置与开发 → 接口权限 → 网页服务";
    OAUTH_CODE: "登录凭证无效、已过期或已经用过", "the sign-in code is wrong, too old or was used before"
        => "重新登录一次；凭证五分钟内有效，只能用一次。若反复出现，看看是否有代理或插件重复打开了登录地址",
           "sign in again: a code is good once, for five minutes. If it returns, look for a proxy or plug-in that opens the address twice";
    STALE_TOKEN: "access_token 已失效（可能有别的系统用同一个 AppSecret 取走了新的）",
                 "the access_token is no longer valid; perhaps another system shares the secret"
        => "软件会自动重取一次；若反复出现，让其他系统也改用 stable_token，或停用它们",
           "it is renewed by itself; if this returns, move the other system to stable_token or switch it off";
    BUSY: "微信系统繁忙", "WeChat is busy" => "无需处理，软件会稍后重试", "nothing to do, it is asked again";
    QUOTA_DAY: "当日调用次数已用完", "today's quota is used up"
        => "在用的 ticket 继续有效；到「接口权限」页查看用量，必要时用「清零」（每月 10 次）",
           "the ticket in use goes on; look at 接口权限, and press 清零 (ten times a month) if it must be now";
    QUOTA_MINUTE: "一分钟内调用过多", "too many calls within a minute" => "无需处理，一分钟后自动重试", "nothing to do, it is asked again in a minute";
    OWN_BUDGET: "今天对微信的调用已经很多，软件放慢到每半小时一次", "WeChat was called very often today; from now on it is called every half hour"
        => "在用的 ticket 继续有效；常见原因是别的系统在用同一个 AppSecret，请让它也改用 stable_token，或停用它",
           "the ticket in use goes on; often another system uses the same secret: move it to stable_token or switch it off";
    UNREACHABLE: "连不上微信的服务器", "WeChat's server cannot be reached"
        => "检查本机能否访问外网、DNS 与防火墙；若需代理，设置 wechat.proxy",
           "check this machine's way out, its DNS and firewall; set wechat.proxy if there is a proxy";
    NOT_WECHAT: "回答不像是微信给的（多半来自中间的代理或网关）", "the answer is not WeChat's; something in between spoke"
        => "检查 api_base_url 与 wechat.proxy，以及公司网络是否拦截", "check api_base_url, wechat.proxy and the network's gateway";
    UNKNOWN: "词典里没有的错误", "an error that is not in the dictionary"
        => "到 mp.weixin.qq.com「开发接口管理 → 接口调试」按 rid 查询原因", "look the rid up at mp.weixin.qq.com, 开发接口管理";
    JS_SIGNATURE: "手机认为签名无效", "the phone says the signature is invalid"
        => "软件会重取一次 ticket；若仍出现，运行 wxpress doctor 核对 AppID 与页面地址",
           "the ticket is fetched again by itself; if it stays, run wxpress doctor";
    JS_DOMAIN: "页面域名不在 JS 接口安全域名里", "the page's host is not a JS-SDK safe domain"
        => "到「设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名」点「设置」加入站点域名（生效要几分钟，手机需清缓存）",
           "press 设置 at 设置与开发 → 公众号设置 → 功能设置 → JS接口安全域名 and add the site's host";
    JS_PERMISSION: "公众号没有分享权限，或认证已过期", "the account may not share, or its verification has lapsed"
        => "到「设置与开发 → 公众号设置 → 认证详情」完成年审", "renew at 设置与开发 → 公众号设置 → 认证详情";
    JS_ID: "页面里的 AppID 或企业 ID 不对", "the AppID or corp id in the page is wrong"
        => "检查 wechat.official.app_id 或 wechat.wecom.corp_id", "check wechat.official.app_id or wechat.wecom.corp_id";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(platform: Platform, endpoint: &'static str, code: i64) -> Error {
        Error::Api { platform, endpoint, code, message: String::new() }
    }

    #[test]
    fn every_code_that_stops_the_keeper_has_a_cure_of_its_own() {
        for code in [40001, 40013, 40125, 40164, 40243, 45009, 48001, 50002, 50004, 50007, 61024, 89503] {
            assert_ne!(of(&api(Platform::Official, "cgi-bin/stable_token", code)), &UNKNOWN, "{code}");
        }
        for code in [40001, 40013, 40091, 60020, 45009] {
            assert_ne!(of(&api(Platform::WeCom, "cgi-bin/gettoken", code)), &UNKNOWN, "{code}");
        }
    }

    #[test]
    fn the_same_number_is_another_thing_at_the_other_platform() {
        let at = |platform| of(&api(platform, "cgi-bin/gettoken", 40013));
        assert_ne!(at(Platform::Official), at(Platform::WeCom));
    }

    #[test]
    fn what_signing_in_meets_has_a_cure_for_each_platform() {
        let at = |platform, endpoint, code| of(&api(platform, endpoint, code));
        assert_eq!(at(Platform::Official, "connect/oauth2/authorize", 10003), &OFFICIAL_OAUTH_DOMAIN);
        assert_eq!(at(Platform::WeCom, GET_USER_INFO, 50001), &WECOM_OAUTH_DOMAIN);
        assert_eq!(at(Platform::WeCom, "cgi-bin/get_jsapi_ticket", 50001), &WECOM_DOMAIN);
        assert_eq!(at(Platform::Official, "sns/oauth2/access_token", 40125), &OFFICIAL_SECRET);
        for code in [40029, 40163, 41008, 42003] {
            assert_eq!(at(Platform::Official, "sns/oauth2/access_token", code), &OAUTH_CODE);
        }
    }

    #[test]
    fn both_languages_are_complete() {
        for cure in ALL {
            for language in [Language::SimplifiedChinese, Language::English] {
                assert!(!cure.meaning(language).is_empty() && !cure.action(language).is_empty());
            }
        }
    }

    #[test]
    fn what_the_phone_says_is_understood() {
        assert_eq!(of_js_error("config:invalid signature"), &JS_SIGNATURE);
        assert_eq!(of_js_error("config:invalid url domain"), &JS_DOMAIN);
        assert_eq!(of_js_error("onMenuShareTimeline:fail, the permission value is offline verifying"), &JS_PERMISSION);
    }
}
