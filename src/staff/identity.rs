//! Accounts elsewhere by which somebody may sign in.

use serde_json::json;

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

impl Staff {
    /// An account elsewhere may sign in as somebody, in place of the one that was bound on that platform.
    pub async fn bind_identity(&self, by: By<'_>, member: MemberId, identity: &Identity) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        store::member::lock(&mut change.transaction, member).await?.ok_or(Error::NotFound)?;
        if !store::identity::bind(&mut change.transaction, member, identity, change.at).await? {
            return Err(Error::IdentityTaken);
        }
        let detail = json!({ "platform": identity.platform.word(), "external_id": identity.external_id });
        change.log_with(Kind::IdentityBound, member, &detail).await?;
        change.commit().await
    }

    /// It may no longer.
    pub async fn unbind_identity(&self, by: By<'_>, member: MemberId, platform: Platform) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        if !store::identity::unbind(&mut change.transaction, member, platform).await? {
            return Err(Error::NotFound);
        }
        change.log_with(Kind::IdentityUnbound, member, &json!({ "platform": platform.word() })).await?;
        change.commit().await
    }

    /// The accounts elsewhere that may sign in as somebody.
    pub async fn identities(&self, member: MemberId) -> Result<Vec<Identity>, Error> {
        store::identity::list(self.db.read(), member).await
    }
}
