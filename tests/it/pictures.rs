//! Pictures made up for tests: honest ones, and files that only look like one.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageEncoder as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture whose four quarters differ, so that a turned one can be told from an upright one.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 20, 20]),
        (false, true) => Rgb([20, 220, 20]),
        (true, false) => Rgb([20, 20, 220]),
        (false, false) => Rgb([230, 230, 20]),
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgb8(quarters(width, height)), ImageFormat::Jpeg)
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgb8(quarters(width, height)), ImageFormat::Png)
}

pub(crate) fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgb8(quarters(width, height)), ImageFormat::WebP)
}

/// Half see-through.
pub(crate) fn transparent_png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(width, height, Rgba([0, 0, 0, 128]));
    encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png)
}

/// A red disc on nothing, whose invisible surroundings are black.
pub(crate) fn red_on_nothing(side: u32) -> Vec<u8> {
    let middle = f64::from(side) / 2.0;
    let picture = RgbaImage::from_fn(side, side, |x, y| {
        let away = (f64::from(x) - middle).hypot(f64::from(y) - middle);
        if away < middle * 0.8 { Rgba([230, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) }
    });
    encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png)
}

pub(crate) fn gif(width: u32, height: u32, frames: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new(&mut out);
    for number in 0..frames {
        let shade = number.saturating_mul(60);
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(width, height, Rgba([shade, 0, 0, 255])))).unwrap();
    }
    drop(encoder);
    out
}

/// An animation in a format that few programs write.
pub(crate) fn moving_webp(width: u32, height: u32) -> Vec<u8> {
    let config = webp::WebPConfig::new().unwrap();
    let mut encoder = webp::AnimEncoder::new(width, height, &config);
    let frames: Vec<RgbaImage> =
        [10, 120, 230].iter().map(|shade| RgbaImage::from_pixel(width, height, Rgba([*shade, 0, 0, 255]))).collect();
    for (number, frame) in (0..).zip(&frames) {
        encoder.add_frame(webp::AnimFrame::from_rgba(frame.as_raw(), width, height, number * 100));
    }
    encoder.encode().to_vec()
}

/// A JPEG whose header promises another size than there is.
pub(crate) fn jpeg_that_says(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(16, 16);
    let at = bytes.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A picture with a page in its comment.
pub(crate) fn jpeg_with_comment(comment: &[u8]) -> Vec<u8> {
    let bytes = jpeg(400, 300);
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], &[0xff, 0xfe], &length, comment, &bytes[2..]].concat()
}

/// As large as phones photograph, and all grey.
pub(crate) fn grey_jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = image::GrayImage::from_pixel(width, height, image::Luma([128]));
    encoded(&DynamicImage::ImageLuma8(picture), ImageFormat::Jpeg)
}

/// Noise, which no encoder can make small.
pub(crate) fn noisy_jpeg(side: u32) -> Vec<u8> {
    let mut seed = 1_u32;
    let picture = RgbImage::from_fn(side, side, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = seed.to_be_bytes();
        Rgb([red, green, blue])
    });
    encoded(&DynamicImage::ImageRgb8(picture), ImageFormat::Jpeg)
}

/// As a phone writes it: lying on its side, with an EXIF block that says so and where it was taken.
pub(crate) fn sideways_jpeg(width: u32, height: u32) -> Vec<u8> {
    // Little-endian TIFF: one entry, orientation (0x0112), SHORT, 1, value 6: turn by 90 degrees.
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 39.9042N 116.4074E");
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new(&mut out);
    encoder.set_exif_metadata(exif).unwrap();
    quarters(width, height).write_with_encoder(encoder).unwrap();
    out
}

/// A header that promises 50,000 × 50,000 pixels, and almost nothing behind it.
pub(crate) fn huge_png() -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&50_000_u32.to_be_bytes());
    header.extend_from_slice(&50_000_u32.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, &header);
    chunk(&mut out, b"IDAT\x78\x9c\x03\x00\x00\x00\x00\x01");
    chunk(&mut out, b"IEND");
    out
}

fn chunk(out: &mut Vec<u8>, typed: &[u8]) {
    let length = u32::try_from(typed.len() - 4).unwrap();
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(typed);
    out.extend_from_slice(&crc(typed).to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
