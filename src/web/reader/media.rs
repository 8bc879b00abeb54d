//! Pictures and attachments: their addresses in pages, and the files behind them.

use std::collections::HashMap;
use std::path::PathBuf;

use actix_files::NamedFile;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
    ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderName, HeaderValue,
    TryIntoHeaderValue as _,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::utf8_percent_encode;

use super::super::error::Error;
use super::super::page::Frame;
use super::super::{Site, headers};
use super::list::{Picture, SEGMENT};
use crate::content::media::Size;
use crate::content::{
    Attachment, FileName, Item, Media, MediaId, Rendition, Shown, ShownAttachment, ShownPicture, ShownVideo,
};

/// How wide the text column is: all of the page's on a phone, less its margins.
const COLUMN_SIZES: &str = "(min-width: 717px) 677px, calc(100vw - 40px)";
/// How wide the picture of the lead story is.
const LEAD_STORY_SIZES: &str = "(min-width: 1128px) 605px, (min-width: 768px) 56vw, calc(100vw - 40px)";
/// How the style sheet cuts it, and its words for what must be seen then. In the middle it needs none.
const LEAD_STORY_SHAPE: (u32, u32) = (16, 9);
const FOCUS_CLASSES: [&str; 11] = ["at-0", "at-1", "at-2", "at-3", "at-4", "", "at-6", "at-7", "at-8", "at-9", "at-10"];
/// How wide the pictures of the other rows are.
const LIST_SIZES: &str = "(min-width: 900px) 148px, 112px";
/// The column of a phone: what is wider is worth being looked at by itself.
const PHONE_COLUMN: u32 = 360;

/// `media` in the row of a list.
pub(crate) fn in_list(frame: &Frame<'_>, media: &Media) -> Option<Picture> {
    let file = media.file(Rendition::List)?;
    Some(picture(frame, media, (file, media.list_files(false), media.list_files(true)), LIST_SIZES))
}

/// `media` above the lead story of a list, where the page cuts it around its focus.
pub(crate) fn in_lead_story(frame: &Frame<'_>, media: &Media) -> Picture {
    let tenths = usize::from(media.framing.tenths(media.size, LEAD_STORY_SHAPE));
    let class = FOCUS_CLASSES.get(tenths).copied().unwrap_or_default();
    Picture { sizes: LEAD_STORY_SIZES, class, ..whole(frame, media) }
}

/// `media` as wide as the text column.
pub(crate) fn in_column(frame: &Frame<'_>, media: &Media) -> Picture {
    Picture { link: link(frame, media), ..whole(frame, media) }
}

fn whole(frame: &Frame<'_>, media: &Media) -> Picture {
    let files = (media.column_file(), media.column_files(false), media.column_files(true));
    picture(frame, media, files, COLUMN_SIZES)
}

/// What a body names by `id`.
pub(crate) fn in_body(
    frame: &Frame<'_>,
    (pictures, attachments): (&HashMap<MediaId, Media>, &HashMap<MediaId, Attachment>),
    id: &MediaId,
) -> Option<Shown> {
    if let Some(attachment) = attachments.get(id) {
        return Some(file(frame, attachment));
    }
    let media = pictures.get(id)?;
    let Picture { src, srcset, webp, sizes, width, height, link, .. } = in_column(frame, media);
    Some(Shown::Picture(ShownPicture {
        src,
        srcset,
        webp,
        sizes,
        size: Size { width, height },
        link,
        link_label: frame.t.whole_picture,
    }))
}

/// An attachment or a video in a text.
fn file(frame: &Frame<'_>, attachment: &Attachment) -> Shown {
    let url = frame.url(&attachment_path(attachment));
    let about = format!("{}, {}", attachment.kind.label(), attachment.size());
    let file = ShownAttachment { url, about };
    match attachment.video {
        Some(video) => Shown::Video(ShownVideo { file, size: video.size, label: attachment.alt.clone() }),
        None => Shown::Attachment(file),
    }
}

/// The absolute address of an attachment, for feeds.
pub(crate) fn absolute_attachment(site: &Site, attachment: &Attachment) -> String {
    site.state.config.site.base_url.absolute(&attachment_path(attachment))
}

/// The absolute address of one of the files made of `media`, for cards.
pub(crate) fn absolute(site: &Site, media: &Media, rendition: Rendition) -> Option<String> {
    media.file(rendition).map(|file| site.state.config.site.base_url.absolute(&path(media, file)))
}

