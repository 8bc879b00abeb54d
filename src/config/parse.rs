//! From the settings as written to the settings as meant; every refusal says what to write instead.

use std::path::{Path, PathBuf};

use url::Url;

use super::{
    BaseUrl, Config, Csp, DatabaseUrl, Error, Language, MediaStore, Official, Secret, Server, Site, WeChat, WeCom,
    base_url, source,
};

const SDK_URLS: [&str; 2] =
    ["https://res.wx.qq.com/open/js/jweixin-1.6.0.js", "https://res2.wx.qq.com/open/js/jweixin-1.6.0.js"];

pub(super) fn read_text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_path_buf(), source })
}

pub(super) fn understand(raw: source::Raw) -> Result<Config, Error> {
    let data_dir = raw.data_dir.unwrap_or_else(|| PathBuf::from("data"));
    let alarm = secret("alarm.webhook", raw.alarm.webhook, raw.alarm.webhook_file)?;
    let config = Config {
        site: site(raw.site)?,
        server: server(raw.server)?,
        database: database(raw.database, &data_dir)?,
        media: media(raw.media, &data_dir)?,
        wechat: wechat(raw.wechat)?,
        csp: Csp { mode: raw.csp.mode, video_hosts: raw.csp.video_hosts },
        alarm_webhook: alarm.map(|text| http_url("alarm.webhook", text.expose()).map(Secret::new)).transpose()?,
        secret_key: secret("secret_key", raw.secret_key, raw.secret_key_file)?,
        data_dir,
    };
    if let Some(host) = config.csp.video_hosts.iter().find(|host| !is_https_origin(host)) {
        return Err(Error::invalid("csp.video_hosts", format!("{host:?} must look like https://v.qq.com")));
    }
    Ok(config)
}

fn is_https_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.origin().ascii_serialization() == text)
}

fn site(raw: source::RawSite) -> Result<Site, Error> {
    let time_zone = raw.time_zone.unwrap_or_else(|| "Asia/Shanghai".to_owned());
    if jiff::tz::TimeZone::get(&time_zone).is_err() {
        return Err(Error::invalid(
            "site.time_zone",
            format!("{time_zone:?} is not a zone's name; write one like Asia/Shanghai"),
        ));
    }
    let base_url = raw.base_url.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    Ok(Site {
        base_url: BaseUrl::parse(&base_url).map_err(|problem| Error::invalid("site.base_url", problem))?,
        name: raw.name.unwrap_or_else(|| "wxpress".to_owned()),
        description: raw.description.unwrap_or_default(),
        language: raw.language.unwrap_or(Language::SimplifiedChinese),
        icp_number: raw.icp_number.unwrap_or_default(),
        police_number: raw.police_number.unwrap_or_default(),
        time_zone,
    })
}

fn server(raw: source::RawServer) -> Result<Server, Error> {
    let address = |key, text: &str| {
        text.parse().map_err(|_syntax| {
            Error::invalid(key, format!("{text:?} must be an address and a port, for example 127.0.0.1:8080"))
        })
    };
    let proxies = raw.trusted_proxies.iter().map(|text| {
        text.parse()
            .map_err(|_syntax| Error::invalid("server.trusted_proxies", format!("{text:?} is not an IP address")))
    });
    Ok(Server {
        listen: address("server.listen", raw.listen.as_deref().unwrap_or("127.0.0.1:8080"))?,
        admin_host: raw.admin_host,
        trusted_proxies: proxies.collect::<Result<_, _>>()?,
        ops_listen: raw.ops_listen.as_deref().map(|text| address("server.ops_listen", text)).transpose()?,
    })
}

fn database(raw: source::RawDatabase, data_dir: &Path) -> Result<DatabaseUrl, Error> {
    let Some(url) = secret("database.url", raw.url, raw.url_file)? else {
        return Ok(DatabaseUrl::Sqlite(data_dir.join("wxpress.db")));
    };
    let text = url.expose();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return match Url::parse(text) {
            Ok(_) => Ok(DatabaseUrl::Postgres(url)),
            // The text is not repeated: it holds a password.
            Err(error) => Err(Error::invalid("database.url", format!("is not a valid address: {error}"))),
        };
    }
    match text.strip_prefix("sqlite://").map(|rest| rest.split('?').next().unwrap_or_default()) {
        Some(path) if !path.is_empty() => Ok(DatabaseUrl::Sqlite(PathBuf::from(path))),
        _ => Err(Error::invalid("database.url", "must be sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE")),
    }
}

