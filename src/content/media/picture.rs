//! From the bytes that somebody hands us to the files we serve: looked at before decoding, turned upright, encoded
//! anew, so that nothing of the original file but its pixels survives.

use std::io::Cursor;

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{
    AnimationDecoder, DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, Rgba,
    RgbaImage,
};
use sha2::{Digest, Sha256};
use webp::WebPConfig;

use super::{FileName, Kind, LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, MediaId, Rendition, Size, Unfit};

/// Decoder memory for the largest picture at 16 bits a channel, with room for its own tables.
const DECODER_BYTES: u64 = MOST_PIXELS * 8 + 64_000_000;
/// All frames of an animation together; each is drawn on a full canvas.
const ANIMATION_PIXELS: u64 = 250_000_000;
/// Frames of an animation.
const ANIMATION_FRAMES: u64 = 600;
/// JPEG quality of pictures that people look at.
const QUALITY: u8 = 86;
/// WebP quality: as good to the eye as [`QUALITY`] in half the bytes. At 80, dark skies show steps.
const WEBP_QUALITY: f32 = 85.0;
/// Effort of the WebP encoder, 0 to 6.
const WEBP_METHOD: i32 = 4;
/// WeChat takes a card's picture up to about 128 KB and advises less.
const SHARE_BYTES: usize = 100 * 1000;
/// Frames are reduced to 256 colours; 1 is slow and best, 30 fast.
const GIF_SPEED: i32 = 10;

/// What the header of a file says.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) struct Header {
    format: ImageFormat,
    size: Size,
}

/// A picture as files that are not yet written.
#[derive(Debug)]
pub(in crate::content) struct Prepared {
    pub(in crate::content) id: MediaId,
    pub(in crate::content) kind: Kind,
    pub(in crate::content) size: Size,
    pub(in crate::content) animated: bool,
    pub(in crate::content) shareable: bool,
    pub(in crate::content) files: Vec<(FileName, Vec<u8>)>,
}

