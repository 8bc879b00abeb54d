//! From the bytes that somebody hands us to the files we serve: looked at before decoding, turned upright, encoded
//! anew, so that nothing of the original file but its pixels survives.

mod animation;
mod jpeg;
mod pixels;

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

use super::signature::Signature;
use super::{
    FileName, Framing, Kind, LONGEST_SIDE, MOST_BYTES, MOST_KEPT_PIXELS, MOST_PIXELS, MediaId, Rendition, Size, Unfit,
};
use pixels::{QUALITY, on_white, settled, shrunk, webp};

/// Decoder memory for the largest picture at four bytes a pixel, with room for its own tables.
const DECODER_BYTES: u64 = MOST_PIXELS * 4 + 64_000_000;
/// WeChat takes a card's picture up to about 128 KB and advises less.
const SHARE_BYTES: usize = 100 * 1000;

/// What the header of a file says.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) struct Header {
    format: ImageFormat,
    size: Size,
}

impl Header {
    /// How much work and memory it will take, in millions of pixels.
    pub(in crate::content) fn megapixels(self) -> u32 {
        let pixels = u64::from(self.size.width) * u64::from(self.size.height);
        u32::try_from(pixels / 1_000_000).unwrap_or(u32::MAX)
    }
}

/// A picture as files that are not yet written.
#[derive(Debug)]
pub(in crate::content) struct Prepared {
    pub(in crate::content) id: MediaId,
    pub(in crate::content) kind: Kind,
    pub(in crate::content) size: Size,
    pub(in crate::content) animated: bool,
    pub(in crate::content) shareable: bool,
    pub(in crate::content) files: Vec<NamedBytes>,
}

/// A file and its name.
pub(in crate::content) type NamedBytes = (FileName, Vec<u8>);

/// Looks at type and dimensions without decoding a pixel.
pub(in crate::content) fn inspect(bytes: &[u8]) -> Result<Header, Unfit> {
    if bytes.len() > MOST_BYTES {
        return Err(Unfit::TooManyBytes);
    }
    match Signature::of(bytes) {
        Signature::Heif => return Err(Unfit::Heif),
        Signature::Foreign(name) => return Err(Unfit::Foreign(name)),
        Signature::Markup => return Err(Unfit::Markup),
        Signature::Picture | Signature::Video | Signature::Other => {}
    }
    let format = image::guess_format(bytes).map_err(|_unknown| Unfit::Unknown)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP) {
        return Err(Unfit::Unknown);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // Only the header is read here; the decoder's own limits would hide the dimensions from the message.
    reader.no_limits();
    let (width, height) = reader.into_dimensions().map_err(|_broken| Unfit::Broken)?;
    let size = Size { width, height };
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(Unfit::TooManyPixels(size));
    }
    // The decoder would fill in grey for what is missing.
    let is_cut_off = format == ImageFormat::Jpeg && !jpeg::is_whole(bytes);
    if pixels == 0 || is_cut_off { Err(Unfit::Broken) } else { Ok(Header { format, size }) }
}

/// Makes all files of a picture. Slow: runs where blocking is allowed.
pub(in crate::content) fn prepare(bytes: &[u8]) -> Result<Prepared, Unfit> {
    let header = inspect(bytes)?;
    if let Some(moving) = animation::encode(bytes, header)? {
        return finish(Kind::Gif, moving, &still(bytes, header)?);
    }
    let picture = still(bytes, header)?;
    let kind = match header.format {
        ImageFormat::Jpeg => Kind::Jpeg,
        ImageFormat::WebP if !picture.color().has_alpha() => Kind::Jpeg,
        _ => Kind::Png,
    };
    let main = if kind == Kind::Jpeg { pixels::jpeg(&picture, QUALITY)? } else { pixels::png(&picture)? };
    finish(kind, main, &picture)
}

/// Makes anew what is cut out of a picture, from its main file. Slow, too.
pub(in crate::content) fn reframe(main: &[u8], kind: Kind, framing: Framing) -> Result<Vec<NamedBytes>, Unfit> {
    let picture = still(main, inspect(main)?)?;
    cut(&on_white(&picture), kind, framing)
}

fn finish(kind: Kind, main: Vec<u8>, picture: &DynamicImage) -> Result<Prepared, Unfit> {
    let size = size_of(picture);
    let id = MediaId::of_digest(&hex::encode(Sha256::digest(&main)));
    let main = (FileName { rendition: Rendition::Main, kind }, main);
    // A narrower animation would have to be drawn anew frame by frame, and stills in its place would stand still.
    let column = if kind == Kind::Gif { Vec::new() } else { column(&main, picture)? };
    let mut files = vec![main];
    files.extend(column);
    files.extend(cut(&on_white(picture), kind, Framing::default())?);
    Ok(Prepared { id, kind, size, animated: kind == Kind::Gif, shareable: size.is_shareable(), files })
}

