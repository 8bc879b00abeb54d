//! What a file is by how it begins, whatever it is called. Pure.

/// As many bytes of a file as tell what it is.
pub(in crate::content) const LENGTH: usize = 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::content) enum Signature {
    /// A picture that the decoders know.
    Picture,
    /// HEIC, HEIF.
    Heif,
    /// A picture of a format that we do not take, by its name.
    Foreign(&'static str),
    /// MP4 and its relatives.
    Video,
    /// SVG, HTML, XML.
    Markup,
    /// Anything else: judged by its name.
    Other,
}

/// The brands of still pictures in the container of MP4.
const STILL: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// How markup begins, in lower case.
const MARKUP: [&[u8]; 7] = [b"<?xml", b"<svg", b"<!doctype", b"<html", b"<script", b"<head", b"<body"];

impl Signature {
    /// The one of a file that begins with these bytes.
    pub(in crate::content) fn of(bytes: &[u8]) -> Self {
        if bytes.get(4..8) == Some(b"ftyp") {
            let brand = bytes.get(8..12).unwrap_or_default();
            return match brand {
                b"avif" | b"avis" => Self::Foreign("AVIF"),
                b"crx " => Self::Foreign("RAW"),
                brand if STILL.contains(&brand) => Self::Heif,
                _ => Self::Video,
            };
        }
        let is_picture = bytes.starts_with(b"\xff\xd8\xff")
            || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
            || bytes.starts_with(b"GIF8")
            || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"));
        if is_picture {
            return Self::Picture;
        }
        if let Some(name) = foreign(bytes) {
            return Self::Foreign(name);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let begin: Vec<u8> = text.trim_ascii_start().iter().take(LENGTH).map(u8::to_ascii_lowercase).collect();
        let is_markup = MARKUP.iter().any(|known| begin.starts_with(known))
            // A drawing may begin with a comment.
            || (begin.starts_with(b"<!--") && begin.windows(4).any(|four| four == b"<svg"));
        if is_markup { Self::Markup } else { Self::Other }
    }
}

/// The name of a format of pictures that we do not take.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    // Two letters alone could also begin a text; what follows the length is always zero.
    let is_bmp = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]);
    let is_tiff = bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*");
    let is_psd = bytes.starts_with(b"8BPS");
    let is_jpeg_2000 = bytes.starts_with(b"\0\0\0\x0cjP  ");
    [(is_bmp, "BMP"), (is_tiff, "TIFF"), (is_psd, "Photoshop"), (is_jpeg_2000, "JPEG 2000")]
        .into_iter()
        .find_map(|(is, name)| is.then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        for (bytes, expected) in [
            (b"\xff\xd8\xff\xe0".as_slice(), Signature::Picture),
            (b"GIF89a=1;alert(1)", Signature::Picture),
            (b"RIFF\0\0\0\0WEBPVP8 ", Signature::Picture),
            (b"RIFF\0\0\0\0WAVEfmt ", Signature::Other),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Signature::Heif),
            (b"\0\0\0\x18ftypavif\0\0\0\0", Signature::Foreign("AVIF")),
            (b"BM\x46\0\0\0\0\0\0\0\x36", Signature::Foreign("BMP")),
            (b"BMW baut ein Werk", Signature::Other),
            (b"II*\0\x10\0\0\0CR\x02\0", Signature::Foreign("TIFF")),
            (b"MM\0*\0\0\0\x08", Signature::Foreign("TIFF")),
            (b"8BPS\0\x01", Signature::Foreign("Photoshop")),
            (b"\0\0\0\x0cjP  \r\n\x87\n", Signature::Foreign("JPEG 2000")),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Signature::Video),
            (b"\0\0\0\x18ftyp", Signature::Video),
            (b"\xef\xbb\xbf \n<SVG xmlns=''>", Signature::Markup),
            (b"<!-- a --><svg>", Signature::Markup),
            (b"<?xml version='1.0'?>", Signature::Markup),
            (b"<!DOCTYPE html>", Signature::Markup),
            (b"%PDF-1.7", Signature::Other),
            (b"", Signature::Other),
        ] {
            assert_eq!(Signature::of(bytes), expected, "{bytes:?}");
        }
    }
}
