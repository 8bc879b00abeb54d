//! The headers of every answer (reliability-security: §6.1, §6.3) and the content security policy, built once from
//! the settings.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::Site;
use crate::config::{Config, CspMode};

/// For files whose name changes with their content.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For things that change rarely under a stable name.
pub(crate) const AN_HOUR: &str = "public, max-age=3600";
/// For pages that carry a signature: stored, but asked about at every use.
pub(crate) const SIGNED_PAGE: &str = "private, no-cache";
/// For what must not be kept at all.
pub(crate) const NO_STORE: &str = "no-store";
/// For a page that is not there; a minute keeps a flood of them cheap.
pub(crate) const A_MINUTE: &str = "public, max-age=60";

/// The only inline script: printed as is, hashed once, and never holding a value.
pub(crate) const GUARD: &str = include_str!("../../static/guard.js");

/// The policy of the back office's pages (reliability-security §6.2), whatever `csp.mode` is: no phone of a reader
/// ever has to live with it.
pub(crate) const BACK_OFFICE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
     form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of what is not a page.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// What the settings make of the headers.
#[derive(Debug)]
pub(crate) struct Policies {
    page: Option<(HeaderName, HeaderValue)>,
    secure: bool,
}

impl Policies {
    /// The policies for `config`.
    pub(crate) fn new(config: &Config) -> Self {
        let name = match config.csp.mode {
            CspMode::Enforce => Some(HeaderName::from_static("content-security-policy")),
            CspMode::ReportOnly => Some(HeaderName::from_static("content-security-policy-report-only")),
            CspMode::Off => None,
        };
        let page = name.zip(HeaderValue::from_str(&page_policy(config)).ok());
        Self { page, secure: config.site.base_url.is_https() }
    }

    /// Adds what is not there yet.
    pub(crate) fn add(&self, headers: &mut HeaderMap) {
        let mut default = |name: &'static str, value: &'static str| {
            let name = HeaderName::from_static(name);
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        default("x-content-type-options", "nosniff");
        default("referrer-policy", "strict-origin-when-cross-origin");
        default("cross-origin-resource-policy", "same-origin");
        default("x-frame-options", "DENY");
        default("cache-control", NO_STORE);
        if self.secure {
            default("strict-transport-security", "max-age=63072000; includeSubDomains");
        }
        if is_html(headers) {
            self.add_to_page(headers);
        } else if !headers.contains_key("content-security-policy") {
            headers.insert(HeaderName::from_static("content-security-policy"), NOTHING);
        }
    }

    fn add_to_page(&self, headers: &mut HeaderMap) {
        if self.secure {
            // Without TLS browsers ignore it, and complain on every page.
            headers
                .insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        }
        let unused = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";
        headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(unused));
        if let Some((name, value)) = self.page.as_ref().filter(|(name, _)| !headers.contains_key(name)) {
            headers.insert(name.clone(), value.clone());
        }
    }
}

/// Whether these are the headers of a page.
pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("text/html"))
}

/// The policy of a reader's page. `frame-src` opens the two schemes through which the client's bridge speaks; without
/// them `wx.config` dies without a word (reliability-security §8.1).
fn page_policy(config: &Config) -> String {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(GUARD.as_bytes()));
    let sdk: String = spaced(&config.wechat.sdk_urls);
    let video: String = spaced(&config.csp.video_hosts);
    let report = config.site.base_url.path("/api/v1/csp-report");
    format!(
        "default-src 'none'; script-src 'self' 'sha256-{digest}'{sdk}; style-src 'self'; \
         img-src 'self' data: https://open.weixin.qq.com; font-src 'self'; media-src 'self'; connect-src 'self'; \
         frame-src weixin: weixinping:{video}; manifest-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; report-uri {report}"
    )
}

/// Every source with a space before it.
fn spaced<T: ToString>(sources: &[T]) -> String {
    sources.iter().flat_map(|source| [" ".to_owned(), source.to_string()]).collect()
}

/// Adds the headers to every answer, errors included.
pub(crate) async fn security_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let site = request.app_data::<Data<Site>>().cloned();
    let mut response = next.call(request).await?;
    if let Some(site) = site {
        site.policies.add(response.headers_mut());
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Overrides;

    #[test]
    fn the_default_policy_is_the_documented_one() {
        let config = Config::from_sources(None, &BTreeMap::new(), &Overrides::new()).unwrap();
        let policy = page_policy(&config);
        for part in [
            "default-src 'none'",
            "https://res.wx.qq.com/open/js/jweixin-1.6.0.js https://res2.wx.qq.com/open/js/jweixin-1.6.0.js;",
            "frame-src weixin: weixinping:;",
            "object-src 'none'; base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part} is not in {policy}");
        }
        assert!(!policy.contains("unsafe"));
    }
}