/// `media` as `file`, with what else a browser may choose from: files for every browser, and those of WebP.
fn picture(
    frame: &Frame<'_>,
    media: &Media,
    (file, others, webp): (FileName, Vec<FileName>, Vec<FileName>),
    sizes: &'static str,
) -> Picture {
    let size = media.size_of(file.rendition);
    Picture {
        src: frame.url(&path(media, file)),
        srcset: if others.len() > 1 { srcset(frame, media, &others) } else { String::new() },
        webp: srcset(frame, media, &webp),
        sizes,
        class: "",
        width: size.width,
        height: size.height,
        alt: media.alt.clone(),
        link: None,
    }
}

fn srcset(frame: &Frame<'_>, media: &Media, files: &[FileName]) -> String {
    let candidate = |file: &FileName| {
        let width = media.size_of(file.rendition).width;
        format!("{} {width}w", frame.url(&path(media, *file)))
    };
    files.iter().map(candidate).collect::<Vec<_>>().join(", ")
}

/// Where tapping a picture leads: to the whole of it, which WeChat's viewer shows, too.
fn link(frame: &Frame<'_>, media: &Media) -> Option<String> {
    let main = media.file(Rendition::Main).filter(|_| media.size.width > PHONE_COLUMN)?;
    Some(frame.url(&path(media, main)))
}

/// The path of one of a picture's files, below the site's prefix.
pub(crate) fn path(media: &Media, file: FileName) -> String {
    format!("/media/{}/{file}", media.folder)
}

/// The same of an attachment or a video.
pub(crate) fn attachment_path(attachment: &Attachment) -> String {
    format!("/media/{}/{}", attachment.folder, utf8_percent_encode(attachment.file_name(), SEGMENT))
}

/// What a file from outside may do in a browser: nothing.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// `GET /media/{folder}/{file}`: a picture's file, a video or an attachment. What lies in a folder never changes; what
/// takes its place lies in another one, to which the old address leads.
pub(crate) async fn show(
    site: Data<Site>,
    parts: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (folder, name) = parts.into_inner();
    let folder: MediaId = folder.parse().map_err(|_not_an_id| Error::NotFound)?;
    let file = name.parse::<FileName>();
    let shown = match file {
        Ok(file) => show_picture(&site, &folder, file, &request),
        Err(_) => show_attachment(&site, &folder, &name, &request).await,
    };
    match shown {
        Err(Error::NotFound) => Err(moved(&site, &folder, file.ok()).await?),
        shown => shown,
    }
}

/// Where the files are now that once lay in `folder`.
async fn moved(site: &Site, folder: &MediaId, file: Option<FileName>) -> Result<Error, Error> {
    let path = match site.state.content.item_formerly_in(folder).await? {
        Item::Picture(shot) => {
            let file = shot.media.file(file.ok_or(Error::NotFound)?.rendition);
            path(&shot.media, file.unwrap_or(shot.media.column_file()))
        }
        Item::File(filed) => attachment_path(&filed.attachment),
    };
    Ok(Error::Moved(site.state.config.site.base_url.absolute(&path)))
}

fn show_picture(site: &Site, folder: &MediaId, file: FileName, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let mut response = opened(site.state.content.media_file(folder, file), request)?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind.content_type()));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    Ok(response)
}

/// A video is played; everything else is downloaded, whatever it holds: no browser shows it under this site's name.
async fn show_attachment(
    site: &Site,
    folder: &MediaId,
    name: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, Error> {
    let attachment = site.state.content.attachment_in(folder).await?;
    if attachment.file_name() != name || !attachment.is_public() {
        return Err(Error::NotFound);
    }
    let mut response = opened(site.state.content.attachment_file(folder), request)?;
    let disposition = match attachment.video {
        Some(_) => HeaderValue::from_static("inline"),
        None => disposition(&attachment).try_into_value().map_err(Error::internal)?,
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(attachment.kind.content_type()));
    headers.insert(CONTENT_DISPOSITION, disposition);
    // Compressed on the way, it could not be resumed in the middle.
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    Ok(response)
}

fn opened(file: PathBuf, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let named = NamedFile::open(file).map_err(|_gone| Error::NotFound)?;
    let mut response = named.use_last_modified(false).into_response(request);
    // That a part of it is not there says nothing of the whole.
    let refused = response.status().is_client_error();
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, if refused { headers::NO_STORE } else { headers::IMMUTABLE }),
        (CONTENT_SECURITY_POLICY, SANDBOX),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A download under the attachment's name, with a plain one for programs that know only ASCII.
fn disposition(attachment: &Attachment) -> ContentDisposition {
    let plain = if attachment.name.is_ascii() {
        attachment.name.clone()
    } else {
        format!("attachment.{}", attachment.kind.extension())
    };
    let full = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: attachment.name.clone().into_bytes(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(full)],
    }
}
