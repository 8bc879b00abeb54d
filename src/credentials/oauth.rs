//! Whom WeChat or WeCom says somebody is, asked with what this site holds: the official account's secret, or the token
//! of WeCom's agent. What comes back for the person is read and forgotten.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use url::Url;

use super::{Account, Credentials, Meter};
use crate::clock::Millis;
use crate::wechat::error::Reaction;
use crate::wechat::oauth::{GET_USER_INFO, Return, SNS_ACCESS_TOKEN};
use crate::wechat::{Error, OAuthCode, OfficialAccount, Platform, WeComAgent};

/// A refused token is told to its keeper at most so often: whoever is not signed in can only cause so much.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// Who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// An openid or a userid.
    Person(String),
    /// Somebody who is no member of the corporation.
    Outsider,
    /// Nobody: WeChat made the person up, for a page that was opened without anybody's will.
    Snapshot,
}

/// Why it could not be learnt.
#[derive(Clone, Debug)]
pub enum Unknown {
    /// This site holds no token of the agent at the moment.
    NotReady,
    /// WeChat said no, or nothing.
    Refused(Error),
}

/// How somebody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// In the client that the page is open in.
    InApp,
    /// With a code to scan; WeCom only.
    Scan,
}

/// Asks who somebody is.
#[derive(Clone, Debug)]
pub struct OAuth {
    accounts: Vec<Account>,
    base: Option<Url>,
    credentials: Credentials,
    meter: Meter,
    told_at: Arc<AtomicI64>,
}

impl OAuth {
    /// Asks at these accounts. `base`: in place of WeChat's and WeCom's own pages.
    pub fn new(accounts: Vec<Account>, base: Option<Url>, credentials: Credentials, meter: Meter) -> Self {
        Self { accounts, base, credentials, meter, told_at: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// Whether there is an account of this platform to ask.
    pub fn can_ask(&self, platform: Platform) -> bool {
        match platform {
            Platform::Official => self.official().is_some(),
            Platform::WeCom => self.wecom().is_some(),
        }
    }

    /// The page that asks; none: there is no such account, or it cannot be asked like this.
    pub fn page(&self, platform: Platform, asking: Asking, back: Return<'_>) -> Option<String> {
        let base = self.base.as_ref();
        match (platform, asking) {
            (Platform::Official, Asking::InApp) => Some(self.official()?.authorize_page(base, back)),
            (Platform::Official, Asking::Scan) => None,
            (Platform::WeCom, Asking::InApp) => Some(self.wecom()?.authorize_page(base, back)),
            (Platform::WeCom, Asking::Scan) => Some(self.wecom()?.scan_page(base, back)),
        }
    }

    /// Who came back with this code, which is used up by asking.
    pub async fn who(&self, platform: Platform, code: &OAuthCode) -> Result<Who, Unknown> {
        match platform {
            Platform::Official => self.official_person(self.official().ok_or(Unknown::NotReady)?, code).await,
            Platform::WeCom => self.member(self.wecom().ok_or(Unknown::NotReady)?, code).await,
        }
    }

    async fn official_person(&self, account: &OfficialAccount, code: &OAuthCode) -> Result<Who, Unknown> {
        let result = account.grant(code).await;
        self.meter.count_call(&Account::Official(account.clone()).key(), SNS_ACCESS_TOKEN, &result);
        let grant = result.map_err(Unknown::Refused)?;
        Ok(if grant.is_snapshot { Who::Snapshot } else { Who::Person(grant.open_id) })
    }

    async fn member(&self, agent: &WeComAgent, code: &OAuthCode) -> Result<Who, Unknown> {
        let key = Account::WeCom(agent.clone()).key();
        let now = self.credentials.now();
        let held = self.credentials.held_token(&key).filter(|held| held.expires_at > now);
        let held = held.ok_or(Unknown::NotReady)?;
        let result = agent.member(&held.value, code).await;
        self.meter.count_call(&key, GET_USER_INFO, &result);
        match result {
            Ok(member) => Ok(member.map_or(Who::Outsider, Who::Person)),
            Err(error) => {
                // The keeper proves the revocation with its own next call and renews the token; the person tries again.
                if error.reaction() == Reaction::RenewToken && self.may_tell(now) {
                    self.credentials.ask_now(&key);
                }
                Err(Unknown::Refused(error))
            }
        }
    }

    fn may_tell(&self, now: Millis) -> bool {
        let due = |told: i64| (now.0 < told || now.since(Millis(told)) >= TOLD_EVERY).then_some(now.0);
        self.told_at.fetch_update(Ordering::SeqCst, Ordering::SeqCst, due).is_ok()
    }

    fn official(&self) -> Option<&OfficialAccount> {
        self.accounts.iter().find_map(|account| match account {
            Account::Official(official) => Some(official),
            Account::WeCom(_) => None,
        })
    }

    fn wecom(&self) -> Option<&WeComAgent> {
        self.accounts.iter().find_map(|account| match account {
            Account::WeCom(agent) => Some(agent),
            Account::Official(_) => None,
        })
    }
}
