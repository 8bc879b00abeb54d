//! `MP_verify_*.txt` and `WW_verify_*.txt`: the files by which an account proves that a domain is its own
//! (wechat-facts §4.1, §4.2). Whoever could place one at will could take the domain over (threat W4), so names and
//! bodies are strict.

use std::path::Path;

use serde_json::json;

use super::store::event::Kind;
use super::{Actor, Content, Error, store};

/// The random part of a name, in characters.
const KEY: usize = 16;
const LONGEST_BODY: usize = 64;

/// A file as it is served, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationFile {
    name: String,
    body: String,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAVerificationFile {
    /// The name is another one.
    #[error(
        "{0:?} is not the name of a verification file: it must be MP_verify_ or WW_verify_, 16 letters or digits, and .txt, without a path. Keep the name the console gave it"
    )]
    Name(String),
    /// The body is another one.
    #[error(
        "the content of {0} is not a verification file's: it must be 1 to 64 letters and digits, and for WW_verify_ the 16 of its name. Download it from the console again"
    )]
    Body(String),
}

impl VerificationFile {
    /// Checks name and body; white space around the body, which editors like to add, is cut off.
    pub fn new(name: &str, body: &str) -> Result<Self, NotAVerificationFile> {
        let (name, body) = (name.to_owned(), body.trim_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_owned());
        let key = key(&name).ok_or_else(|| NotAVerificationFile::Name(name.clone()))?;
        let plain = (1..=LONGEST_BODY).contains(&body.len()) && body.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || (name.starts_with("WW") && body != key) {
            return Err(NotAVerificationFile::Body(name));
        }
        Ok(Self { name, body })
    }

    /// `MP_verify_0123456789abcdef.txt`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the file holds, without a line break at its end.
    pub fn body(&self) -> &str {
        &self.body
    }
}

fn key(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("MP_verify_").or_else(|| name.strip_prefix("WW_verify_"))?;
    rest.strip_suffix(".txt").filter(|key| key.len() == KEY && key.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// What names begin with by which platforms know the owner of a domain, or of a path of it, in lower case: WeChat and
/// WeCom first, then those of search engines and of other places that ask for a text file.
const PROOFS: [&str; 8] = [
    "mp_verify_",
    "ww_verify_",
    "wx_verify_",
    "baidu_verify_",
    "sogousiteverification",
    "shenma-site-verification",
    "bytedanceverify",
    "fileauth.",
];

/// Whether a file that readers get under this name could prove to a platform that somebody owns an address below this
/// site: nothing that is uploaded may. Looks at what is left of the name without what cannot be seen, in any case.
pub(super) fn could_prove(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_graphic).map(|letter| letter.to_ascii_lowercase()).collect();
    let of_text = Path::new(plain.trim_end_matches('.')).extension().is_some_and(|extension| extension == "txt");
    let of_tencent = plain.strip_prefix("tencent").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    of_text && (of_tencent || PROOFS.iter().any(|proof| plain.starts_with(proof)))
}

impl Content {
    /// The content of a verification file, byte for byte.
    pub async fn verification_file(&self, name: &str) -> Result<Option<String>, Error> {
        store::verification::find(self.db.read(), name).await
    }

    /// The names of all verification files.
    pub async fn verification_files(&self) -> Result<Vec<String>, Error> {
        store::verification::names(self.db.read()).await
    }

    /// Serves a verification file from now on.
    pub async fn set_verification_file(&self, actor: Actor, file: &VerificationFile) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        store::verification::set(&mut transaction, file, step.now).await?;
        let detail = json!({ "file": file.name() });
        store::event::write(&mut transaction, step, Kind::VerificationFileAdded, (None, None, detail)).await?;
        self.commit(transaction).await
    }

    /// Serves a verification file no longer; false: it was not served.
    pub async fn remove_verification_file(&self, actor: Actor, name: &str) -> Result<bool, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        if !store::verification::remove(&mut transaction, name).await? {
            return Ok(false);
        }
        let detail = json!({ "file": name });
        store::event::write(&mut transaction, step, Kind::VerificationFileRemoved, (None, None, detail)).await?;
        self.commit(transaction).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consoles_files_are_taken_as_they_are() {
        let file = VerificationFile::new("MP_verify_0123456789abcdef.txt", "\u{feff}0123456789abcdef\r\n").unwrap();
        assert_eq!(file.body(), "0123456789abcdef");
        assert!(VerificationFile::new("WW_verify_0123456789abcDEF.txt", "0123456789abcDEF").is_ok());
    }

    #[test]
    fn a_name_that_proves_something_is_known_however_it_is_written() {
        for name in [
            "MP_verify_0123456789abcdef.txt",
            "mp_VERIFY_.TXT",
            "WW_verify_0123456789abcdef.txt",
            "\u{202e}MP_\u{200b}verify_0123456789abcdef.txt",
            " MP_verify_0123456789abcdef.txt. ",
            "tencent1234567890.txt",
            "sogousiteverification.txt",
            "fileauth.txt",
        ] {
            assert!(could_prove(name), "{name:?}");
        }
        for name in
            ["通知.txt", "How to verify.txt", "MP_verify_.pdf", "verify.txt", "Tencent.txt", "关于MP_verify_的说明.pdf"]
        {
            assert!(!could_prove(name), "{name:?}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        let good = "0123456789abcdef";
        for name in [
            "",
            "MP_verify_.txt",
            "MP_verify_0123456789abcde.txt",
            "MP_verify_0123456789abcdef.html",
            "../MP_verify_0123456789abcdef.txt",
            "a/MP_verify_0123456789abcdef.txt",
            "MP_verify_0123456789abcd/f.txt",
            "mp_verify_0123456789abcdef.txt",
            "MP_verify_0123456789abcde\u{0}.txt",
            "MP_verify_新新新新新a.txt",
        ] {
            assert!(matches!(VerificationFile::new(name, good), Err(NotAVerificationFile::Name(_))), "{name}");
        }
        let long = "a".repeat(65);
        for body in ["", "<script>", "a b", long.as_str(), "新"] {
            assert!(VerificationFile::new("MP_verify_0123456789abcdef.txt", body).is_err(), "{body}");
        }
        assert!(VerificationFile::new("WW_verify_0123456789abcdef.txt", "another016digits").is_err());
    }
}