fn media(raw: source::RawMedia, data_dir: &Path) -> Result<MediaStore, Error> {
    let Some(text) = raw.url else {
        return Ok(MediaStore::Folder(data_dir.join("media")));
    };
    match text.strip_prefix("file://") {
        Some(path) if !path.is_empty() => Ok(MediaStore::Folder(PathBuf::from(path))),
        _ => Err(Error::invalid("media.url", format!("{text:?} must be file://PATH"))),
    }
}

fn wechat(raw: source::RawWeChat) -> Result<WeChat, Error> {
    let sdk_urls: Vec<Url> = if raw.sdk_urls.is_empty() {
        SDK_URLS.iter().filter_map(|text| Url::parse(text).ok()).collect()
    } else {
        raw.sdk_urls.iter().map(|text| sdk_url(text)).collect::<Result<_, _>>()?
    };
    Ok(WeChat {
        official: raw.official.and_then(|section| official(section).transpose()).transpose()?,
        wecom: raw.wecom.and_then(|section| wecom(section).transpose()).transpose()?,
        sdk_urls,
        authorize_base_url: raw.authorize_base_url.as_deref().map(authorize_base_url).transpose()?,
        proxy: secret("wechat.proxy", raw.proxy, raw.proxy_file)?
            .map(|text| proxy_url(text.expose()).map(Secret::new))
            .transpose()?,
        second_hand: raw.second_hand,
    })
}

fn sdk_url(text: &str) -> Result<Url, Error> {
    let url = http_url("wechat.sdk_urls", text)?;
    if url.as_str().contains([';', ',', ' ', '\'']) || url.query().is_some() {
        return Err(Error::invalid("wechat.sdk_urls", format!("{text:?} must be a plain address without ? ; , or '")));
    }
    Ok(url)
}

/// A section whose keys are all empty counts as absent: compose files set variables to nothing.
fn official(raw: source::RawOfficial) -> Result<Option<Official>, Error> {
    let app_secret = secret("wechat.official.app_secret", raw.app_secret, raw.app_secret_file)?;
    let (app_id, app_secret) = match (raw.app_id, app_secret) {
        (None, None) if raw.api_base_url.is_none() && raw.js_domain.is_empty() => return Ok(None),
        (Some(app_id), Some(app_secret)) => (app_id, app_secret),
        (None, _) => {
            return Err(half("wechat.official", "app_id", "WXPRESS_WECHAT__OFFICIAL__APP_ID"));
        }
        (_, None) => {
            return Err(half("wechat.official", "app_secret", "WXPRESS_WECHAT__OFFICIAL__APP_SECRET"));
        }
    };
    Ok(Some(Official {
        app_id: identifier("wechat.official.app_id", app_id)?,
        app_secret,
        api_base_url: api_base_url(
            "wechat.official.api_base_url",
            raw.api_base_url.as_deref(),
            "https://api.weixin.qq.com/",
        )?,
        token_endpoint: raw.token_endpoint,
        js_domain: raw.js_domain,
    }))
}

fn wecom(raw: source::RawWeCom) -> Result<Option<WeCom>, Error> {
    let corp_secret = secret("wechat.wecom.corp_secret", raw.corp_secret, raw.corp_secret_file)?;
    let (corp_id, corp_secret, agent_id) = match (raw.corp_id, corp_secret, raw.agent_id) {
        (None, None, None) if raw.api_base_url.is_none() && raw.js_domain.is_empty() => {
            return Ok(None);
        }
        (Some(corp_id), Some(corp_secret), Some(agent_id)) => (corp_id, corp_secret, agent_id),
        (None, _, _) => {
            return Err(half("wechat.wecom", "corp_id", "WXPRESS_WECHAT__WECOM__CORP_ID"));
        }
        (_, None, _) => {
            return Err(half("wechat.wecom", "corp_secret", "WXPRESS_WECHAT__WECOM__CORP_SECRET"));
        }
        (_, _, None) => {
            return Err(half("wechat.wecom", "agent_id", "WXPRESS_WECHAT__WECOM__AGENT_ID"));
        }
    };
    Ok(Some(WeCom {
        corp_id: identifier("wechat.wecom.corp_id", corp_id)?,
        corp_secret,
        agent_id: identifier("wechat.wecom.agent_id", agent_id)?,
        api_base_url: api_base_url(
            "wechat.wecom.api_base_url",
            raw.api_base_url.as_deref(),
            "https://qyapi.weixin.qq.com/",
        )?,
        js_domain: raw.js_domain,
    }))
}

