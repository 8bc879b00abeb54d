//! One page in one client: what it was granted, what it set, what becomes of a tap on the menu.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::card::{Card, ShareData, Source};
use super::profile::{Config, NewCalls, Profile};
use super::reply;
use super::target::{Store, Target, is_answer};
use crate::simulator::judge::{self, Admitted, Platform};
use crate::simulator::signature::{Claim, without_fragment};
use crate::simulator::world::World;

/// How the reader came to the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Opened {
    /// From a card, a menu, a QR code, the favourites.
    #[default]
    Card,
    /// By tapping an address in the text of a message.
    Text,
}

/// What the client thinks of a page's claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It made none yet.
    #[default]
    Pending,
    Ok,
    Refused(String),
}

impl Verdict {
    pub(crate) fn text(&self, call: &str) -> String {
        match self {
            Self::Pending => "none".to_owned(),
            Self::Ok => format!("{call}:ok"),
            Self::Refused(words) => format!("{call}:{words}"),
        }
    }
}

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) profile: &'static Profile,
    opened: Opened,
    landing: String,
    /// Where the page is now, fragment and all.
    pub(crate) address: String,
    pub(crate) config: Verdict,
    pub(crate) agent_config: Verdict,
    pub(crate) granted: BTreeSet<String>,
    admitted: Option<Admitted>,
    chat: Option<ShareData>,
    moments: Option<ShareData>,
    tapped: Option<Target>,
    answered: Option<ShareData>,
    /// What the client's own viewer was last asked to show.
    pub(crate) viewer: Option<Viewer>,
    /// Name and reply of each call, for whoever asks.
    pub(crate) calls: Vec<(String, Value)>,
}

/// What the client's viewer of pictures shows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Viewer {
    pub(crate) urls: Vec<String>,
    /// Where in the list it was opened.
    pub(crate) position: usize,
}

/// What a tap does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tap {
    /// The page's handler is asked.
    Asks(Target),
    /// The client knows all it needs.
    Knows,
}

impl Session {
    pub(crate) fn new(profile: &'static Profile, opened: Opened, address: &str) -> Self {
        Self {
            profile,
            opened,
            landing: address.to_owned(),
            address: address.to_owned(),
            config: Verdict::default(),
            agent_config: Verdict::default(),
            granted: BTreeSet::new(),
            admitted: None,
            chat: None,
            moments: None,
            tapped: None,
            answered: None,
            viewer: None,
            calls: Vec::new(),
        }
    }

    /// The page called the bridge.
    pub(crate) fn invoke(&mut self, world: &World, name: &str, arguments: &Value) -> Value {
        let reply = match name {
            "preVerifyJSAPI" => self.configure(world, arguments),
            "agentConfig" => self.configure_agent(world, arguments),
            "checkJsApi" => self.check(arguments),
            "getNetworkType" => json!({ "err_msg": "network_type:wifi" }),
            "updateAppMessageShareData" => self.update(Store::Chat, name, arguments),
            "updateTimelineShareData" => self.update(Store::Moments, name, arguments),
            answer if is_answer(answer) => self.answer(answer, arguments),
            "shareAppMessage" | "shareWechatMessage" if self.is_wecom() => self.guarded(name, name),
            "imagePreview" => self.show_pictures(name, arguments),
            _ => reply::no_such_call(),
        };
        self.calls.push((name.to_owned(), reply.clone()));
        reply
    }

    /// The reader tapped an item of the menu. `handlers` are the events that the page listens to.
    pub(crate) fn tap(&mut self, target: Target, handlers: &[String]) -> Option<Tap> {
        if target.is_wecom() != self.is_wecom() {
            return None;
        }
        self.tapped = Some(target);
        self.answered = None;
        let listens = handlers.iter().any(|handler| handler == target.event())
            && self.granted.contains(target.event())
            && self.may_share();
        let asks = listens && (self.stored(target).is_none() || self.profile.rules.legacy_first);
        Some(if asks { Tap::Asks(target) } else { Tap::Knows })
    }

