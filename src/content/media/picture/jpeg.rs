//! Whether a JPEG arrived completely. Pure.

/// Whether the picture in a JPEG file goes on to its end. What phones write after that end is not looked at.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    // After the mark that begins the file.
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        let [0xff, mark, behind @ ..] = rest else { return false };
        rest = match mark {
            0xd9 => return true,
            // Marks may be padded, and some stand alone.
            0xff => rest.get(1..).unwrap_or_default(),
            0x01 | 0xd0..=0xd7 => behind,
            _ => {
                let Some((length, _)) = behind.split_first_chunk::<2>() else { return false };
                let Some(after) = behind.get(usize::from(u16::from_be_bytes(*length))..) else { return false };
                if *mark == 0xda { next_mark(after) } else { after }
            }
        };
    }
}

/// Behind the compressed pixels, in which a mark is neither a zero nor a restart.
fn next_mark(pixels: &[u8]) -> &[u8] {
    let is_mark = |pair: &[u8]| matches!(pair, [0xff, 0x01..=0xcf | 0xd8..=0xfe]);
    let at = pixels.windows(2).position(is_mark).unwrap_or(pixels.len());
    pixels.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] =
        b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xda\0\x02\x12\xff\0\x34\xff\xd0\x56\xff\xda\0\x02\x78\xff\xd9";

    #[test]
    fn a_picture_is_whole_up_to_its_last_byte() {
        assert!(is_whole(PICTURE));
        assert!(is_whole(&[PICTURE, b"what a phone adds"].concat()));
        for end in 0..PICTURE.len() {
            assert!(!is_whole(&PICTURE[..end]), "{end}");
        }
    }
}