/// Everything that shows only a part of the picture.
fn cut(flat: &DynamicImage, kind: Kind, framing: Framing) -> Result<Vec<NamedBytes>, Unfit> {
    let mut files = list(flat, kind, framing)?;
    if size_of(flat).is_shareable() {
        files.push((FileName { rendition: Rendition::Share, kind: Kind::Jpeg }, share(flat, framing)?));
    }
    Ok(files)
}

/// The renditions for the text column, each made from the next wider one. Where the whole picture belongs to them it
/// has a WebP beside it, too.
fn column(main: &NamedBytes, picture: &DynamicImage) -> Result<Vec<NamedBytes>, Unfit> {
    let size = size_of(picture);
    let mut jpegs = Vec::new();
    let mut webps = Vec::new();
    if size.fits_column() {
        webps.push((webp(picture)?, Rendition::Main, main.1.len()));
    }
    let mut wider: Option<DynamicImage> = None;
    for rendition in Rendition::OF_COLUMN.into_iter().filter(|rendition| size.is_worth(*rendition)) {
        let made = shrunk(wider.as_ref().unwrap_or(picture), size.of(rendition));
        let jpeg = pixels::jpeg(&on_white(&made), QUALITY)?;
        webps.push((webp(&made)?, rendition, jpeg.len()));
        jpegs.push((FileName { rendition, kind: Kind::Jpeg }, jpeg));
        wider = Some(made);
    }
    jpegs.extend(worthwhile(webps));
    Ok(jpegs)
}

/// The renditions for lists. Those of an animation are stills like any other.
fn list(flat: &DynamicImage, kind: Kind, framing: Framing) -> Result<Vec<NamedBytes>, Unfit> {
    let size = size_of(flat);
    let piece = size.list_crop();
    let mut jpegs = Vec::new();
    let mut webps = Vec::new();
    let mut wider = piece_of(flat, framing.corner(size, piece), piece);
    for rendition in Rendition::OF_LIST {
        if rendition == Rendition::List240 && size.of(Rendition::List).width < 300 {
            continue;
        }
        wider = shrunk(&wider, size.of(rendition));
        let jpeg = pixels::jpeg(&wider, QUALITY)?;
        webps.push((webp(&wider)?, rendition, jpeg.len()));
        jpegs.push((FileName { rendition, kind: Kind::Jpeg }, jpeg));
    }
    if kind != Kind::Gif {
        jpegs.extend(worthwhile(webps));
    }
    Ok(jpegs)
}

/// The WebP files of a set, if each is smaller than what a browser would load without it. All or none: a browser that
/// knows WebP looks at no others once there is one.
fn worthwhile(webps: Vec<(Vec<u8>, Rendition, usize)>) -> Vec<NamedBytes> {
    if webps.iter().any(|(bytes, _, twin)| bytes.len() >= *twin) {
        return Vec::new();
    }
    webps.into_iter().map(|(bytes, rendition, _)| (FileName { rendition, kind: Kind::WebP }, bytes)).collect()
}

/// The picture (of an animation: its first frame), upright, and not larger than what is kept.
fn still(bytes: &[u8], header: Header) -> Result<DynamicImage, Unfit> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), header.format);
    reader.limits(limits());
    let unfit = |error| match error {
        ImageError::Limits(_) => Unfit::TooManyPixels(header.size),
        _ => Unfit::Broken,
    };
    let mut decoder = reader.into_decoder().map_err(unfit)?;
    // A damaged EXIF block says nothing about the pixels.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = settled(DynamicImage::from_decoder(decoder).map_err(unfit)?);
    let kept = size_of(&picture).kept(MOST_KEPT_PIXELS);
    if kept != size_of(&picture) {
        picture = pixels::kept(picture, kept);
    }
    // After that, because turning a picture takes as much memory again.
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn size_of(picture: &DynamicImage) -> Size {
    Size { width: picture.width(), height: picture.height() }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODER_BYTES);
    limits
}

/// The square for a card: as good as fits into [`SHARE_BYTES`].
fn share(flat: &DynamicImage, framing: Framing) -> Result<Vec<u8>, Unfit> {
    let (corner, piece) = framing.square(size_of(flat));
    let square = piece_of(flat, corner, piece);
    let target = piece.of(Rendition::Share);
    let smallest = Size { width: super::SHARE_LEAST, height: super::SHARE_LEAST };
    let mut bytes = Vec::new();
    for (size, quality) in [(target, QUALITY), (target, 72), (target, 55), (target, 38), (smallest, 55), (smallest, 20)]
    {
        bytes = pixels::jpeg(&shrunk(&square, size), quality)?;
        if bytes.len() <= SHARE_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn piece_of(picture: &DynamicImage, (left, top): (u32, u32), piece: Size) -> DynamicImage {
    picture.crop_imm(left, top, piece.width, piece.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webp_is_kept_only_where_all_of_it_is_smaller() {
        let set = |bytes: usize| vec![(vec![0; 5], Rendition::W540, 6), (vec![0; bytes], Rendition::W750, 8)];

        assert!(worthwhile(set(8)).is_empty());
        let kept: Vec<String> = worthwhile(set(7)).iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(kept, ["w540.webp", "w750.webp"]);
    }
}
