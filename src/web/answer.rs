//! An answer that is kept: one body in every encoding that browsers accept, with all of its headers. Each encoding is
//! made when it is first asked for, and handed out without copying.

use std::io::Write as _;
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::headers::Policies;

/// How much of the hash an `ETag` shows, in hexadecimal digits.
const ETAG_DIGITS: usize = 20;
/// Of 11. Above it a page costs ten times as long and shrinks by a twentieth.
const BROTLI_KEPT: i32 = 5;
/// For an answer that one reader gets, whose time counts for more than its last bytes.
const BROTLI_ONCE: i32 = 1;
/// 64 KB of memory for the encoder's window: pages are smaller, and many may be compressed at the same time.
const BROTLI_WINDOW: i32 = 16;
/// Of 9, the usual one.
const GZIP_KEPT: u32 = 6;
/// For an answer that one reader gets.
const GZIP_ONCE: u32 = 1;
/// Below it compression saves no packet.
const WORTH_COMPRESSING: usize = 600;

/// What an answer is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    /// 200, or that of a page that says what became of an address.
    pub(crate) status: StatusCode,
    /// Of the body.
    pub(crate) content_type: &'static str,
    /// For how long others may keep it.
    pub(crate) cache_control: &'static str,
    /// Whether pages of other sites may show it: WeChat's may a card's picture.
    pub(crate) is_embeddable: bool,
    /// Unencoded.
    pub(crate) body: Bytes,
}

/// A body with the headers that belong to its encoding.
#[derive(Debug)]
struct Encoded {
    headers: HeaderMap,
    body: Bytes,
}

/// The answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    etag: HeaderValue,
    /// What a 304 repeats: everything that a browser might update what it has by.
    common: HeaderMap,
    plain: Encoded,
    /// Whether others will get it, too.
    is_kept: bool,
    gzip: OnceLock<Encoded>,
    brotli: OnceLock<Encoded>,
}

/// What a browser accepts and we like best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// The best of those in `Accept-Encoding`. What is refused by name (`q=0`) is not used.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let Some(accepted) = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
            return Self::Identity;
        };
        let mut best = Self::Identity;
        for item in accepted.split(',') {
            let (name, parameter) = item.split_once(';').unwrap_or((item, ""));
            let weight = parameter.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
            let encoding = match name.trim() {
                "br" => Self::Brotli,
                "gzip" | "*" if best == Self::Identity => Self::Gzip,
                _ => continue,
            };
            if weight.is_none_or(|weight| weight > 0.0) {
                best = encoding;
            }
        }
        best
    }
}

impl Answer {
    /// The answer with these parts and the site's headers.
    pub(crate) fn new(parts: Parts, policies: &Policies) -> Self {
        let digest: String = hex::encode(Sha256::digest(&parts.body)).chars().take(ETAG_DIGITS).collect();
        // Weak: the same page is answered in several encodings.
        let etag = HeaderValue::try_from(format!("W/\"{digest}\"")).unwrap_or(HeaderValue::from_static("W/\"\""));
        let mut common = HeaderMap::new();
        common.insert(CACHE_CONTROL, HeaderValue::from_static(parts.cache_control));
        common.insert(ETAG, etag.clone());
        common.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if parts.is_embeddable {
            let name = HeaderName::from_static("cross-origin-resource-policy");
            common.insert(name, HeaderValue::from_static("cross-origin"));
        }
        // For the policies, which differ between pages and the rest.
        common.insert(CONTENT_TYPE, HeaderValue::from_static(parts.content_type));
        policies.add(&mut common);
        let plain = Encoded { headers: common.clone(), body: parts.body };
        common.remove(CONTENT_TYPE);
        let (gzip, brotli) = (OnceLock::new(), OnceLock::new());
        Self { status: parts.status, etag, common, plain, is_kept: true, gzip, brotli }
    }

    /// The same for one reader only.
    pub(crate) fn for_once(self) -> Self {
        Self { is_kept: false, ..self }
    }

