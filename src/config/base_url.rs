//! The public address of the site: the only source of absolute addresses.

use std::fmt;

use url::Url;

/// An origin with an optional path prefix, both as a browser writes them: `https://news.example.cn/mp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    prefix: String,
    url: Url,
}

impl BaseUrl {
    /// Reads what the operator typed. The error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim())
            .map_err(|error| format!("{text:?} is not an address ({error}); write one like https://news.example.cn"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(format!("{text:?} must begin with https:// (or http://) and a host name"));
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(format!("{text:?} must hold only scheme, host and perhaps a path, no ?, # or @"));
        }
        let prefix = url.path().trim_end_matches('/').to_owned();
        let plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~'));
        if !plain || prefix.contains("//") {
            return Err(format!("the path of {text:?} may hold only letters, digits and - _ . ~ /"));
        }
        Ok(Self { origin: url.origin().ascii_serialization(), prefix, url })
    }

    /// `https://news.example.cn`, without a slash at the end; the port only where it is not the scheme's own.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `/mp`, or nothing.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The host name alone.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port the address means.
    pub fn port(&self) -> Option<u16> {
        self.url.port_or_known_default()
    }

    /// Whether readers come by https.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine itself.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// The address of `path` (which begins with a slash and does not hold the prefix) relative to the host:
    /// `/articles/a` → `/mp/articles/a`.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The absolute address of `path`: `/articles/a` → `https://news.example.cn/mp/articles/a`. A fixed point of
    /// the URL parser whenever `path` is one.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.origin, self.prefix)
    }
}

/// Whether `url` names this machine by a loopback address or as `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_prefix_is_kept_and_the_slash_is_not() {
        let base = BaseUrl::parse("https://News.Example.cn:443/mp/").unwrap();
        assert_eq!(base.origin(), "https://news.example.cn");
        assert_eq!(base.prefix(), "/mp");
        assert_eq!(base.absolute("/articles/a"), "https://news.example.cn/mp/articles/a");
        assert_eq!(BaseUrl::parse("http://127.0.0.1:8080").unwrap().absolute("/"), "http://127.0.0.1:8080/");
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for text in [
            "",
            "news.example.cn",
            "ftp://x",
            "https://",
            "https://x/?a",
            "https://x/#a",
            "https://u@x/",
            "https://x/a b",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_absolute_address_is_a_fixed_point_of_the_parser(prefix in "(/[a-z]{1,5}){0,2}", slug in "[a-z0-9-]{1,20}") {
            let base = BaseUrl::parse(&format!("https://example.cn{prefix}")).unwrap();
            let address = base.absolute(&format!("/articles/{slug}"));
            let parsed = Url::parse(&address).unwrap();
            prop_assert_eq!(parsed.as_str(), address.as_str());
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            let _ignored: Result<BaseUrl, String> = BaseUrl::parse(&text);
        }
    }
}
