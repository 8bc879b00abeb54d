//! Attachments: which files readers may download, what they are called, and how we know them. Pure.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::article::one_line;
use super::media::{MediaId, Unfit};
use super::verification::could_prove;
use super::video::Video;

/// The largest file that is taken in.
pub const MOST_BYTES: usize = super::media::MOST_BYTES;
/// The longest name, in characters; longer ones do not fit into some file systems.
const LONGEST_NAME: usize = 80;
/// How a file begins in which Microsoft's older programs, and all of them for protected files, keep everything.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How a zip file begins; the newer office formats are zip files.
const ZIP: &[u8] = b"PK\x03\x04";

/// The kind of a file, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Portable documents.
    Pdf,
    /// Word until 2003.
    Doc,
    /// Word since 2007.
    Docx,
    /// Excel until 2003.
    Xls,
    /// Excel since 2007.
    Xlsx,
    /// Slides until 2003.
    Ppt,
    /// Slides since 2007.
    Pptx,
    /// Archives.
    Zip,
    /// Plain text.
    Txt,
    /// Videos, which pages play.
    Mp4,
}

impl Kind {
    /// Those that readers download.
    const ALL: [Self; 9] =
        [Self::Pdf, Self::Doc, Self::Docx, Self::Xls, Self::Xlsx, Self::Ppt, Self::Pptx, Self::Zip, Self::Txt];

    /// The end of the name, which is also the word that is stored.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Ppt => "ppt",
            Self::Pptx => "pptx",
            Self::Zip => "zip",
            Self::Txt => "txt",
            Self::Mp4 => "mp4",
        }
    }

    /// What readers call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Doc | Self::Docx => "Word",
            Self::Xls | Self::Xlsx => "Excel",
            Self::Ppt | Self::Pptx => "PowerPoint",
            Self::Zip => "ZIP",
            Self::Txt => "TXT",
            Self::Mp4 => "MP4",
        }
    }

    /// What a browser is told, so that a phone finds the program for it. Text is told to be anything but text: no
    /// browser shows it then.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Zip => "application/zip",
            Self::Txt => "application/octet-stream",
            Self::Mp4 => "video/mp4",
        }
    }

    /// The kind that a file's name claims.
    pub fn of_name(name: &str) -> Option<Self> {
        let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
        Self::from_word(&extension)
    }

    /// The kind of download that `word` names.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.extension() == word)
    }

    /// The kind that is stored as `word`.
    pub(super) fn stored(word: &str) -> Option<Self> {
        if word == Self::Mp4.extension() { Some(Self::Mp4) } else { Self::from_word(word) }
    }

    /// Whether a file begins as one of this kind does.
    fn begins(self, bytes: &[u8]) -> bool {
        match self {
            Self::Pdf => bytes.starts_with(b"%PDF-"),
            Self::Doc | Self::Xls | Self::Ppt => bytes.starts_with(OLE),
            // With a password, the newer formats are packed into the older ones' container.
            Self::Docx | Self::Xlsx | Self::Pptx => bytes.starts_with(ZIP) || bytes.starts_with(OLE),
            Self::Zip => bytes.starts_with(ZIP),
            Self::Txt => !bytes.is_empty() && !bytes.contains(&0),
            // Looked at more closely elsewhere.
            Self::Mp4 => false,
        }
    }
}

/// A stored attachment or video: what readers get byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its identity, which stays when the file is replaced: the first 32 hexadecimal digits of the SHA-256 of the name
    /// and the bytes that it came with. The name belongs to it, because readers see it: the same form may be handed
    /// out under two. Of a video, whose name readers do not see, only of its bytes.
    pub id: MediaId,
    /// Where the file lies, which changes with it.
    pub folder: MediaId,
    /// What it is called on a reader's device.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How large it is.
    pub bytes: u64,
    /// What a video says of itself.
    pub video: Option<Video>,
    /// 替代文字: what a screen reader calls a video.
    pub alt: String,
}

/// What every video is called in its address: the name that a phone gave it is nobody's business.
const VIDEO_NAME: &str = "video.mp4";

