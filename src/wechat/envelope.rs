//! Reading WeChat's answers strictly: HTTP 200 with JSON, and `errcode` in it when something is wrong
//! (wechat-facts §1.0; the content type says nothing).

use serde_json::Value;

use super::credential::{Issued, JsapiTicket, SiteAccessToken};
use super::error::{Error, Platform};
use crate::fetch::{self, Answer};

/// How much of a message is kept, in characters.
const LONGEST_MESSAGE: usize = 300;

/// The object in `answer`, or what WeChat or something before it said instead.
pub(super) fn open(
    platform: Platform,
    endpoint: &'static str,
    answer: Result<Answer, fetch::Error>,
) -> Result<Value, Error> {
    let answer = answer.map_err(|source| Error::Transport { endpoint, source })?;
    if answer.status != 200 {
        return Err(Error::Http { endpoint, status: answer.status });
    }
    let value: Value =
        serde_json::from_slice(&answer.body).map_err(|_syntax| Error::Malformed { endpoint, what: "not JSON" })?;
    if !value.is_object() {
        return Err(Error::Malformed { endpoint, what: "not a JSON object" });
    }
    match code(&value) {
        None | Some(0) => Ok(value),
        Some(code) => Err(Error::Api { platform, endpoint, code, message: message(&value) }),
    }
}

/// `errcode`; some gateways make a text of the number.
fn code(value: &Value) -> Option<i64> {
    match value.get("errcode")? {
        Value::Number(number) => Some(number.as_i64().unwrap_or(i64::MIN)),
        Value::String(text) => Some(text.trim().parse().unwrap_or(i64::MIN)),
        _ => Some(i64::MIN),
    }
}

fn message(value: &Value) -> String {
    let text = value.get("errmsg").and_then(Value::as_str).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect()
}

/// The token in an answer.
pub(super) fn token(endpoint: &'static str, value: &Value) -> Result<Issued<SiteAccessToken>, Error> {
    let token = text(value, "access_token").ok_or(Error::Malformed { endpoint, what: "access_token is not a text" })?;
    let what = "access_token has characters no token has";
    let token = SiteAccessToken::new(token).ok_or(Error::Malformed { endpoint, what })?;
    issued(endpoint, value, token)
}

/// The ticket in an answer.
pub(super) fn ticket(endpoint: &'static str, value: &Value) -> Result<Issued<JsapiTicket>, Error> {
    let ticket = text(value, "ticket").ok_or(Error::Malformed { endpoint, what: "ticket is not a text" })?;
    let what = "ticket has characters no ticket has";
    let ticket = JsapiTicket::new(ticket).ok_or(Error::Malformed { endpoint, what })?;
    issued(endpoint, value, ticket)
}

/// A field that is a text.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn issued<T>(endpoint: &'static str, value: &Value, credential: T) -> Result<Issued<T>, Error> {
    let seconds = value.get("expires_in").and_then(Value::as_i64);
    let seconds = seconds.ok_or(Error::Malformed { endpoint, what: "expires_in is not a number" })?;
    Issued::new(credential, seconds).ok_or(Error::Malformed { endpoint, what: "expires_in is not positive" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(status: u16, body: &[u8]) -> Answer {
        Answer { status, headers: reqwest::header::HeaderMap::new(), body: body.to_vec() }
    }

    fn opened(body: &str) -> Result<Value, Error> {
        open(Platform::Official, "cgi-bin/token", Ok(answer(200, body.as_bytes())))
    }

    #[test]
    fn success_may_lack_the_code_or_say_zero() {
        assert!(opened(r#"{"access_token":"t","expires_in":7200}"#).is_ok());
        assert!(opened(r#"{"errcode":0,"errmsg":"ok","ticket":"t"}"#).is_ok());
        assert!(opened(r#"{"errcode":"0","ticket":"t"}"#).is_ok());
    }

    #[test]
    fn a_code_is_an_error_with_its_text_kept_short_and_clean() {
        let long = "x\\u0007".repeat(1000);
        let error = opened(&format!(r#"{{"errcode":40013,"errmsg":"{long}"}}"#)).unwrap_err();
        let Error::Api { code, message, .. } = error else { panic!("not WeChat's") };
        assert_eq!((code, message.chars().count()), (40013, LONGEST_MESSAGE));
        assert!(message.chars().all(|c| !c.is_control()));
    }

    #[test]
    fn what_is_not_wechats_is_malformed() {
        for body in ["", "<html>", "[]", "null", "\"x\"", r#"{"errcode":"#] {
            assert!(matches!(opened(body), Err(Error::Malformed { .. })), "{body}");
        }
        assert!(matches!(open(Platform::Official, "x", Ok(answer(502, b"{}"))), Err(Error::Http { status: 502, .. })));
        assert!(opened(r#"{"errcode":null}"#).is_err());
        assert!(opened(r#"{"errcode":"many"}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(value) = open(Platform::WeCom, "x", Ok(answer(200, &body))) {
                prop_assert!(value.is_object());
            }
        }
    }
}
