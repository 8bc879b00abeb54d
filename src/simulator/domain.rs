//! Safe domains: where an account's pages may live (wechat-facts §4).

use url::{Host, Url};

/// How strictly entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// An official account: a host with everything below it, or a path of it; no port, no IP.
    Official,
    /// A test account: also IPs and ports; an entry without a port covers every port.
    Sandbox,
    /// WeCom: the very host and port.
    Exact,
}

/// The entry of `entries` that covers the address.
pub(crate) fn covering<'a>(entries: &'a [String], address: &Url, strictness: Strictness) -> Option<&'a str> {
    entries.iter().map(String::as_str).find(|entry| covers(entry, address, strictness))
}

/// Whether an entry of the console, `host`, `host:port` or `host/path`, covers the address.
pub(crate) fn covers(entry: &str, address: &Url, strictness: Strictness) -> bool {
    if !matches!(address.scheme(), "http" | "https") {
        return false;
    }
    let (authority, path) = entry.split_once('/').unwrap_or((entry, ""));
    // Whoever writes a scheme into the console's field has bound nothing.
    let Ok(bound) = Url::parse(&format!("http://{authority}/")) else { return false };
    let (Some(bound_host), Some(host)) = (bound.host(), address.host()) else { return false };
    let port_named = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    covers_host(&bound_host, &host, strictness)
        && covers_port(port_named.then(|| bound.port_or_known_default()).flatten(), address, strictness)
        && covers_path(path, address.path())
}

fn covers_host(bound: &Host<&str>, host: &Host<&str>, strictness: Strictness) -> bool {
    match (bound, host) {
        (Host::Domain(bound), Host::Domain(host)) => {
            bound == host
                || (strictness != Strictness::Exact && host.strip_suffix(bound).is_some_and(|rest| rest.ends_with('.')))
        }
        (bound, host) => strictness != Strictness::Official && bound == host,
    }
}

fn covers_port(bound: Option<u16>, address: &Url, strictness: Strictness) -> bool {
    match (bound, strictness) {
        // `port()` is none for a scheme's own port.
        (None, Strictness::Official | Strictness::Exact) => address.port().is_none(),
        (None, Strictness::Sandbox) => true,
        (Some(_), Strictness::Official) => false,
        (Some(port), _) => address.port_or_known_default() == Some(port),
    }
}

fn covers_path(bound: &str, path: &str) -> bool {
    let bound = bound.trim_end_matches('/');
    let Some(path) = path.strip_prefix('/') else { return false };
    bound.is_empty() || path.strip_prefix(bound).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn official(entry: &str, address: &str) -> bool {
        covers(entry, &Url::parse(address).unwrap(), Strictness::Official)
    }

    #[test]
    fn a_domain_covers_itself_and_what_is_below_it() {
        assert!(official("example.com", "https://example.com/a?b"));
        assert!(official("example.com", "http://www.example.com/"));
        assert!(!official("www.example.com", "https://example.com/"));
        assert!(!official("example.com", "https://evilexample.com/"));
        assert!(!official("example.com", "https://example.com.evil.test/"));
    }

    #[test]
    fn a_path_covers_what_lies_under_it() {
        assert!(official("www.example.com/mp", "https://www.example.com/mp"));
        assert!(official("www.example.com/mp/", "https://www.example.com/mp/articles/1"));
        assert!(!official("www.example.com/mp", "https://www.example.com/mpeg"));
        assert!(!official("www.example.com/mp", "https://www.example.com/"));
    }

    #[test]
    fn an_official_account_knows_no_ports_and_no_addresses() {
        assert!(official("example.com", "https://example.com:443/"));
        assert!(!official("example.com", "https://example.com:8443/"));
        assert!(!official("127.0.0.1", "http://127.0.0.1/"));
        assert!(!official("https://example.com", "https://example.com/"));
    }

    #[test]
    fn a_test_account_may_use_an_address_and_a_port() {
        let page = Url::parse("http://127.0.0.1:8080/articles/1").unwrap();
        assert!(covers("127.0.0.1", &page, Strictness::Sandbox));
        assert!(covers("127.0.0.1:8080", &page, Strictness::Sandbox));
        assert!(!covers("127.0.0.1:9090", &page, Strictness::Sandbox));
        assert!(!covers("127.0.0.2", &page, Strictness::Sandbox));
    }

    #[test]
    fn wecom_wants_the_very_host_and_port() {
        let page = Url::parse("https://www.example.com/").unwrap();
        assert!(covers("www.example.com", &page, Strictness::Exact));
        assert!(covers("www.example.com:443", &page, Strictness::Exact));
        assert!(!covers("example.com", &page, Strictness::Exact));
        let other_port = Url::parse("http://www.example.com:8080/").unwrap();
        assert!(!covers("www.example.com", &other_port, Strictness::Exact));
        assert!(covers("www.example.com:8080", &other_port, Strictness::Exact));
    }
}
