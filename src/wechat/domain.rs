//! The rule of the JS-SDK safe domain (JS接口安全域名): a host, or a host and a path; pages and shared links must lie
//! under it (wechat-facts §4.1). Pure.

/// Whether a page at `host` + `path` lies under `domain` as entered in the console. A bound domain covers its
/// sub-domains, never its parent; a bound path covers itself and what lies below it.
pub fn covers(domain: &str, host: &str, path: &str) -> bool {
    let (bound_host, bound_path) = match domain.split_once('/') {
        Some((bound_host, rest)) => (bound_host, rest.trim_end_matches('/')),
        None => (domain, ""),
    };
    let host_fits = host.eq_ignore_ascii_case(bound_host) || is_below(host, bound_host);
    let path = path.trim_start_matches('/');
    let path_fits = bound_path.is_empty()
        || path == bound_path
        || path.strip_prefix(bound_path).is_some_and(|rest| rest.starts_with('/'));
    !bound_host.is_empty() && host_fits && path_fits
}

fn is_below(host: &str, parent: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let parent = parent.to_ascii_lowercase();
    host.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
}

/// What is wrong with a domain as the operator copied it, if anything: the console takes neither scheme nor port.
pub fn complaint(domain: &str) -> Option<&'static str> {
    if domain.contains("://") {
        Some("write it without http:// or https://")
    } else if domain.split('/').next().is_some_and(|host| host.contains(':')) {
        Some("the console takes no port")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_covers_itself_and_what_is_below() {
        assert!(covers("example.com", "example.com", "/a"));
        assert!(covers("example.com", "www.Example.com", "/a"));
        assert!(!covers("www.example.com", "example.com", "/a"));
        assert!(!covers("example.com", "evilexample.com", "/a"));
        assert!(!covers("", "example.com", "/"));
    }

    #[test]
    fn a_path_covers_itself_and_what_is_below() {
        assert!(covers("www.example.com/mp", "www.example.com", "/mp/articles/a"));
        assert!(covers("www.example.com/mp/", "www.example.com", "/mp"));
        assert!(!covers("www.example.com/mp", "www.example.com", "/mpx"));
        assert!(!covers("www.example.com/mp", "www.example.com", "/"));
    }

    #[test]
    fn a_scheme_or_a_port_is_pointed_out() {
        assert!(complaint("https://example.com").is_some());
        assert!(complaint("example.com:8080/mp").is_some());
        assert!(complaint("example.com/mp").is_none());
    }
}