impl Attachment {
    /// The last part of its address.
    pub fn file_name(&self) -> &str {
        if self.video.is_some() { VIDEO_NAME } else { &self.name }
    }

    /// Whether readers may have it. What came before such names were refused stays in the library only.
    pub fn is_public(&self) -> bool {
        self.video.is_some() || !could_prove(&self.name)
    }

    /// The size as people say it, in decimal units as phones count.
    pub fn size(&self) -> String {
        match self.bytes {
            0..1_000 => format!("{} B", self.bytes),
            1_000..999_500 => format!("{} KB", (self.bytes + 500) / 1000),
            9_950_000.. => format!("{} MB", (self.bytes + 500_000) / 1_000_000),
            _ => {
                let tenths = (self.bytes + 50_000) / 100_000;
                format!("{}.{} MB", tenths / 10, tenths % 10)
            }
        }
    }
}

/// The attachment that a file would be, if it may be one: by its name, its size, and how it begins.
pub(super) fn inspect(bytes: &[u8], original_name: &str) -> Result<Attachment, Unfit> {
    let name = tidied(original_name);
    let kind = Kind::of_name(&name).ok_or(Unfit::NoAttachment)?;
    if bytes.len() > MOST_BYTES {
        return Err(Unfit::TooManyBytes);
    }
    if could_prove(&name) {
        return Err(Unfit::Verification);
    }
    if !kind.begins(bytes) {
        return Err(Unfit::Disguised(kind.extension()));
    }
    // Neither can hold the byte between them.
    let digest = Sha256::new().chain_update(&name).chain_update([0]).chain_update(bytes).finalize();
    let id = MediaId::of_digest(&hex::encode(digest));
    let bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(Attachment { folder: id.clone(), id, name, kind, bytes, video: None, alt: String::new() })
}

/// The one that a video would be.
pub(super) fn of_video(video: Video, digest: &str, bytes: u64, original_name: &str) -> Attachment {
    let id = MediaId::of_digest(digest);
    let stem = tidied(original_name);
    let stem = stem.rsplit_once('.').map_or(stem.as_str(), |(stem, _)| stem);
    let name = format!("{stem}.mp4");
    Attachment { folder: id.clone(), id, name, kind: Kind::Mp4, bytes, video: Some(video), alt: String::new() }
}

/// What a file was called when it came, harmless to show; nothing is ever stored under it.
pub fn shown_name(original: &str) -> String {
    tidied(original).trim_end_matches('.').to_owned()
}

/// A name that is a name on every device: no folders, no characters that cannot be seen or that turn the reading
/// direction, none that Windows refuses; its end in lower case.
fn tidied(original: &str) -> String {
    let last = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = one_line(last)
        .chars()
        .filter(|character| !is_unseen(*character))
        .map(|character| if "<>:\"|?*".contains(character) { '_' } else { character })
        .collect();
    let (stem, extension) = visible.rsplit_once('.').unwrap_or((&visible, ""));
    let extension = extension.trim().to_ascii_lowercase();
    let room = LONGEST_NAME.saturating_sub(extension.chars().count() + 1);
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(room).collect();
    let stem = if stem.trim().is_empty() { "attachment" } else { stem.trim_end() };
    format!("{stem}.{extension}")
}