    /// The card that goes out, once the page has said what it had to say.
    pub(crate) fn send(&mut self, title: &str) -> Option<(Target, Card)> {
        let target = self.tapped.take()?;
        if self.profile.rules.text_stays_text && self.opened == Opened::Text {
            return Some((target, Card::address_of(&self.address)));
        }
        let card = match (self.answered.take(), self.stored(target)) {
            (Some(data), _) => Card::of(data, Source::Legacy, target.title_only()),
            (None, Some(data)) => Card::of(data.clone(), Source::NewCalls, target.title_only()),
            (None, None) => Card::default_of(title, &self.address),
        };
        Some((target, card))
    }

    fn is_wecom(&self) -> bool {
        self.profile.rules.client == Platform::WeCom
    }

    fn may_share(&self) -> bool {
        self.admitted.as_ref().is_some_and(|admitted| admitted.may_share)
    }

    fn configure(&mut self, world: &World, arguments: &Value) -> Value {
        // A new claim replaces what an earlier one was granted.
        self.granted.clear();
        self.admitted = None;
        let outcome = self.judge(world, arguments);
        match outcome {
            Ok(admitted) => {
                self.config = Verdict::Ok;
                self.admitted = Some(admitted);
                self.granted = self.grantable(arguments.get("verifyJsApiList"));
                reply::configured(self.profile, self.granted.iter().map(String::as_str).collect())
            }
            Err(words) => {
                let reply = reply::not_configured(self.profile, "config", &words);
                self.config = Verdict::Refused(words);
                reply
            }
        }
    }

    fn judge(&self, world: &World, arguments: &Value) -> Result<Admitted, String> {
        if self.profile.rules.config == Config::Fails {
            return Err("fail".to_owned());
        }
        let account = text(arguments, "verifyAppId");
        let claim = Claim {
            nonce_str: text(arguments, "verifyNonceStr"),
            timestamp: text(arguments, "verifyTimestamp"),
            signature: text(arguments, "verifySignature"),
        };
        judge::config(world, self.profile.rules.client, &account, &claim, self.signed_address())
            .map_err(judge::Refused::words)
    }

    fn configure_agent(&mut self, world: &World, arguments: &Value) -> Value {
        if !self.is_wecom() {
            return reply::no_such_call();
        }
        let claim = Claim {
            nonce_str: text(arguments, "nonceStr"),
            timestamp: text(arguments, "timestamp"),
            signature: text(arguments, "signature"),
        };
        let ids = (text(arguments, "corpid"), text(arguments, "agentid"));
        match judge::agent_config(world, (&ids.0, &ids.1), &claim, self.signed_address()) {
            Ok(_) => {
                self.agent_config = Verdict::Ok;
                self.granted.extend(self.grantable(arguments.get("jsApiList")));
                reply::ok(self.profile, "agentConfig")
            }
            Err(refused) => {
                let words = refused.words();
                let reply = reply::not_configured(self.profile, "agentConfig", &words);
                self.agent_config = Verdict::Refused(words);
                reply
            }
        }
    }

    fn signed_address(&self) -> &str {
        without_fragment(if self.profile.rules.signs_landing { &self.landing } else { &self.address })
    }

    /// What of a declared list this client knows, by its native names.
    fn grantable(&self, declared: Option<&Value>) -> BTreeSet<String> {
        let names = declared.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        // The common script does not translate this one, as it is WeCom's own; WeCom knows it by both names.
        let names = names.map(|name| if name == "onMenuShareWechat" { "menu:share:wechat" } else { name });
        names.filter(|name| self.knows(name)).map(str::to_owned).collect()
    }

    fn knows(&self, name: &str) -> bool {
        let new_calls = self.profile.rules.new_calls;
        match name {
            "updateAppMessageShareData" => new_calls != NewCalls::None,
            "updateTimelineShareData" => matches!(new_calls, NewCalls::Both | NewCalls::WithLegacyOnly),
            "menu:share:appmessage" | "menu:share:timeline" | "imagePreview" | "checkJsApi" | "getNetworkType" => true,
            "menu:share:qq" | "menu:share:QZone" | "menu:share:weiboApp" => !self.is_wecom(),
            "menu:share:wechat" | "shareAppMessage" | "shareWechatMessage" => self.is_wecom(),
            _ => false,
        }
    }

