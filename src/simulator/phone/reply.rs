//! What the native side says to the page, in the form its kind of client uses.

use serde_json::{Value, json};

use super::profile::{Profile, Replies};
use crate::simulator::judge::Platform;

/// All is well. Raw replies name the call in another style (`send_app_msg:ok`).
pub(crate) fn ok(profile: &Profile, name: &str) -> Value {
    match profile.rules.replies {
        Replies::Ready => json!({ "errMsg": format!("{name}:ok") }),
        Replies::Raw => json!({ "err_msg": format!("{}:ok", raw_name(name)) }),
    }
}

/// Configured, with the list of what was granted where the client tells it.
pub(crate) fn configured(profile: &Profile, granted: Vec<&str>) -> Value {
    match profile.rules.replies {
        Replies::Ready => json!({ "errMsg": "config:ok", "jsApiList": granted }),
        Replies::Raw => json!({ "err_msg": "preVerifyJSAPI:ok" }),
    }
}

/// Not configured. `call` is `config` or `agentConfig`.
pub(crate) fn not_configured(profile: &Profile, call: &str, words: &str) -> Value {
    match (profile.rules.replies, call) {
        (Replies::Raw, "config") => json!({ "err_msg": format!("preVerifyJSAPI:fail_{words}") }),
        (Replies::Raw, _) => json!({ "err_msg": format!("{call}:{words}") }),
        (Replies::Ready, _) => json!({ "errMsg": format!("{call}:{words}") }),
    }
}

/// Called before config was accepted, or without having been declared.
pub(crate) fn not_granted(profile: &Profile, name: &str) -> Value {
    match (profile.rules.client, profile.rules.replies) {
        (Platform::WeCom, _) => json!({ "err_msg": format!("{name}:fail_nopermission") }),
        (Platform::Official, Replies::Ready) => {
            json!({ "errMsg": format!("{name}:fail, the permission value is offline verifying") })
        }
        (Platform::Official, Replies::Raw) => json!({ "err_msg": "system:access_denied" }),
    }
}

/// Declared and granted, but the account itself may not share.
pub(crate) fn no_permission(name: &str) -> Value {
    json!({ "errMsg": format!("{name}:permission denied") })
}

/// No such call in this client.
pub(crate) fn no_such_call() -> Value {
    json!({ "err_msg": "system:function_not_exist" })
}

/// Nothing that the viewer could load.
pub(crate) fn no_such_pictures(name: &str) -> Value {
    json!({ "errMsg": format!("{name}:fail") })
}

/// The link leads out of the domain under which the page is bound.
pub(crate) fn foreign_link(name: &str) -> Value {
    json!({ "err_msg": format!("{}:fail_link is out of the js domain", raw_name(name)) })
}

/// Which calls there are; some clients send the inner object as text.
pub(crate) fn checked(profile: &Profile, results: Value) -> Value {
    let results = match profile.rules.replies {
        Replies::Ready => results,
        Replies::Raw => Value::String(results.to_string()),
    };
    json!({ "checkResult": results, "errMsg": "checkJsApi:ok" })
}

fn raw_name(name: &str) -> &str {
    match name {
        "sendAppMessage" => "send_app_msg",
        "shareTimeline" => "share_timeline",
        "shareQQ" => "share_qq",
        "shareQZone" => "share_qzone",
        other => other,
    }
}
