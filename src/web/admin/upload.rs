//! Forms that carry files. Like [`Posted`](super::form::Posted) it is the only way to read one: the token comes before
//! any file, or not a byte of a file is taken. Files go straight to the disk, so that none of them fills the memory.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Mutex, PoisonError};

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWriteExt as _;
use url::form_urlencoded;

use super::super::Site;
use super::super::error::Error;
use super::auth::{SignedIn, Token};
use super::typed::tidy_field;
use crate::clock::Millis;
use crate::content::media::{MOST_BYTES, Unfit};
use crate::content::video;

/// All parts of a form together.
const MOST_FORM: u64 = 2 * video::MOST_BYTES + 10_000_000;
/// Files in a form.
pub(crate) const MOST_FILES: usize = 20;
/// Fields in a form that are no files, and each of them.
const MOST_FIELDS: usize = 40;
const LONGEST_FIELD: usize = 16 * 1024;
/// Uploads that one person has under way at the same time.
const AT_ONCE: u32 = 2;
/// Files of one person in an hour: a whole event's photographs, but no script's.
const FILES_PER_HOUR: u32 = 240;
/// Bytes of one person in a day.
const BYTES_PER_DAY: u64 = 2_000_000_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A form with files that was sent from one of this site's own pages.
#[derive(Debug)]
pub(crate) struct Uploaded<T> {
    /// Its other fields.
    pub(crate) form: T,
    /// Its files in their order, whatever their fields are called.
    pub(crate) files: Vec<Received>,
    /// Kept while the files are worked on, which takes longer than receiving them.
    _turn: Turn,
}

/// A file as it was sent.
#[derive(Debug)]
pub(crate) struct Received {
    /// As the browser calls it: nothing to rely on.
    pub(crate) name: String,
    /// What is in it, unless it is too large.
    pub(crate) content: Result<File, Unfit>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Uploaded<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let announced = header(CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<u64>().ok());
        let sent = header("x-csrf-token");
        let parts = Multipart::new(request.headers(), payload.take());
        let (site, token, signed_in) = {
            let extensions = request.extensions();
            (
                request.app_data::<Data<Site>>().cloned(),
                extensions.get::<Token>().cloned(),
                extensions.get::<SignedIn>().cloned(),
            )
        };
        Box::pin(async move {
            let (Some(site), Some(token), Some(signed_in)) = (site, token, signed_in) else {
                return Err(Error::SignedOut);
            };
            if announced.is_some_and(|announced| announced > MOST_FORM) {
                return Err(Error::TooLarge);
            }
            let trusted = match sent {
                Some(sent) if token.matches(&sent) => true,
                Some(_) => return Err(Error::CrossSite),
                None => false,
            };
            let turn = Turn::take(site, signed_in.member.id().0)?;
            let mut reading = Reading { turn, token, trusted, room: MOST_FORM, fields: Vec::new(), files: Vec::new() };
            reading.read(parts).await?;
            reading.finish()
        })
    }
}

/// A form while it is read.
struct Reading {
    turn: Turn,
    token: Token,
    /// Whether the token was there.
    trusted: bool,
    /// Bytes that may still come.
    room: u64,
    fields: Vec<(String, String)>,
    files: Vec<Received>,
}

impl Reading {
    async fn read(&mut self, mut parts: Multipart) -> Result<(), Error> {
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|_shape| Error::BadRequest)?;
            let disposition = part.content_disposition().ok_or(Error::BadRequest)?;
            let field = disposition.get_name().ok_or(Error::BadRequest)?.to_owned();
            let file = disposition.get_filename().map(str::to_owned);
            if !self.trusted {
                let sent = if field == "csrf" && file.is_none() { self.text(&mut part).await? } else { String::new() };
                if !self.token.matches(&sent) {
                    return Err(Error::CrossSite);
                }
                self.trusted = true;
                continue;
            }
            match file {
                None => {
                    let text = self.text(&mut part).await?;
                    self.fields.push((field, text));
                }
                Some(name) => self.file(&mut part, name).await?,
            }
            if self.fields.len() > MOST_FIELDS || self.files.len() > MOST_FILES {
                return Err(Error::TooLarge);
            }
        }
        if self.trusted { Ok(()) } else { Err(Error::CrossSite) }
    }

    fn finish<T: DeserializeOwned>(self) -> Result<Uploaded<T>, Error> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields).finish();
        let form = serde_html_form::from_str(&form).map_err(|_shape| Error::BadRequest)?;
        Ok(Uploaded { form, files: self.files, _turn: self.turn })
    }

    async fn text(&mut self, part: &mut Field) -> Result<String, Error> {
        let bytes = part.bytes(LONGEST_FIELD).await.map_err(|_too_long| Error::TooLarge)?;
        let bytes = bytes.map_err(|_broken_off| Error::BadRequest)?;
        std::str::from_utf8(&bytes).map(tidy_field).map_err(|_not_text| Error::BadRequest)
    }

    /// Writes a file to the disk. One that is too large for what it is is read on but not kept, so that the others
    /// of the form still arrive.
    async fn file(&mut self, part: &mut Field, name: String) -> Result<(), Error> {
        let content = self.turn.site.state.content.clone();
        let opened = actix_web::web::block(move || content.incoming()).await.map_err(Error::internal)?;
        let mut file = tokio::fs::File::from_std(opened.map_err(Error::file)?);
        let (mut bytes, mut begin, mut too_large) = (0_u64, Vec::new(), None);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_broken_off| Error::BadRequest)?;
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            bytes += length;
            self.room = self.room.checked_sub(length).ok_or(Error::TooLarge)?;
            begin.extend(chunk.iter().take(8_usize.saturating_sub(begin.len())));
            too_large = too_large.or_else(|| excess(&begin, bytes));
            if too_large.is_none() {
                file.write_all(&chunk).await.map_err(Error::file)?;
            }
        }
        if bytes == 0 && name.is_empty() {
            // The field in which nothing was chosen.
            return Ok(());
        }
        self.turn.count(bytes)?;
        file.flush().await.map_err(Error::file)?;
        let content = match too_large {
            Some(unfit) => Err(unfit),
            None => Ok(file.into_std().await),
        };
        self.files.push(Received { name, content });
        Ok(())
    }
}

