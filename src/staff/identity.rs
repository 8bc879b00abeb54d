//! Accounts elsewhere by which somebody may sign in.

use serde_json::json;

use super::change::Change;
use super::event::Kind;
use super::{By, Error, MemberId, Staff, store};

/// Where the account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// The official account: an openid.
    Official,
    /// WeCom: a userid.
    WeCom,
}

impl Platform {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::WeCom => "wecom",
        }
    }

    /// The platform that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Official, Self::WeCom].into_iter().find(|platform| platform.word() == word)
    }
}

/// An account elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Where.
    pub platform: Platform,
    /// Who, in the platform's own words.
    pub external_id: String,
}

/// Why something is no account elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a userid or openid has 1 to 64 letters, digits and signs, without spaces")]
pub struct NotAnIdentity;

/// The longest userid and openid, in bytes.
const LONGEST: usize = 64;

impl Identity {
    /// The account that somebody typed or pasted.
    pub fn typed(platform: Platform, text: &str) -> Result<Self, NotAnIdentity> {
        let external_id = text.trim().to_owned();
        let fits =
            (1..=LONGEST).contains(&external_id.len()) && external_id.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self { platform, external_id }) } else { Err(NotAnIdentity) }
    }
}

/// The accounts of the site: an id is good only at the one that gave it.
#[derive(Clone, Debug, Default)]
pub struct Issuers {
    /// The official account's app id; empty: there is none.
    pub official: String,
    /// The corporation's id; empty: there is none.
    pub wecom: String,
}

impl Staff {
    /// An account elsewhere may sign in as somebody, in place of the one that was bound on that platform.
    pub async fn bind_identity(&self, by: By<'_>, member: MemberId, identity: &Identity) -> Result<(), Error> {
        // An empty name must never be bound: an answer that lacks one would sign in.
        let identity = &Identity::typed(identity.platform, &identity.external_id)?;
        let mut change = self.administer(by).await?;
        store::member::lock(&mut change.transaction, member).await?.ok_or(Error::NotFound)?;
        // Whoever came in by the account of before is not let stay.
        if store::identity::unbind(&mut change.transaction, member, identity.platform).await? {
            end_sessions(&mut change, by, member).await?;
        }
        let issuer = self.issuer(identity.platform);
        if !store::identity::bind(&mut change.transaction, member, (issuer, identity), change.at).await? {
            return Err(Error::IdentityTaken);
        }
        let detail = json!({ "platform": identity.platform.word(), "external_id": identity.external_id });
        change.log_with(Kind::IdentityBound, member, &detail).await?;
        change.commit().await
    }

    /// It may no longer, and whoever is in by it is out.
    pub async fn unbind_identity(&self, by: By<'_>, member: MemberId, platform: Platform) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        if !store::identity::unbind(&mut change.transaction, member, platform).await? {
            return Err(Error::NotFound);
        }
        end_sessions(&mut change, by, member).await?;
        change.log_with(Kind::IdentityUnbound, member, &json!({ "platform": platform.word() })).await?;
        change.commit().await
    }

    /// The accounts elsewhere that may sign in as somebody.
    pub async fn identities(&self, member: MemberId) -> Result<Vec<Identity>, Error> {
        let all = store::identity::list(self.db.read(), member).await?;
        Ok(all.into_iter().filter(|(issuer, one)| issuer == self.issuer(one.platform)).map(|(_, one)| one).collect())
    }

    /// Whose ids count on a platform: those of the account that the site has now.
    pub(super) fn issuer(&self, platform: Platform) -> &str {
        match platform {
            Platform::Official => &self.issuers.official,
            Platform::WeCom => &self.issuers.wecom,
        }
    }
}

/// Ends all sessions of somebody but the one that does it, whose password was just typed.
async fn end_sessions(change: &mut Change, by: By<'_>, member: MemberId) -> Result<(), Error> {
    match by {
        By::Session(session) if session.person().id() == member => {
            store::session::end_others(&mut change.transaction, member, session.id()).await
        }
        By::Session(_) | By::Operator => store::session::end_all(&mut change.transaction, member).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_names_an_account_or_does_not() {
        let typed = |text: &str| Identity::typed(Platform::WeCom, text).map(|identity| identity.external_id);
        assert_eq!(typed(" WangWei \n").as_deref(), Ok("WangWei"));
        assert_eq!(typed("o6_bmjrPTlm6_2sgVt7hMZOPfL2M").as_deref(), Ok("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"));
        for bad in ["", " ", "a b", "a\0", "王伟", "\u{200b}x", &"x".repeat(65)] {
            assert_eq!(typed(bad), Err(NotAnIdentity), "{bad:?}");
        }
    }
}