/// Marks of direction, joiners and the like: two names that differ only in them look the same.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_must_be_what_its_name_says() {
        let ole: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest";
        let zip: &[u8] = b"PK\x03\x04rest";
        for (name, bytes) in [
            ("a.pdf", b"%PDF-1.7".as_slice()),
            ("a.PDF", b"%PDF-1.4<script>"),
            ("a.doc", ole),
            ("a.docx", zip),
            ("protected.xlsx", ole),
            ("a.xls", ole),
            ("a.pptx", zip),
            ("a.zip", zip),
            ("a.txt", "文字".as_bytes()),
        ] {
            assert!(inspect(bytes, name).is_ok(), "{name}");
        }
        for (name, bytes) in [
            ("a.pdf", b" %PDF-1.7".as_slice()),
            ("a.pdf", b"<html>%PDF-1.7"),
            ("a.doc", zip),
            ("a.zip", b"MZ"),
            ("a.docx", b"<?xml"),
            ("a.txt", b"a\0b"),
            ("a.txt", b""),
        ] {
            assert!(matches!(inspect(bytes, name), Err(Unfit::Disguised(_))), "{name}");
        }
        for name in ["a.html", "a.svg", "a.exe", "a.pdf.exe", "a.docm", "a", "", ".pdf.", "a.jpg", "a.pdf\u{0}.html"] {
            assert_eq!(inspect(b"%PDF-1.7", name), Err(Unfit::NoAttachment), "{name}");
        }
    }

    #[test]
    fn nothing_comes_in_under_a_name_that_proves_who_owns_the_site() {
        for name in [
            "MP_verify_0123456789abcdef.txt",
            "mp_verify_0123456789abcdef.TXT",
            "x/WW_verify_0123456789abcdef.txt",
            "MP_\u{200b}verify_\u{202e}0123456789abcdef.txt",
            "..MP_verify_0123456789abcdef .txt ",
            "MP_verify_0123456789abcdef..txt",
            "tencent1234567890.txt",
        ] {
            assert_eq!(inspect(b"0123456789abcdef", name), Err(Unfit::Verification), "{name:?}");
        }
        assert!(inspect(b"%PDF-1.7", "MP_verify_.pdf").is_ok());
    }

    #[test]
    fn a_name_has_no_folders_and_nothing_that_cannot_be_seen() {
        for (original, name) in [
            ("关于 2027 年度\u{3000}缴费的通知.PDF", "关于 2027 年度 缴费的通知.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\me\\表.xlsx", "表.xlsx"),
            ("通知\u{202e}fdp.zip", "通知fdp.zip"),
            ("a\u{0}b\r\nc.pdf", "ab c.pdf"),
            ("a\u{200b}\"<b>\".pdf", "a__b__.pdf"),
            (".pdf", "attachment.pdf"),
            ("..pdf", "attachment.pdf"),
        ] {
            assert_eq!(tidied(original), name, "{original:?}");
        }
        let long = tidied(&format!("{}.docx", "长".repeat(400)));
        assert_eq!(long.chars().count(), LONGEST_NAME);
        assert!(long.ends_with("长.docx"));
    }

    #[test]
    fn the_name_is_part_of_the_identity() {
        let one = inspect(b"%PDF-1.7", "甲.pdf").unwrap();

        assert_eq!(inspect(b"%PDF-1.7", "x/甲.PDF").unwrap(), one);
        assert_ne!(inspect(b"%PDF-1.7", "乙.pdf").unwrap().id, one.id);
        assert_ne!(inspect(b"%PDF-1.6", "甲.pdf").unwrap().id, one.id);
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = |bytes| Attachment { bytes, ..inspect(b"%PDF-1.7", "a.pdf").unwrap() }.size();

        let sizes = [8, 1_400, 999_499, 999_500, 1_234_567, 2_000_000, 12_345_678].map(said);
        assert_eq!(sizes, ["8 B", "1 KB", "999 KB", "1.0 MB", "1.2 MB", "2.0 MB", "12 MB"]);
    }

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL.into_iter().chain([Kind::Mp4]) {
            assert_eq!(Kind::stored(kind.extension()), Some(kind));
        }
        assert_eq!(Kind::of_name("a.mp4"), None);
    }

    proptest! {
        #[test]
        fn any_name_becomes_one_that_stays(original in "\\PC{0,90}|[./\\\\a\u{202e}\u{0} ]{0,20}") {
            let name = tidied(&original);
            prop_assert_eq!(tidied(&name), name.clone());
            let harmless = |character: char| !character.is_control() && !is_unseen(character);
            let forbidden = ['/', '\\', '"', '\u{202e}'];
            prop_assert!(name.chars().all(harmless) && !name.contains(forbidden));
            prop_assert!(!name.starts_with('.') && name.chars().count() <= 500);
        }
    }
}
