//! The signature of a page, computed here a second time so that a mistake elsewhere does not cancel out.

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

/// What a page claims: its own `wx.config` values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claim {
    /// The nonce, as it is.
    pub(crate) nonce_str: String,
    /// Unix seconds, as the client passes it on: text.
    pub(crate) timestamp: String,
    /// Forty hex digits.
    pub(crate) signature: String,
}

impl Claim {
    /// Whether the claim was made with this ticket for this address.
    pub(crate) fn holds(&self, ticket: &str, address: &str) -> bool {
        sign(ticket, &self.nonce_str, &self.timestamp, address) == self.signature
    }
}

/// SHA-1 over the four raw values (wechat-facts §3); the fragment of the address is no part of it.
pub(crate) fn sign(ticket: &str, nonce_str: &str, timestamp: &str, address: &str) -> String {
    let address = without_fragment(address);
    let text = format!("jsapi_ticket={ticket}&noncestr={nonce_str}&timestamp={timestamp}&url={address}");
    hex::encode(Sha1::digest(text.as_bytes()))
}

/// An address up to its first `#`.
pub(crate) fn without_fragment(address: &str) -> &str {
    address.split_once('#').map_or(address, |(before, _)| before)
}

/// Eight hex digits by which a person tells two secrets apart without learning either.
pub(crate) fn fingerprint(secret: &str) -> String {
    let mut digits = hex::encode(Sha1::digest(secret.as_bytes()));
    digits.truncate(8);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICIAL_TICKET: &str =
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";

    #[test]
    fn tencents_own_example() {
        let signature = sign(OFFICIAL_TICKET, "Wm3WZYTPz0wzccnW", "1414587457", "http://mp.weixin.qq.com?params=value");
        assert_eq!(signature, "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
    }

    #[test]
    fn the_fragment_is_not_signed_but_the_query_is() {
        let nonce = "Wm3WZYTPz0wzccnW";
        let plain = sign(OFFICIAL_TICKET, nonce, "1414587457", "http://mp.weixin.qq.com#top?x#y");
        assert_eq!(plain, "f4d90daf4b3bca3078ab155816175ba34c443a7b");
    }

    #[test]
    fn a_second_published_example() {
        let signature = sign(
            "kgt8ON7yVITDhtdwci0qefK1QvDlwsAPwMnZOO_J0MxaUpuHtIU_IltC7zs3kfNOYTHEqeIEvEXZHbS3xXNx3g",
            "B7EE6F5F9AA5CD17CA1AEA43CE848496",
            "1474350784",
            "https://www.baidu.com",
        );
        assert_eq!(signature, "3b1b4171bcfa0f0661be9c5474002d3eb25a3368");
    }
}
