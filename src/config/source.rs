//! Where settings come from: file, environment, flags, merged in that order, then read strictly.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};

use super::Error;

/// The prefix of every variable this program reads.
const PREFIX: &str = "WXPRESS_";

/// Values from the command line, by their dotted key: `server.listen`.
pub type Overrides = BTreeMap<&'static str, String>;

/// The settings as written, before they are understood.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    pub(super) site: RawSite,
    pub(super) server: RawServer,
    pub(super) database: RawDatabase,
    pub(super) media: RawMedia,
    pub(super) wechat: RawWeChat,
    pub(super) csp: RawCsp,
    pub(super) alarm: RawAlarm,
    pub(super) data_dir: Option<PathBuf>,
    pub(super) secret_key: Option<String>,
    pub(super) secret_key_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSite {
    pub(super) base_url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) language: Option<super::Language>,
    pub(super) icp_number: Option<String>,
    pub(super) police_number: Option<String>,
    pub(super) time_zone: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawServer {
    pub(super) listen: Option<String>,
    pub(super) admin_host: Option<String>,
    #[serde(deserialize_with = "list")]
    pub(super) trusted_proxies: Vec<String>,
    pub(super) ops_listen: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDatabase {
    pub(super) url: Option<String>,
    pub(super) url_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMedia {
    pub(super) url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawWeChat {
    pub(super) official: Option<RawOfficial>,
    pub(super) wecom: Option<RawWeCom>,
    #[serde(deserialize_with = "list")]
    pub(super) sdk_urls: Vec<String>,
    pub(super) authorize_base_url: Option<String>,
    pub(super) proxy: Option<String>,
    pub(super) proxy_file: Option<PathBuf>,
    pub(super) second_hand: super::SecondHand,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOfficial {
    pub(super) app_id: Option<String>,
    pub(super) app_secret: Option<String>,
    pub(super) app_secret_file: Option<PathBuf>,
    pub(super) api_base_url: Option<String>,
    pub(super) token_endpoint: super::TokenEndpoint,
    #[serde(deserialize_with = "list")]
    pub(super) js_domain: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawWeCom {
    pub(super) corp_id: Option<String>,
    pub(super) corp_secret: Option<String>,
    pub(super) corp_secret_file: Option<PathBuf>,
    pub(super) agent_id: Option<String>,
    pub(super) api_base_url: Option<String>,
    #[serde(deserialize_with = "list")]
    pub(super) js_domain: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCsp {
    pub(super) mode: super::CspMode,
    #[serde(deserialize_with = "list")]
    pub(super) video_hosts: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAlarm {
    pub(super) webhook: Option<String>,
    pub(super) webhook_file: Option<PathBuf>,
}

/// A list, or its elements separated by commas as the environment gives them.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Many(Vec<String>),
        One(String),
    }
    let items =
        match Either::deserialize(deserializer).map_err(|_shape| de::Error::custom("expected a list of texts"))? {
            Either::Many(items) => items,
            Either::One(text) => text.split(',').map(str::to_owned).collect(),
        };
    Ok(items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect())
}

/// Merges the three sources and reads the result. Each is looked at alone first, so that a refusal names the line of
/// the file or the variable.
pub(super) fn read(
    file: Option<(&Path, &str)>,
    environment: &BTreeMap<String, String>,
    flags: &Overrides,
) -> Result<Raw, Error> {
    let mut table = file.map_or_else(|| Ok(toml::Table::new()), |(path, text)| read_file(path, text))?;
    for (name, value) in environment {
        let Some(key) = name.strip_prefix(PREFIX) else {
            continue;
        };
        // The file itself is named with this one (or with --config).
        if key == "CONFIG" {
            continue;
        }
        let path: Vec<String> = key.split("__").map(str::to_ascii_lowercase).collect();
        let nameless = |()| Error::Malformed(format!("{name} does not name a setting"));
        let mut alone = toml::Table::new();
        set(&mut alone, &path, value).map_err(nameless)?;
        let refused = |error: toml::de::Error| Error::Malformed(format!("{name}: {}", in_environment(&error)));
        alone.try_into::<Raw>().map_err(refused)?;
        set(&mut table, &path, value).map_err(nameless)?;
    }
    for (key, value) in flags {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        set(&mut table, &path, value).map_err(|()| Error::Malformed(format!("{key} does not name a setting")))?;
    }
    table.try_into().map_err(|error: toml::de::Error| Error::Malformed(without_values(&error)))
}

fn read_file(path: &Path, text: &str) -> Result<toml::Table, Error> {
    let refused = |error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::Malformed(format!("{}, line {line}: {}", path.display(), without_values(&error)))
    };
    toml::from_str::<Raw>(text).map_err(refused)?;
    text.parse().map_err(refused)
}

/// Puts `value` at `path`, making the tables on the way.
fn set(table: &mut toml::Table, path: &[String], value: &str) -> Result<(), ()> {
    match path {
        [] => Err(()),
        [key] if key.is_empty() => Err(()),
        [key] => {
            // A variable that is set but empty means "not set": compose files cannot leave one out.
            if value.is_empty() {
                table.remove(key);
            } else {
                table.insert(key.clone(), toml::Value::String(value.to_owned()));
            }
            Ok(())
        }
        [section, rest @ ..] => {
            let entry = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            set(entry.as_table_mut().ok_or(())?, rest, value)
        }
    }
}

/// What the parser says in one line, without the excerpt of the file and without a value of the wrong type: either may
/// be a secret.
fn without_values(error: &toml::de::Error) -> String {
    let message = error.message().lines().collect::<Vec<_>>().join(" ");
    let Some(("invalid type", rest)) = message.split_once(": ") else { return message };
    let kind = rest.split([' ', ',']).next().unwrap_or_default();
    let expected = rest.rsplit_once("expected ").map_or("something else", |(_, expected)| expected);
    let expected = if expected.starts_with("struct ") { "a section" } else { expected };
    format!("invalid type: {kind}, expected {expected}")
}

/// Adds how a key is spelt to a complaint about an unknown one.
fn in_environment(error: &toml::de::Error) -> String {
    let message = without_values(error);
    if message.contains("unknown field") {
        format!("{message}. A variable is named {PREFIX}<SECTION>__<KEY>, for example {PREFIX}SITE__BASE_URL")
    } else {
        message
    }
}