/// Looks at type and dimensions without decoding a pixel.
pub(in crate::content) fn inspect(bytes: &[u8]) -> Result<Header, Unfit> {
    if bytes.len() > MOST_BYTES {
        return Err(Unfit::TooManyBytes);
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
    if pixels == 0 { Err(Unfit::Broken) } else { Ok(Header { format, size }) }
}

/// Makes all files of a picture. Slow: runs where blocking is allowed.
pub(in crate::content) fn prepare(bytes: &[u8]) -> Result<Prepared, Unfit> {
    let header = inspect(bytes)?;
    if header.format == ImageFormat::Gif
        && let Some(animation) = animation(bytes, header.size)?
    {
        return finish(Kind::Gif, animation, &still(bytes, header.format)?);
    }
    let picture = still(bytes, header.format)?;
    let transparent = is_transparent(&picture);
    let kind = match header.format {
        ImageFormat::Jpeg => Kind::Jpeg,
        ImageFormat::WebP if !transparent => Kind::Jpeg,
        _ => Kind::Png,
    };
    let picture = if transparent {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    let main = if kind == Kind::Jpeg { jpeg(&picture, QUALITY)? } else { png(&picture)? };
    finish(kind, main, &picture)
}

fn finish(kind: Kind, main: Vec<u8>, picture: &DynamicImage) -> Result<Prepared, Unfit> {
    let size = Size { width: picture.width(), height: picture.height() };
    let digest = hex::encode(Sha256::digest(&main));
    let id = digest.chars().take(32).collect::<String>().parse().map_err(|_never| Unfit::Broken)?;
    let flat = on_white(picture);
    let main = (FileName { rendition: Rendition::Main, kind }, main);
    // A narrower animation would have to be drawn anew frame by frame, and stills in its place would stand still.
    let column = if kind == Kind::Gif { Vec::new() } else { column(&main, picture)? };
    let mut files = vec![main];
    files.extend(column);
    files.extend(list(&flat, kind)?);
    if size.is_shareable() {
        files.push((FileName { rendition: Rendition::Share, kind: Kind::Jpeg }, share(&flat, size)?));
    }
    Ok(Prepared { id, kind, size, animated: kind == Kind::Gif, shareable: size.is_shareable(), files })
}

type NamedBytes = (FileName, Vec<u8>);

/// The renditions for the text column, each made from the next wider one. Where the whole picture belongs to them it
/// has a WebP beside it, too.
fn column(main: &NamedBytes, picture: &DynamicImage) -> Result<Vec<NamedBytes>, Unfit> {
    let size = Size { width: picture.width(), height: picture.height() };
    let mut jpegs = Vec::new();
    let mut webps = Vec::new();
    if size.fits_column() {
        webps.push((webp(picture)?, Rendition::Main, main.1.len()));
    }
    let mut wider: Option<DynamicImage> = None;
    for rendition in Rendition::OF_COLUMN.into_iter().filter(|rendition| size.is_worth(*rendition)) {
        let made = shrunk(wider.as_ref().unwrap_or(picture), size.of(rendition));
        let jpeg = jpeg(&on_white(&made), QUALITY)?;
        webps.push((webp(&made)?, rendition, jpeg.len()));
        jpegs.push((FileName { rendition, kind: Kind::Jpeg }, jpeg));
        wider = Some(made);
    }
    jpegs.extend(worthwhile(webps));
    Ok(jpegs)
}

/// The renditions for lists. Those of an animation are stills like any other.
fn list(flat: &DynamicImage, kind: Kind) -> Result<Vec<NamedBytes>, Unfit> {
    let size = Size { width: flat.width(), height: flat.height() };
    let mut jpegs = Vec::new();
    let mut webps = Vec::new();
    let mut wider = centre(flat, size.list_crop());
    for rendition in Rendition::OF_LIST {
        if rendition == Rendition::List240 && size.of(Rendition::List).width < 300 {
            continue;
        }
        wider = shrunk(&wider, size.of(rendition));
        let jpeg = jpeg(&wider, QUALITY)?;
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

/// The picture (of an animation: its first frame), upright.
fn still(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unfit> {
    let broken = |_| Unfit::Broken;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(broken)?;
    // A damaged EXIF block says nothing about the pixels.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODER_BYTES);
    limits
}

/// The animation encoded anew, frame by frame so that one frame is in memory at a time. None for a single frame.
fn animation(bytes: &[u8], size: Size) -> Result<Option<Vec<u8>>, Unfit> {
    let broken = |_| Unfit::Broken;
    let frames = || {
        let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(broken)?;
        decoder.set_limits(limits()).map_err(broken)?;
        Ok(decoder.into_frames())
    };
    let canvas = u64::from(size.width) * u64::from(size.height);
    let most = ANIMATION_FRAMES.min(ANIMATION_PIXELS / canvas.max(1));
    let mut count: u64 = 0;
    for frame in frames()? {
        frame.map_err(broken)?;
        count += 1;
        if count > most.max(1) {
            return Err(Unfit::TooManyFrames);
        }
    }
    if count < 2 {
        return Ok(None);
    }
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut out, GIF_SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(broken)?;
    for frame in frames()? {
        encoder.encode_frame(frame.map_err(broken)?).map_err(broken)?;
    }
    drop(encoder);
    Ok(Some(out))
}

/// The square for a card: as good as fits into [`SHARE_BYTES`].
fn share(flat: &DynamicImage, size: Size) -> Result<Vec<u8>, Unfit> {
    let side = size.width.min(size.height);
    let square = centre(flat, Size { width: side, height: side });
    let target = size.of(Rendition::Share);
    let smallest = Size { width: super::SHARE_LEAST, height: super::SHARE_LEAST };
    let mut bytes = Vec::new();
    for (size, quality) in [(target, QUALITY), (target, 72), (target, 55), (target, 38), (smallest, 55), (smallest, 20)]
    {
        bytes = jpeg(&shrunk(&square, size), quality)?;
        if bytes.len() <= SHARE_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn centre(picture: &DynamicImage, piece: Size) -> DynamicImage {
    let left = picture.width().saturating_sub(piece.width) / 2;
    let top = picture.height().saturating_sub(piece.height) / 2;
    picture.crop_imm(left, top, piece.width, piece.height)
}

/// The picture at another size. A large one is first averaged down to twice the size: the fine filter over all
/// pixels of a phone's photo takes seconds and shows no difference.
fn shrunk(picture: &DynamicImage, size: Size) -> DynamicImage {
    if let DynamicImage::ImageRgba8(transparent) = picture {
        // The colour of what cannot be seen must not bleed into what can.
        let weighed = DynamicImage::ImageRgba16(weighed(transparent));
        let DynamicImage::ImageRgba16(made) = resized(&weighed, size) else { return picture.clone() };
        return DynamicImage::ImageRgba8(unweighed(&made));
    }
    resized(picture, size)
}

fn resized(picture: &DynamicImage, size: Size) -> DynamicImage {
    let twice = Size { width: size.width.saturating_mul(2), height: size.height.saturating_mul(2) };
    if picture.width() > twice.width && picture.height() > twice.height {
        return picture.thumbnail_exact(twice.width, twice.height).resize_exact(
            size.width,
            size.height,
            FilterType::Lanczos3,
        );
    }
    picture.resize_exact(size.width, size.height, FilterType::Lanczos3)
}

/// Each channel times its pixel's opacity, at sixteen bits.
fn weighed(picture: &RgbaImage) -> ImageBuffer<Rgba<u16>, Vec<u16>> {
    let mut out = ImageBuffer::new(picture.width(), picture.height());
    for (target, Rgba([red, green, blue, alpha])) in out.pixels_mut().zip(picture.pixels()) {
        let alpha = u16::from(*alpha);
        let [red, green, blue] = [red, green, blue].map(|channel| u16::from(*channel) * alpha);
        *target = Rgba([red, green, blue, alpha * 255]);
    }
    out
}

/// The way back to eight bits.
fn unweighed(picture: &ImageBuffer<Rgba<u16>, Vec<u16>>) -> RgbaImage {
    let mut out = RgbaImage::new(picture.width(), picture.height());
    for (target, Rgba([red, green, blue, alpha])) in out.pixels_mut().zip(picture.pixels()) {
        let weight = u32::from(*alpha);
        let channel = |weighed: u16| {
            let full = (u32::from(weighed) * 255 + weight / 2).checked_div(weight).unwrap_or_default();
            u8::try_from(full).unwrap_or(u8::MAX)
        };
        let alpha = u8::try_from((weight + 127) / 255).unwrap_or(u8::MAX);
        *target = Rgba([channel(*red), channel(*green), channel(*blue), alpha]);
    }
    out
}

fn is_transparent(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|Rgba([.., alpha])| *alpha < u8::MAX)
}

/// JPEG knows no transparency, and a drawing's black lines need a light ground.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.to_rgb8());
    }
    let source = picture.to_rgba8();
    let blend = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u16::from(channel), u16::from(alpha));
        u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let mut flat = RgbImage::new(source.width(), source.height());
    for (target, Rgba([red, green, blue, alpha])) in flat.pixels_mut().zip(source.pixels()) {
        *target = image::Rgb([*red, *green, *blue].map(|channel| blend(channel, *alpha)));
    }
    DynamicImage::ImageRgb8(flat)
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Unfit> {
    let mut out = Vec::new();
    let rgb = picture.to_rgb8();
    rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).map_err(|_full| Unfit::Broken)?;
    Ok(out)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|_full| Unfit::Broken)?;
    Ok(out.into_inner())
}

/// Lossy; transparency is kept.
fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let full = |_| Unfit::Broken;
    let mut config = WebPConfig::new().map_err(|()| Unfit::Broken)?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_METHOD;
    let (width, height) = (picture.width(), picture.height());
    let encoded = if picture.color().has_alpha() {
        let pixels = picture.to_rgba8();
        webp::Encoder::from_rgba(&pixels, width, height).encode_advanced(&config).map_err(full)?
    } else {
        let pixels = picture.to_rgb8();
        webp::Encoder::from_rgb(&pixels, width, height).encode_advanced(&config).map_err(full)?
    };
    Ok(encoded.to_vec())
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
