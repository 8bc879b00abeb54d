//! The site's own secret: 32 bytes, the same for every process.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Error, Secret};

const FILE: &str = "secret.key";

/// Signs beacons and previews and encrypts credentials, each with a key derived for that purpose.
#[derive(Clone, Debug)]
pub struct SecretKey(Secret<[u8; 32]>);

impl SecretKey {
    /// The key from the settings, else from the data directory, where it is made when it is not there yet.
    pub fn open(setting: Option<&Secret<String>>, data_dir: &Path) -> Result<Self, Error> {
        match setting {
            Some(text) => parse(text.expose(), "secret_key"),
            None => Self::from_file(data_dir),
        }
    }

    /// A key of the given bytes, for tests.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// A key for one purpose; knowing it tells nothing about the others.
    pub fn derive(&self, purpose: &str) -> Secret<[u8; 32]> {
        Secret::new(mac(self.0.expose(), purpose.as_bytes()))
    }

    fn from_file(data_dir: &Path) -> Result<Self, Error> {
        let path = data_dir.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => parse(&text, "secret.key"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create(data_dir, &path).map_err(|source| Error::Unwritable { path: path.clone(), source })?;
                let text = std::fs::read_to_string(&path).map_err(|source| Error::Unreadable { path, source })?;
                parse(&text, "secret.key")
            }
            Err(source) => Err(Error::Unreadable { path, source }),
        }
    }
}

/// HMAC-SHA-256 of `message` under `key`.
pub fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC pads a short key with zeros to the length of a block; doing so here spares a failure that cannot happen.
    let mut block = [0; 64];
    for (target, byte) in block.iter_mut().zip(key) {
        *target = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().0
}

fn parse(text: &str, key: &'static str) -> Result<SecretKey, Error> {
    let bytes = hex::decode(text.trim())
        .ok()
        .or_else(|| base64::engine::general_purpose::STANDARD.decode(text.trim()).ok())
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let problem = "must be 32 bytes, written as 64 hexadecimal digits or in base64; `openssl rand -hex 32` makes one";
    bytes.map(SecretKey::from_bytes).ok_or_else(|| Error::invalid(key, problem))
}

/// Writes a new key beside the final name and links it there, so that of several processes that start at once one
/// wins, and none ever reads half a key.
fn create(data_dir: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(data_dir)?;
    let own: PathBuf = data_dir.join(format!(".{FILE}.{:016x}", rand::random::<u64>()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&own)?;
    file.write_all(hex::encode(rand::random::<[u8; 32]>()).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&own, path);
    std::fs::remove_file(&own)?;
    std::fs::File::open(data_dir)?.sync_all()?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn every_process_that_starts_at_once_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| SecretKey::open(None, folder.path()).unwrap().derive("x"))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
        let file = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_of_the_wrong_length_is_refused_without_being_repeated() {
        let error = SecretKey::open(Some(&Secret::new("CANARY".to_owned())), Path::new("/nowhere")).unwrap_err();
        assert!(error.to_string().contains("openssl") && !error.to_string().contains("CANARY"));
    }

    #[test]
    fn the_mac_is_the_standards() {
        // RFC 4231, test case 1 has a key of 20 bytes; zeros behind it change nothing.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex::encode(mac(&key, b"Hi There")), expected);
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        let key = SecretKey::from_bytes([7; 32]);
        assert_ne!(key.derive("beacon"), key.derive("preview"));
    }
}