fn half(section: &'static str, key: &str, variable: &str) -> Error {
    Error::Half { section, missing: format!("{section}.{key} ({variable})") }
}

fn identifier(key: &'static str, text: String) -> Result<String, Error> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return Ok(text);
    }
    Err(Error::invalid(key, format!("{text:?} holds characters that no id has; copy it from the console again")))
}

/// WeChat's own address or this machine: the secret must not travel elsewhere.
fn api_base_url(key: &'static str, given: Option<&str>, own: &'static str) -> Result<Url, Error> {
    let url = http_url(key, given.unwrap_or(own))?;
    let is_own = Url::parse(own).is_ok_and(|own| own.origin() == url.origin());
    if is_own || base_url::is_loopback(&url) {
        return Ok(url);
    }
    Err(Error::invalid(
        key,
        format!("may only be {own} or an address on this machine: the secret must not travel elsewhere"),
    ))
}

/// WeChat's own pages, or this machine: nobody else may say who somebody is.
fn authorize_base_url(text: &str) -> Result<Url, Error> {
    let key = "wechat.authorize_base_url";
    let url = http_url(key, text)?;
    if base_url::is_loopback(&url) {
        return Ok(url);
    }
    Err(Error::invalid(
        key,
        "may only be an address on this machine, for tests; without it people are sent to WeChat's and WeCom's own pages",
    ))
}

fn http_url(key: &'static str, text: &str) -> Result<Url, Error> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        // The text is not repeated: a webhook's address is its secret.
        _ => Err(Error::invalid(key, "must be an address that begins with https:// or http://")),
    }
}

fn proxy_url(text: &str) -> Result<Url, Error> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") => Ok(url),
        _ => Err(Error::invalid("wechat.proxy", "must begin with http://, https:// or socks5://")),
    }
}