    fn check(&self, arguments: &Value) -> Value {
        let asked = arguments.get("jsApiList").and_then(Value::as_array).into_iter().flatten();
        let results = asked.filter_map(Value::as_str).map(|name| (name.to_owned(), json!(self.knows(name))));
        reply::checked(self.profile, Value::Object(results.collect()))
    }

    fn guarded(&self, name: &str, declared: &str) -> Value {
        self.refuse(name, declared).unwrap_or_else(|| reply::ok(self.profile, name))
    }

    fn refuse(&self, name: &str, declared: &str) -> Option<Value> {
        if !self.granted.contains(declared) {
            return Some(reply::not_granted(self.profile, name));
        }
        (!self.may_share()).then(|| reply::no_permission(name))
    }

    /// The viewer opens for every page that was granted the call, whether or not its account may share. It loads the
    /// addresses by itself, apart from the page, so that they have to be whole.
    fn show_pictures(&mut self, name: &str, arguments: &Value) -> Value {
        if !self.granted.contains(name) {
            return reply::not_granted(self.profile, name);
        }
        let urls = arguments.get("urls").and_then(Value::as_array).into_iter().flatten();
        let urls: Vec<String> = urls.filter_map(Value::as_str).map(str::to_owned).collect();
        let is_whole = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        if urls.is_empty() || !urls.iter().all(is_whole) {
            return reply::no_such_pictures(name);
        }
        let current = text(arguments, "current");
        // An address that is not in the list opens at the first.
        let position = urls.iter().position(|url| *url == current).unwrap_or_default();
        self.viewer = Some(Viewer { urls, position });
        reply::ok(self.profile, name)
    }

    fn update(&mut self, store: Store, name: &str, arguments: &Value) -> Value {
        if !self.knows(name) {
            return reply::no_such_call();
        }
        if let Some(refusal) = self.refuse(name, name) {
            return refusal;
        }
        let data = share_data(arguments);
        if !self.may_lead_to(&data.link) {
            return reply::foreign_link(name);
        }
        match store {
            Store::Chat => self.chat = Some(data),
            Store::Moments => self.moments = Some(data),
        }
        reply::ok(self.profile, name)
    }

    /// The page answers a tap. Without a tap no page can make the client send anything.
    fn answer(&mut self, name: &str, arguments: &Value) -> Value {
        let Some(target) = self.tapped.filter(|target| target.call() == name) else {
            return json!({ "err_msg": "system:access_denied" });
        };
        if let Some(refusal) = self.refuse(name, target.event()) {
            return refusal;
        }
        let data = share_data(arguments);
        if !self.may_lead_to(&data.link) {
            return reply::foreign_link(name);
        }
        self.answered = Some(data);
        reply::ok(self.profile, name)
    }

    fn may_lead_to(&self, link: &str) -> bool {
        self.admitted.as_ref().is_some_and(|admitted| admitted.covers(link))
    }

    /// Data set by the new calls, as far as this client uses it for that item.
    fn stored(&self, target: Target) -> Option<&ShareData> {
        let declared = self.granted.contains(target.event());
        if self.profile.rules.new_calls == NewCalls::WithLegacyOnly && !declared {
            return None;
        }
        match target.store()? {
            Store::Chat => self.chat.as_ref(),
            Store::Moments => self.moments.as_ref(),
        }
    }
}

/// A field as the client reads it: text, or what a page wrote instead of text.
fn text(arguments: &Value, name: &str) -> String {
    match arguments.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn share_data(arguments: &Value) -> ShareData {
    let picture = if arguments.get("imgUrl").is_some() { "imgUrl" } else { "img_url" };
    ShareData {
        title: text(arguments, "title"),
        desc: text(arguments, "desc"),
        link: text(arguments, "link"),
        img_url: text(arguments, picture),
    }
}

#[cfg(test)]
mod tests;
