//! Codes of an authenticator (RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes. Pure.

use subtle::ConstantTimeEq as _;
use totp_rs::{Builder, Totp};

use super::{Error, LoginName};
use crate::clock::Millis;
use crate::config::Secret;

/// How long a code is shown, in seconds.
const STEP: u64 = 30;
const DIGITS: usize = 6;
/// A seed of 160 bits.
const SEED_BYTES: usize = 20;
/// Recovery codes of one set.
const RECOVERY_CODES: usize = 10;
/// 60 bits each.
const RECOVERY_LETTERS: usize = 12;
/// 32 letters that are not mistaken for each other (Crockford).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What an authenticator is fed with.
#[derive(Clone, Debug)]
pub struct TotpSetup {
    /// For a picture to scan.
    pub otpauth_url: Secret<String>,
    /// The same to type, in groups of four.
    pub secret: Secret<String>,
}

/// Codes for the day the authenticator is lost; they are shown once.
#[derive(Clone, Debug)]
pub struct RecoveryCodes(pub Secret<Vec<String>>);

/// What an authenticator and this site share.
pub(super) struct Seed([u8; SEED_BYTES]);

impl Seed {
    pub(super) fn new(random: [u8; 32]) -> Result<Self, Error> {
        random.first_chunk().copied().map(Self).ok_or(Error::Damaged("seed"))
    }

    /// As it is sealed.
    pub(super) fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn from_hex(text: &str) -> Result<Self, Error> {
        let damaged = Error::Damaged("seed");
        hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(damaged)
    }

    /// What to feed the authenticator with; `site` and `login` are what it shows beside the code.
    pub(super) fn setup(&self, site: &str, login: &LoginName) -> Result<TotpSetup, Error> {
        // The format separates the two with a colon and has no way to write one.
        let site = site.replace(':', " ");
        let builder = self.builder().with_account_name(login.as_str()).with_issuer(Some(site));
        let totp = builder.build().map_err(|_bad| Error::Damaged("seed"))?;
        let url = totp.to_url().map_err(|_bad| Error::Damaged("seed"))?;
        let letters: Vec<char> = totp.secret().to_base32().chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Ok(TotpSetup { otpauth_url: Secret::new(url), secret: Secret::new(groups.join(" ")) })
    }

    /// The step whose code this is, if it is the present one, the one before or the one after.
    pub(super) fn step_of(&self, code: &str, now: Millis) -> Result<Option<i64>, Error> {
        let totp = self.totp()?;
        let present = u64::try_from(now.as_secs()).unwrap_or(0) / STEP;
        let steps = [present.saturating_sub(1), present, present.saturating_add(1)];
        let is_code = |step: &u64| {
            let token = totp.generate(step.saturating_mul(STEP)).to_string();
            bool::from(token.as_bytes().ct_eq(code.as_bytes()))
        };
        Ok(steps.into_iter().find(is_code).and_then(|step| i64::try_from(step).ok()))
    }

    fn totp(&self) -> Result<Totp, Error> {
        self.builder().build().map_err(|_bad| Error::Damaged("seed"))
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(self.0)
    }
}

/// What somebody typed as a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Six digits of the authenticator.
    Code(String),
    /// A recovery code, as it is hashed.
    Recovery(String),
    /// Neither.
    Nothing,
}

impl Typed {
    pub(super) fn new(text: &str) -> Self {
        let letters: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(RECOVERY_LETTERS + 1).collect();
        if letters.len() == DIGITS && letters.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Code(letters);
        }
        let letters: String = letters.chars().map(unmistaken).collect();
        let is_one = letters.len() == RECOVERY_LETTERS && letters.bytes().all(|byte| LETTERS.contains(&byte));
        if is_one { Self::Recovery(letters) } else { Self::Nothing }
    }
}

/// The letter that somebody meant who read it off paper.
fn unmistaken(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// A new set of recovery codes, as they are shown.
pub(super) fn recovery_codes(random: fn() -> [u8; 32]) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| recovery_code(random())).collect()
}

fn recovery_code(random: [u8; 32]) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('0', char::from);
    let letters: Vec<char> = random.iter().take(RECOVERY_LETTERS).map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of the eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn seed() -> Seed {
        Seed(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_the_standards() {
        for (seconds, code) in VECTORS {
            assert_eq!(seed().step_of(code, Millis(seconds * 1000)).unwrap(), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after() {
        let accepted = |seconds: i64| seed().step_of("050471", Millis(seconds * 1000)).unwrap().is_some();
        let begins = 1_111_111_110;
        assert!(accepted(begins - 30) && accepted(begins) && accepted(begins + 59));
        assert!(!accepted(begins - 31) && !accepted(begins + 60));
    }

    #[test]
    fn an_authenticator_is_fed_with_names_and_seed() {
        let setup = seed().setup("云溪: news", &"li.ming".parse().unwrap()).unwrap();
        let url = setup.otpauth_url.expose();
        assert!(url.starts_with("otpauth://totp/") && url.contains("li.ming"), "{url}");
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
        assert_eq!(setup.secret.expose(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(Seed::from_hex(&seed().to_hex()).unwrap().0, seed().0);
        assert!(Seed::from_hex("00").is_err());
    }

    #[test]
    fn what_is_read_off_paper_is_understood() {
        assert_eq!(Typed::new(" 050 471 "), Typed::Code("050471".to_owned()));
        assert_eq!(Typed::new("k7qm-oild-9f2p"), Typed::Recovery("K7QM011D9F2P".to_owned()));
        for nothing in ["", "05047", "0504711", "k7qm-oild-9f2", "k7qm-oild-9f2p2", "k7qm-oild-9f2u", "０５０４７１"]
        {
            assert_eq!(Typed::new(nothing), Typed::Nothing, "{nothing}");
        }
        let code = recovery_code([250; 32]);
        assert_eq!(code, "TTTT-TTTT-TTTT");
        assert!(matches!(Typed::new(&code), Typed::Recovery(_)));
        assert_eq!(recovery_codes(rand::random).len(), 10);
    }
}