    /// The answer to a request with these headers: 304 for one who has it.
    pub(crate) fn respond(&self, request: &HeaderMap) -> HttpResponse<Bytes> {
        if self.status == StatusCode::OK && self.is_known(request) {
            return with_headers(StatusCode::NOT_MODIFIED, &self.common, Bytes::new());
        }
        let encoded = self.encoded(Encoding::accepted(request));
        with_headers(self.status, &encoded.headers, encoded.body.clone())
    }

    /// The memory that it takes at most, in bytes.
    pub(crate) fn weight(&self) -> u32 {
        // Text shrinks to a third or less, twice.
        u32::try_from(self.plain.body.len().saturating_mul(5) / 3 + OVERHEAD).unwrap_or(u32::MAX)
    }

    fn is_known(&self, request: &HeaderMap) -> bool {
        let known = request.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        known.is_some_and(|known| known.split(',').any(|tag| tag.trim().as_bytes() == self.etag.as_bytes()))
    }

    fn encoded(&self, encoding: Encoding) -> &Encoded {
        let body = &self.plain.body;
        match encoding {
            _ if body.len() < WORTH_COMPRESSING || !self.is_text() => &self.plain,
            Encoding::Identity => &self.plain,
            Encoding::Gzip => self
                .gzip
                .get_or_init(|| self.as_encoded("gzip", gzip(body, if self.is_kept { GZIP_KEPT } else { GZIP_ONCE }))),
            Encoding::Brotli => self.brotli.get_or_init(|| {
                self.as_encoded("br", brotli(body, if self.is_kept { BROTLI_KEPT } else { BROTLI_ONCE }))
            }),
        }
    }

    /// Pictures are compressed already.
    fn is_text(&self) -> bool {
        self.plain.headers.get(CONTENT_TYPE).is_some_and(|value| !value.as_bytes().starts_with(b"image/"))
    }

    fn as_encoded(&self, name: &'static str, body: std::io::Result<Vec<u8>>) -> Encoded {
        let mut headers = self.plain.headers.clone();
        // Writing to memory does not fail; if it did, the plain body is as good.
        let Ok(body) = body else { return Encoded { headers, body: self.plain.body.clone() } };
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        Encoded { headers, body: Bytes::from(body) }
    }
}

/// The headers of an answer's three encodings.
const OVERHEAD: usize = 6_000;

fn with_headers(status: StatusCode, headers: &HeaderMap, body: Bytes) -> HttpResponse<Bytes> {
    let mut response = HttpResponse::with_body(status, body);
    *response.headers_mut() = headers.clone();
    response
}

fn gzip(body: &[u8], level: u32) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(body)?;
    encoder.finish()
}

fn brotli(body: &[u8], quality: i32) -> std::io::Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, lgwin: BROTLI_WINDOW, size_hint: body.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*body, &mut out, &parameters)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(value: &'static str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
        Encoding::accepted(&headers)
    }

    #[test]
    fn the_best_accepted_encoding_is_used_and_a_refused_one_is_not() {
        assert_eq!(accepted("gzip, deflate, br"), Encoding::Brotli);
        assert_eq!(accepted("br;q=0.1, gzip"), Encoding::Brotli);
        assert_eq!(accepted("gzip"), Encoding::Gzip);
        assert_eq!(accepted("*"), Encoding::Gzip);
        assert_eq!(accepted("br;q=0, gzip;q=0"), Encoding::Identity);
        assert_eq!(accepted("deflate"), Encoding::Identity);
        assert_eq!(accepted(";;,,q=,br;q=x"), Encoding::Brotli);
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn both_encodings_give_the_body_back() {
        let text = "融媒体中心发布消息。".repeat(400);
        let mut plain = Vec::new();
        std::io::Read::read_to_end(
            &mut flate2::read::GzDecoder::new(gzip(text.as_bytes(), GZIP_KEPT).unwrap().as_slice()),
            &mut plain,
        )
        .unwrap();
        assert_eq!(plain, text.as_bytes());
        plain.clear();
        brotli::BrotliDecompress(&mut brotli(text.as_bytes(), BROTLI_KEPT).unwrap().as_slice(), &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
    }
}