/// A secret given as text or as the name of a file that holds it.
fn secret(key: &'static str, text: Option<String>, file: Option<PathBuf>) -> Result<Option<Secret<String>>, Error> {
    let text = match (text, file) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid(key, "is given twice, as text and as a file; keep one"));
        }
        (None, Some(path)) => Some(read_text(&path)?),
        (text, None) => text,
    };
    match text.as_deref().map(str::trim) {
        None => Ok(None),
        Some("") => Err(Error::invalid(key, "is empty")),
        Some(text) => Ok(Some(Secret::new(text.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::Overrides;
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, Error> {
        let environment: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_sources(None, &environment, &Overrides::new())
    }

    #[test]
    fn nothing_set_is_a_site_on_this_machine() {
        let config = load(&[]).unwrap();
        assert_eq!(config.site.base_url.absolute("/"), "http://127.0.0.1:8080/");
        assert!(config.wechat.official.is_none());
        assert_eq!(config.wechat.sdk_urls.len(), 2);
    }

    #[test]
    fn the_environment_overrides_the_file_and_flags_override_both() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wxpress.toml");
        std::fs::write(&file, "[site]\nname = 'a'\ndescription = 'kept'\n[server]\nlisten = '127.0.0.1:1'\n").unwrap();
        let environment = BTreeMap::from([
            ("WXPRESS_SITE__NAME".to_owned(), "b".to_owned()),
            ("WXPRESS_SERVER__LISTEN".to_owned(), "127.0.0.1:2".to_owned()),
        ]);
        let flags = Overrides::from([("server.listen", "127.0.0.1:3".to_owned())]);
        let config = Config::from_sources(Some(&file), &environment, &flags).unwrap();
        assert_eq!((config.site.name.as_str(), config.site.description.as_str()), ("b", "kept"));
        assert_eq!(config.server.listen.port(), 3);
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let config = load(&[("WXPRESS_SERVER__TRUSTED_PROXIES", "127.0.0.1, ::1")]).unwrap();
        assert_eq!(config.server.trusted_proxies.len(), 2);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = load(&[("WXPRESS_SITE__BASEURL", "x")]).unwrap_err().to_string();
        assert!(error.contains("baseurl"), "{error}");
        assert!(load(&[("WXPRESS_NONSENSE", "x")]).is_err());
    }

    #[test]
    fn a_value_of_the_wrong_type_is_not_repeated() {
        let error = load(&[("WXPRESS_WECHAT__OFFICIAL", "CANARY")]).unwrap_err().to_string();
        assert!(error.contains("WXPRESS_WECHAT__OFFICIAL") && error.contains("a section"), "{error}");
        assert!(!error.contains("CANARY"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wxpress.toml");
        std::fs::write(&file, "[wechat.official]\napp_id = 'wx1'\napp_secret = 4711\n").unwrap();
        let error = Config::from_sources(Some(&file), &BTreeMap::new(), &Overrides::new()).unwrap_err().to_string();
        assert!(error.contains("line 3: invalid type: integer, expected a string"), "{error}");
        assert!(!error.contains("4711"), "{error}");
    }

    #[test]
    fn half_a_section_names_what_is_missing() {
        let error = load(&[("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1")]).unwrap_err().to_string();
        assert!(error.contains("WXPRESS_WECHAT__OFFICIAL__APP_SECRET"), "{error}");
        let error =
            load(&[("WXPRESS_WECHAT__WECOM__CORP_ID", "ww"), ("WXPRESS_WECHAT__WECOM__CORP_SECRET", "s")]).unwrap_err();
        assert!(error.to_string().contains("AGENT_ID"), "{error}");
    }

    #[test]
    fn the_secret_goes_to_wechat_or_to_this_machine_only() {
        let with = |api: &str| {
            load(&[
                ("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1"),
                ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARY"),
                ("WXPRESS_WECHAT__OFFICIAL__API_BASE_URL", api),
            ])
        };
        for good in ["http://127.0.0.1:9", "http://localhost:9/x", "http://[::1]:9", "https://api.weixin.qq.com"] {
            with(good).unwrap();
        }
        for bad in [
            "https://api.weixin.qq.com.evil.cn",
            "http://10.0.0.1",
            "http://api.weixin.qq.com",
            "http://127.0.0.1.evil.cn",
            "x",
        ] {
            assert!(with(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_wechat_or_this_machine_says_who_somebody_is() {
        let with = |address: &str| load(&[("WXPRESS_WECHAT__AUTHORIZE_BASE_URL", address)]);
        assert!(load(&[]).unwrap().wechat.authorize_base_url.is_none());
        assert!(with("http://127.0.0.1:9").unwrap().wechat.authorize_base_url.is_some());
        for bad in ["https://open.weixin.qq.com.evil.cn", "http://10.0.0.1", "javascript:alert(1)", "x"] {
            assert!(with(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_are_never_printed() {
        let variables =
            [("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1"), ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARY")];
        assert!(!format!("{:?}", load(&variables).unwrap()).contains("CANARY"));
        let error = load(&[("WXPRESS_DATABASE__URL", "postgres://u:CANARY@[bad/x")]).unwrap_err();
        assert!(!error.to_string().contains("CANARY"), "{error}");
        let error = Config::from_sources(
            None,
            &BTreeMap::from([("WXPRESS_SECRET_KEY__X".to_owned(), "CANARY".to_owned())]),
            &Overrides::new(),
        );
        assert!(!error.unwrap_err().to_string().contains("CANARY"));
    }

    #[test]
    fn a_secret_may_be_a_file_but_not_both() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "from-file\n").unwrap();
        let path = file.to_str().unwrap();
        let variables =
            [("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1"), ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET_FILE", path)];
        assert_eq!(load(&variables).unwrap().wechat.official.unwrap().app_secret.expose(), "from-file");
        assert!(load(&[variables[0], variables[1], ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "x")]).is_err());
    }
}
