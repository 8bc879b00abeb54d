//! The files of `static/`, embedded in the binary and served under names that hold their content's hash, for ever
//! (rust-embed does not rename, so the map from name to hashed name is made once, at start).

use std::collections::BTreeMap;
use std::path::Path;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::answer::{Answer, Parts};
use super::error::Error;
use super::headers::Policies;
use super::{Site, headers};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The JS-SDK in the data directory: for networks that reach neither of WeChat's two hosts. We may not ship it.
const OWN_SDK: &str = "jweixin.js";
/// How much of the hash is in a name, in hexadecimal digits.
const HASH_DIGITS: usize = 12;

#[derive(Debug)]
struct Asset {
    under_its_hash: Answer,
    /// The default share image keeps a stable address, so that a card made long ago still finds it.
    under_its_name: Answer,
}

/// All static files by their hashed name.
#[derive(Debug)]
pub(crate) struct Assets {
    by_hashed_name: BTreeMap<String, Asset>,
    hashed_names: BTreeMap<String, String>,
}

impl Assets {
    /// Hashes every embedded file, and the operator's own copy of the JS-SDK if there is one in `data_dir`.
    pub(crate) fn new(data_dir: &Path, policies: &Policies) -> Self {
        let mut assets = Self { by_hashed_name: BTreeMap::new(), hashed_names: BTreeMap::new() };
        for name in Files::iter().filter(|name| is_served(name)) {
            if let Some(file) = Files::get(&name) {
                assets.add(&name, Bytes::from(file.data.into_owned()), policies);
            }
        }
        if let Ok(body) = std::fs::read(data_dir.join(OWN_SDK)) {
            assets.add(OWN_SDK, Bytes::from(body), policies);
        }
        assets
    }

    fn add(&mut self, name: &str, body: Bytes, policies: &Policies) {
        let hashed = hashed_name(name, &body);
        let answer = |cache_control| {
            let (status, content_type) = (StatusCode::OK, content_type(name));
            let parts = Parts { status, content_type, cache_control, is_embeddable: true, body: body.clone() };
            Answer::new(parts, policies)
        };
        let asset = Asset { under_its_hash: answer(headers::IMMUTABLE), under_its_name: answer(headers::AN_HOUR) };
        self.by_hashed_name.insert(hashed.clone(), asset);
        self.hashed_names.insert(name.to_owned(), hashed);
    }

    /// The path of the operator's own copy of the JS-SDK, if there is one.
    pub(crate) fn own_sdk(&self) -> Option<String> {
        self.hashed_names.contains_key(OWN_SDK).then(|| self.path(OWN_SDK))
    }

    /// The path of `name` below the site's prefix: `/static/site.0123456789ab.css`. A file that does not exist has the
    /// path of its plain name, which answers 404; `every_asset_that_pages_name_exists` keeps that from happening.
    pub(crate) fn path(&self, name: &str) -> String {
        let hashed = self.hashed_names.get(name).map_or(name, String::as_str);
        format!("/static/{hashed}")
    }

    fn answer(&self, name: &str) -> Option<&Answer> {
        if let Some(asset) = self.by_hashed_name.get(name) {
            return Some(&asset.under_its_hash);
        }
        let stable = self.hashed_names.get(name).filter(|_| name.starts_with("share/"))?;
        self.by_hashed_name.get(stable).map(|asset| &asset.under_its_name)
    }
}

/// The guard is printed into pages, and drawings are what pictures are made from.
fn is_served(name: &str) -> bool {
    name != "guard.js" && Path::new(name).extension().is_none_or(|extension| extension != "svg")
}

/// `name` with the hash of what the file holds.
pub(crate) fn hashed_name(name: &str, body: &[u8]) -> String {
    let digest = hex::encode(Sha256::digest(body));
    let hash: String = digest.chars().take(HASH_DIGITS).collect();
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}

/// `GET /static/{name}`.
pub(crate) async fn show(
    site: Data<Site>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse<Bytes>, Error> {
    Ok(site.assets.answer(&name).ok_or(Error::NotFound)?.respond(request.headers()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};

    fn assets() -> Assets {
        let config = Config::from_sources(None, &BTreeMap::new(), &Overrides::new()).unwrap();
        Assets::new(Path::new("/nonexistent"), &Policies::new(&config))
    }

    #[test]
    fn every_asset_that_pages_name_exists() {
        let assets = assets();
        for name in ["site.css", "share.js", "reader.js", "share/default.png"] {
            assert_ne!(assets.path(name), format!("/static/{name}"));
        }
    }

    #[test]
    fn the_guard_is_never_served_because_pages_carry_it() {
        assert!(assets().hashed_names.keys().all(|name| name != "guard.js"));
    }
}
