//! Who is asking: the reader's address, and how often one may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::HttpRequest;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::Error;

/// Readers sit behind carriers' shared addresses, so the limits are wide: they stop a script, not a village.
const PER_MINUTE: u32 = 600;
/// Above this many known addresses the quiet ones are forgotten.
const MOST_KNOWN: usize = 50_000;

/// A limit per address.
#[derive(Debug)]
pub(crate) struct Limit(DefaultKeyedRateLimiter<IpAddr>);

impl Limit {
    /// 600 requests a minute.
    pub(crate) fn new() -> Self {
        Self::per_minute(PER_MINUTE)
    }

    /// So many requests a minute.
    pub(crate) fn per_minute(requests: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN))))
    }

    /// Counts a request; an error when it is one too many.
    pub(crate) fn check(&self, address: IpAddr) -> Result<(), Error> {
        if self.0.len() > MOST_KNOWN {
            self.0.retain_recent();
        }
        self.0.check_key(&network(address)).map_err(|_too_early| Error::TooManyRequests)
    }
}

/// One household has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

/// The program that a page is open in, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// 企业微信.
    WeCom,
    /// 微信.
    WeChat,
    /// Any browser.
    Other,
}

/// What the program says it is. WeCom says that it is WeChat too (wechat-facts §7.1).
pub(crate) fn program(request: &HttpRequest) -> Program {
    let agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = agent.to_ascii_lowercase();
    if agent.contains("wxwork/") {
        Program::WeCom
    } else if agent.contains("micromessenger") {
        Program::WeChat
    } else {
        Program::Other
    }
}

/// The reader's address: the peer's, unless the peer is a proxy that the operator trusts; then the last address in
/// `X-Forwarded-For` that is not itself such a proxy. A proxy may add a line of its own below what it was given, and
/// several lines are one list (RFC 9110, 5.3). (`connection_info()` believes anybody.)
pub(crate) fn address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip().to_canonical());
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines: Vec<&str> =
        request.headers().get_all("x-forwarded-for").map(|value| value.to_str().unwrap_or_default()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(|hop| hop.trim().parse::<IpAddr>());
    hops.map_while(Result::ok).find(|hop| !trusted.contains(hop)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[IpAddr]) -> String {
        seen_over(peer, &[forwarded], trusted)
    }

    fn seen_over(peer: &str, lines: &[&str], trusted: &[IpAddr]) -> String {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        for line in lines {
            request = request.append_header(("x-forwarded-for", *line));
        }
        address(&request.to_http_request(), trusted).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let proxy = ["127.0.0.1".parse().unwrap()];
        assert_eq!(seen("9.9.9.9", "1.2.3.4", &proxy), "9.9.9.9");
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 1.2.3.4", &proxy), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", "1.2.3.4, 127.0.0.1", &proxy), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", "nonsense", &proxy), "127.0.0.1");
    }

    #[test]
    fn lines_of_forwarded_addresses_are_one_list() {
        let proxies = ["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        // What the reader made up stands first; the proxy's own line is the last.
        assert_eq!(seen_over("127.0.0.1", &["6.6.6.6", "1.2.3.4"], &proxies), "1.2.3.4");
        assert_eq!(seen_over("127.0.0.1", &["6.6.6.6, 7.7.7.7", "1.2.3.4, 10.0.0.1"], &proxies), "1.2.3.4");
        assert_eq!(seen_over("127.0.0.1", &["1.2.3.4", "10.0.0.1"], &proxies), "1.2.3.4");
        assert_eq!(seen_over("127.0.0.1", &["6.6.6.6", "nonsense"], &proxies), "127.0.0.1");
        assert_eq!(seen_over("9.9.9.9", &["6.6.6.6", "1.2.3.4"], &proxies), "9.9.9.9");
    }

    #[test]
    fn one_address_too_often_is_refused_and_another_is_not() {
        let limit = Limit::new();
        let (one, other) = (IpAddr::from([1, 1, 1, 1]), IpAddr::from([2, 2, 2, 2]));
        let allowed = (0..2 * PER_MINUTE).filter(|_| limit.check(one).is_ok()).count();
        assert!(allowed < 2 * 600, "{allowed}");
        assert!(limit.check(other).is_ok());
    }
}
