//! The small signed token in a page's beacon: only somebody who was shown the article can count for it, and only for
//! two days (threat W12).

use crate::config::Secret;
use crate::config::secret_key::mac;

/// Half a SHA-256 is enough for a statistic.
const MAC_DIGITS: usize = 32;

/// The token for `article` on `day` (number since 1970).
pub(crate) fn issue(key: &Secret<[u8; 32]>, article: i64, day: i64) -> String {
    let body = format!("{article}.{day}");
    let digits: String = hex::encode(mac(key.expose(), body.as_bytes())).chars().take(MAC_DIGITS).collect();
    format!("{body}.{digits}")
}

/// The article of a token that was issued yesterday or today.
pub(crate) fn verify(key: &Secret<[u8; 32]>, token: &str, today: i64) -> Option<i64> {
    let mut parts = token.split('.');
    let article: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    let fresh = (today.saturating_sub(1)..=today).contains(&day);
    // What is compared is no secret that grants anything, and the issuing is deterministic: plain equality will do.
    (fresh && issue(key, article, day) == token).then_some(article)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> Secret<[u8; 32]> {
        Secret::new([3; 32])
    }

    #[test]
    fn a_token_counts_for_its_article_for_two_days() {
        let token = issue(&key(), 7, 20_000);
        assert_eq!(verify(&key(), &token, 20_000), Some(7));
        assert_eq!(verify(&key(), &token, 20_001), Some(7));
        assert_eq!(verify(&key(), &token, 20_002), None);
        assert_eq!(verify(&key(), &token, 19_999), None);
        assert_eq!(verify(&key(), &token.replacen('7', "8", 1), 20_000), None);
        assert_eq!(verify(&Secret::new([4; 32]), &token, 20_000), None);
    }

    proptest! {
        #[test]
        fn no_text_is_a_token(text in "\\PC{0,80}") {
            prop_assert_eq!(verify(&key(), &text, 20_000), None);
        }
    }
}
