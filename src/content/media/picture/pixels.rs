//! Work on pixels: smaller pictures, and pictures as bytes.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageBuffer, ImageFormat, RgbImage, Rgba, RgbaImage};
use webp::WebPConfig;

use super::super::{Size, Unfit};

/// JPEG quality of pictures that people look at.
pub(super) const QUALITY: u8 = 86;
/// WebP quality: as good to the eye as [`QUALITY`] in half the bytes. At 80, dark skies show steps.
const WEBP_QUALITY: f32 = 85.0;
/// Effort of the WebP encoder, 0 to 6.
const WEBP_METHOD: i32 = 4;

/// The picture at another size. A large one is first averaged down to twice the size: the fine filter over all
/// pixels of a phone's photo takes seconds and shows no difference.
pub(super) fn shrunk(picture: &DynamicImage, size: Size) -> DynamicImage {
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

/// A very large picture at the size that is kept, in little more memory than it already takes.
pub(super) fn kept(picture: DynamicImage, size: Size) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else { return picture.thumbnail_exact(size.width, size.height) };
    let scaled = |channel: u8, by: u8, of: u8| {
        let (channel, by, of) = (u32::from(channel), u32::from(by), u32::from(of).max(1));
        u8::try_from((channel * by + of / 2) / of).unwrap_or(u8::MAX)
    };
    for Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        for channel in [red, green, blue] {
            *channel = scaled(*channel, *alpha, u8::MAX);
        }
    }
    let made = DynamicImage::ImageRgba8(pixels).thumbnail_exact(size.width, size.height);
    let mut pixels = made.into_rgba8();
    for Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        for channel in [red, green, blue] {
            *channel = scaled(*channel, u8::MAX, *alpha);
        }
    }
    DynamicImage::ImageRgba8(pixels)
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

/// The picture at eight bits a channel, with an alpha channel only where something can be seen through.
pub(super) fn settled(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let pixels = picture.into_rgba8();
    if pixels.pixels().any(|Rgba([.., alpha])| *alpha < u8::MAX) {
        DynamicImage::ImageRgba8(pixels)
    } else {
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
    }
}

/// JPEG knows no transparency, and a drawing's black lines need a light ground.
pub(super) fn on_white(picture: &DynamicImage) -> DynamicImage {
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

pub(super) fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Unfit> {
    let mut out = Vec::new();
    let rgb = picture.to_rgb8();
    rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).map_err(|_full| Unfit::Broken)?;
    Ok(out)
}

pub(super) fn png(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|_full| Unfit::Broken)?;
    Ok(out.into_inner())
}

/// Lossy; transparency is kept.
pub(super) fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
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