/// Whether a file that begins so has too many bytes.
fn excess(begin: &[u8], bytes: u64) -> Option<Unfit> {
    let is_video = begin.get(4..8) == Some(b"ftyp");
    if is_video {
        return (bytes > video::MOST_BYTES).then_some(Unfit::TooLongVideo);
    }
    (bytes > u64::try_from(MOST_BYTES).unwrap_or(u64::MAX)).then_some(Unfit::TooManyBytes)
}

/// What everybody has sent lately. Of this process only: several have several times as much room.
#[derive(Debug, Default)]
pub(crate) struct UploadLimits(Mutex<HashMap<i64, Usage>>);

#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    under_way: u32,
    hour: i64,
    files: u32,
    day: i64,
    bytes: u64,
}

impl UploadLimits {
    fn with<R>(&self, member: i64, change: impl FnOnce(&mut Usage) -> R) -> R {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(member).or_default())
    }

    fn enter(&self, member: i64, now: Millis) -> Result<(), Error> {
        self.with(member, |usage| {
            usage.turn_to(now);
            if usage.under_way >= AT_ONCE || usage.files >= FILES_PER_HOUR || usage.bytes >= BYTES_PER_DAY {
                return Err(Error::TooManyRequests);
            }
            usage.under_way += 1;
            Ok(())
        })
    }

    fn count(&self, member: i64, (bytes, now): (u64, Millis)) -> Result<(), Error> {
        self.with(member, |usage| {
            usage.turn_to(now);
            usage.files += 1;
            usage.bytes = usage.bytes.saturating_add(bytes);
            let much = usage.files > FILES_PER_HOUR || usage.bytes > BYTES_PER_DAY;
            if much { Err(Error::TooManyRequests) } else { Ok(()) }
        })
    }

    fn leave(&self, member: i64) {
        self.with(member, |usage| usage.under_way = usage.under_way.saturating_sub(1));
    }
}

impl Usage {
    fn turn_to(&mut self, now: Millis) {
        let (hour, day) = (now.0.div_euclid(HOUR), now.0.div_euclid(DAY));
        if self.hour != hour {
            (self.hour, self.files) = (hour, 0);
        }
        if self.day != day {
            (self.day, self.bytes) = (day, 0);
        }
    }
}

/// The right to send files, given back when it is dropped.
#[derive(Debug)]
struct Turn {
    site: Data<Site>,
    member: i64,
}

impl Turn {
    fn take(site: Data<Site>, member: i64) -> Result<Self, Error> {
        site.uploads.enter(member, site.state.clock.now())?;
        Ok(Self { site, member })
    }

    fn count(&self, bytes: u64) -> Result<(), Error> {
        self.site.uploads.count(self.member, (bytes, self.site.state.clock.now()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.site.uploads.leave(self.member);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_two_turns_at_a_time_and_so_many_files_an_hour() {
        let limits = UploadLimits::default();
        let now = Millis(10 * DAY);
        assert!(limits.enter(1, now).is_ok() && limits.enter(1, now).is_ok());
        assert!(limits.enter(1, now).is_err());
        assert!(limits.enter(2, now).is_ok());
        limits.leave(1);
        assert!(limits.enter(1, now).is_ok());
        let taken = (0..2 * FILES_PER_HOUR).filter(|_| limits.count(3, (1, now)).is_ok()).count();
        assert_eq!(taken, usize::try_from(FILES_PER_HOUR).unwrap());
        assert!(limits.enter(3, now).is_err());
        assert!(limits.enter(3, Millis(now.0 + HOUR)).is_ok());
        assert!(limits.count(4, (BYTES_PER_DAY, now)).is_ok());
        assert!(limits.count(4, (1, Millis(now.0 + HOUR))).is_err());
        assert!(limits.count(4, (1, Millis(now.0 + DAY))).is_ok());
    }

    #[test]
    fn a_video_may_be_larger_than_a_picture() {
        let just = u64::try_from(MOST_BYTES).unwrap();
        assert_eq!(excess(b"\xff\xd8", just), None);
        assert_eq!(excess(b"\xff\xd8", just + 1), Some(Unfit::TooManyBytes));
        assert_eq!(excess(b"\0\0\0\x18ftyp", just + 1), None);
        assert_eq!(excess(b"\0\0\0\x18ftyp", video::MOST_BYTES + 1), Some(Unfit::TooLongVideo));
    }
}
