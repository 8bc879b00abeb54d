//! What is kept secret at rest: AES-256-GCM under a key derived from the site's, bound to the place where it is kept.

use aes_gcm::aead::{Aead, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Secret;

const NONCE_BYTES: usize = 12;

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer(Aes256Gcm);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealer(***)")
    }
}

impl Sealer {
    /// A sealer under `key`.
    pub fn new(key: &Secret<[u8; 32]>) -> Self {
        Self(Aes256Gcm::new(key.expose().into()))
    }

    /// `text` sealed for `place`; it opens nowhere else. None: the cipher failed, which it does only for texts of
    /// gigabytes.
    pub fn seal(&self, place: &str, text: &str) -> Option<String> {
        let nonce = rand::random::<[u8; NONCE_BYTES]>();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).ok()?;
        Some(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed for `place`; none if the key, the place or the text is another.
    pub fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let text = self.0.decrypt(&Nonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&Secret::new([byte; 32]))
    }

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_at_its_place() {
        let sealed = sealer(1).seal("official/wx1/ticket", "CANARY").unwrap();
        assert!(!sealed.contains("CANARY"));
        assert_eq!(sealer(1).open("official/wx1/ticket", &sealed).as_deref(), Some("CANARY"));
        assert_eq!(sealer(2).open("official/wx1/ticket", &sealed), None);
        assert_eq!(sealer(1).open("official/wx2/ticket", &sealed), None);
        assert_eq!(sealer(1).open("official/wx1/ticket", "garbage"), None);
        assert_eq!(sealer(1).open("official/wx1/ticket", ""), None);
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        assert_ne!(sealer(1).seal("x", "t"), sealer(1).seal("x", "t"));
    }
}
