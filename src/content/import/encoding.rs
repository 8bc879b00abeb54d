//! From bytes to text. Pure.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

/// Text and, where it was not plain UTF-8, the encoding that it was taken for.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = std::str::from_utf8(rest).ok()?;
        return Some((tidy(text), Some("UTF-8 with a byte order mark")));
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let text = strictly(encoding, bytes.get(length..)?)?;
        return Some((tidy(&text), Some(encoding.name())));
    }
    if let Some(encoding) = utf_16_without_mark(bytes)
        && let Some(text) = strictly(encoding, bytes)
    {
        return Some((tidy(&text), Some(encoding.name())));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((tidy(text), None));
    }
    // GB18030 contains GBK. A zero byte never occurs in a text of that time.
    if bytes.contains(&0) {
        return None;
    }
    strictly(GB18030, bytes).map(|text| (tidy(&text), Some("GBK")))
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// Front matter is mostly ASCII, of which UTF-16 makes every second byte zero.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: Vec<u8> = bytes.iter().copied().take(200).collect();
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let many = head.len() / 6;
    let (even, odd) = (zeros(0), zeros(1));
    if !bytes.len().is_multiple_of(2) || head.len() < 8 {
        None
    } else if odd > many && even == 0 {
        Some(UTF_16LE)
    } else if even > many && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// One kind of line end, and no U+0000, which no database column takes.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "---\ntitle: 县融媒体中心\n---\n正文。\n";

    fn utf_16(little: bool) -> Vec<u8> {
        TEXT.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn each_encoding_is_recognised_and_named() {
        let gbk = GBK.encode(TEXT).0.into_owned();
        let mark = |mark: &[u8], rest: &[u8]| [mark, rest].concat();

        for (bytes, name) in [
            (TEXT.as_bytes().to_vec(), None),
            (mark(b"\xef\xbb\xbf", TEXT.as_bytes()), Some("UTF-8 with a byte order mark")),
            (mark(b"\xff\xfe", &utf_16(true)), Some("UTF-16LE")),
            (mark(b"\xfe\xff", &utf_16(false)), Some("UTF-16BE")),
            (utf_16(true), Some("UTF-16LE")),
            (utf_16(false), Some("UTF-16BE")),
            (gbk, Some("GBK")),
        ] {
            assert_eq!(decode(&bytes), Some((TEXT.to_owned(), name)));
        }
    }

    #[test]
    fn a_program_or_picture_is_no_text() {
        assert_eq!(decode(b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe\xfd"), None);
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_text_or_refused_and_never_hold_a_zero(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some((text, _)) = decode(&bytes) {
                prop_assert!(!text.contains(['\0', '\r']));
            }
        }
    }
}
