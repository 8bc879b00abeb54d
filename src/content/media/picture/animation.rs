//! Animations, encoded anew frame by frame so that few frames are in memory at a time.

use std::io::Cursor;

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder as _, Frames, ImageDecoder as _, ImageFormat};

use super::{Header, Unfit, limits};

/// All frames together; each is drawn on a full canvas.
const MOST_PIXELS: u64 = 250_000_000;
/// The canvas, of which decoders keep several.
const LARGEST_CANVAS: u64 = 16_000_000;
const MOST_FRAMES: u64 = 600;
/// Frames are reduced to 256 colours; 1 is slow and best, 30 fast.
const SPEED: i32 = 10;

/// The animation as a GIF, which WeChat shows, too. None for a single frame.
pub(super) fn encode(bytes: &[u8], header: Header) -> Result<Option<Vec<u8>>, Unfit> {
    let canvas = u64::from(header.size.width) * u64::from(header.size.height);
    let most = MOST_FRAMES.min(MOST_PIXELS / canvas.max(1));
    let Some(first) = frames(bytes, header.format)? else { return Ok(None) };
    let mut count: u64 = 0;
    for frame in first {
        frame.map_err(|_broken| Unfit::Broken)?;
        count += 1;
        if count > most.max(1) || (count > 1 && canvas > LARGEST_CANVAS) {
            return Err(Unfit::TooManyFrames);
        }
    }
    if count < 2 {
        return Ok(None);
    }
    let broken = |_| Unfit::Broken;
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut out, SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(broken)?;
    for frame in frames(bytes, header.format)?.into_iter().flatten() {
        encoder.encode_frame(frame.map_err(broken)?).map_err(broken)?;
    }
    drop(encoder);
    Ok(Some(out))
}

/// The frames of a format that can move.
fn frames(bytes: &[u8], format: ImageFormat) -> Result<Option<Frames<'_>>, Unfit> {
    let broken = |_| Unfit::Broken;
    match format {
        ImageFormat::Gif => {
            let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(broken)?;
            decoder.set_limits(limits()).map_err(broken)?;
            Ok(Some(decoder.into_frames()))
        }
        ImageFormat::WebP => {
            let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
            decoder.set_limits(limits()).map_err(broken)?;
            Ok(decoder.has_animation().then(|| decoder.into_frames()))
        }
        _ => Ok(None),
    }
}
