//! Tokens and tickets as types: WeChat calls two different things `access_token`, and mixing them up is its most
//! common answer 40001. [`SiteAccessToken`] and [`OAuthAccessToken`] have nothing in common.

use std::fmt;
use std::time::Duration;

/// The longest life that is believed, in seconds (threat W16); an upstream may say anything. A short one is believed
/// as it is: near its end a ticket that is repeated really has only seconds left.
const LONGEST_LIFE: u64 = 7200;
/// WeChat asks for room for 512 characters (wechat-facts §1.0).
const LONGEST: usize = 1024;

macro_rules! credential {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Accepts what can be a credential: 1 to 1024 printable ASCII characters without spaces.
            pub fn new(text: String) -> Option<Self> {
                let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
                fits.then_some(Self(text))
            }

            /// The value itself; never hand it to a log, an error or a page.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

credential! {
    /// The site's own `access_token`, from `cgi-bin/stable_token`, `cgi-bin/token` or WeCom's `gettoken`. Not the
    /// token that signs a person in.
    SiteAccessToken
}

credential! {
    /// The other `access_token`: one person's, from `sns/oauth2/access_token`. It fetches nothing for the site and is
    /// neither stored nor used again once it has said who came (wechat-facts §1.4).
    OAuthAccessToken
}

credential! {
    /// What somebody comes back with from WeChat or WeCom; good once, for five minutes (wechat-facts §1.4, §1.5).
    OAuthCode
}

credential! {
    /// The key of the JS-SDK signature. Never part of a page.
    JsapiTicket
}

/// A credential together with the life its issuer gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued<T> {
    /// The credential.
    pub value: T,
    /// How long it lives from the moment of the answer, at most two hours.
    pub life: Duration,
}

impl<T> Issued<T> {
    /// `expires_in` in seconds as the upstream gave it; `None` when that is no life at all.
    pub fn new(value: T, expires_in: i64) -> Option<Self> {
        let seconds = u64::try_from(expires_in).ok().filter(|&seconds| seconds > 0)?;
        let life = Duration::from_secs(seconds.min(LONGEST_LIFE));
        Some(Self { value, life })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_printable_and_bounded() {
        assert!(JsapiTicket::new("XEdpActNnf3XvQGOng9vhA==".to_owned()).is_some());
        for bad in [String::new(), "a\r\nb".to_owned(), "票".to_owned(), "a b".to_owned(), "a".repeat(1025)] {
            assert!(JsapiTicket::new(bad).is_none());
        }
    }

    #[test]
    fn a_credential_is_not_printed() {
        let token = SiteAccessToken::new("CANARY".to_owned()).unwrap();
        assert_eq!(format!("{token:?}"), "SiteAccessToken(***)");
        let token = OAuthAccessToken::new("CANARY".to_owned()).unwrap();
        assert_eq!(format!("{token:?}"), "OAuthAccessToken(***)");
    }

    #[test]
    fn a_life_is_clamped_and_nonsense_refused() {
        let life = |seconds| Issued::new((), seconds).map(|issued| issued.life.as_secs());
        assert_eq!(life(7200), Some(7200));
        assert_eq!(life(1_000_000_000_000), Some(7200));
        assert_eq!(life(1), Some(1));
        assert_eq!(life(0), None);
        assert_eq!(life(-1), None);
    }
}
