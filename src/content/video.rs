//! Short videos: what phones play is taken in as it is, but for everything in it that is neither picture nor sound.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use mp4parse::{CodecType, MediaContext, SampleEntry, Track, TrackType};

use super::media::{Size, Unfit};

/// The largest video that is taken in.
pub const MOST_BYTES: u64 = 100 * 1000 * 1000;
/// The table of contents, which is read into memory.
const LARGEST_CONTENTS: u64 = 8 * 1000 * 1000;
/// Parts of a file, and of each of its parts.
const MOST_BOXES: usize = 4_000;
const LONGEST_SIDE: u32 = 4_096;

/// What a video says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Video {
    /// As it is shown: a phone held upright films upright.
    pub size: Size,
    /// How long it is, in milliseconds.
    pub millis: u64,
}

impl Video {
    /// How long it is as people say it: `1:05`.
    pub fn length(self) -> String {
        let seconds = (self.millis + 500) / 1000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

/// One part of the file.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: [u8; 4],
    /// Where it begins, and where what is in it does.
    at: u64,
    inside: u64,
    end: u64,
}

/// Looks at a video and blanks, in place, what does not belong to picture or sound: where it was filmed and with what,
/// and anything that somebody may have hidden in it. Blocks.
pub(super) fn prepare(file: &mut (impl Read + Write + Seek)) -> Result<Video, Trouble> {
    let length = file.seek(SeekFrom::End(0))?;
    if length > MOST_BYTES {
        return Err(Unfit::TooLongVideo.into());
    }
    let parts = parts(file, 0, length)?;
    let contents: Vec<Part> = parts.iter().copied().filter(|part| part.kind == *b"moov").collect();
    let [contents] = contents.as_slice() else { return Err(Unfit::BrokenVideo.into()) };
    if contents.end - contents.at > LARGEST_CONTENTS || !parts.iter().any(|part| part.kind == *b"mdat") {
        return Err(Unfit::BrokenVideo.into());
    }
    blank_others(file, &parts, &[b"ftyp", b"moov", b"mdat"])?;
    let inside = self::parts(file, contents.inside, contents.end)?;
    blank_others(file, &inside, &[b"mvhd", b"trak", b"iods", b"mvex", b"pssh"])?;
    for track in inside.iter().filter(|part| part.kind == *b"trak") {
        let inside = self::parts(file, track.inside, track.end)?;
        blank_others(file, &inside, &[b"tkhd", b"edts", b"tref", b"mdia"])?;
    }
    file.seek(SeekFrom::Start(0))?;
    let context = mp4parse::read_mp4(&mut BufReader::new(file)).map_err(|_broken| Unfit::BrokenVideo)?;
    Ok(judge(&context)?)
}

/// Why a video was not prepared.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error(transparent)]
    File(#[from] io::Error),
}

/// The parts between two places, which they must fill without a gap.
fn parts(file: &mut (impl Read + Seek), from: u64, to: u64) -> Result<Vec<Part>, Trouble> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let part = part_at(file, at, to)?;
        at = part.end;
        found.push(part);
        if found.len() > MOST_BOXES {
            return Err(Unfit::BrokenVideo.into());
        }
    }
    Ok(found)
}

fn part_at(file: &mut (impl Read + Seek), at: u64, to: u64) -> Result<Part, Trouble> {
    let broken = || Trouble::Unfit(Unfit::BrokenVideo);
    if to - at < 8 {
        return Err(broken());
    }
    file.seek(SeekFrom::Start(at))?;
    let (mut size, mut kind, mut long) = ([0; 4], [0; 4], [0; 8]);
    file.read_exact(&mut size)?;
    file.read_exact(&mut kind)?;
    let (length, header) = match u32::from_be_bytes(size) {
        1 if to - at >= 16 => {
            file.read_exact(&mut long)?;
            (u64::from_be_bytes(long), 16)
        }
        size => (u64::from(size), 8),
    };
    let end = at.checked_add(length).ok_or_else(broken)?;
    if length < header || end > to {
        return Err(broken());
    }
    Ok(Part { kind, at, inside: at + header, end })
}

/// Makes empty space of all parts but those that are needed.
fn blank_others(file: &mut (impl Write + Seek), parts: &[Part], needed: &[&[u8; 4]]) -> io::Result<()> {
    for part in parts.iter().filter(|part| !needed.contains(&&part.kind)) {
        file.seek(SeekFrom::Start(part.at + 4))?;
        file.write_all(b"free")?;
        file.seek(SeekFrom::Start(part.inside))?;
        io::copy(&mut io::repeat(0).take(part.end - part.inside), file)?;
    }
    Ok(())
}

/// One track of H.264, at most one of AAC, no other; complete in one piece.
fn judge(context: &MediaContext) -> Result<Video, Unfit> {
    let of = |kind: TrackType| context.tracks.iter().filter(move |track| track.track_type == kind);
    let (pictures, sounds) = (of(TrackType::Video).count(), of(TrackType::Audio).count());
    let others = context.tracks.iter().count() - pictures - sounds;
    if pictures != 1 || sounds > 1 || others > 0 || context.mvex.is_some() || !context.psshs.is_empty() {
        return Err(Unfit::VideoFormat);
    }
    if of(TrackType::Audio).any(|track| codec(track) != Some(CodecType::AAC)) {
        return Err(Unfit::VideoFormat);
    }
    let track = of(TrackType::Video).next().filter(|track| codec(track) == Some(CodecType::H264));
    let track = track.ok_or(Unfit::VideoFormat)?;
    let size = size(track).ok_or(Unfit::BrokenVideo)?;
    if size.width.max(size.height) > LONGEST_SIDE {
        return Err(Unfit::VideoFormat);
    }
    let (Some(units), Some(scale)) = (track.duration, track.timescale) else { return Err(Unfit::BrokenVideo) };
    let millis = units.0.checked_mul(1000).and_then(|units| units.checked_div(scale.0));
    let millis = millis.filter(|millis| *millis > 0).ok_or(Unfit::BrokenVideo)?;
    Ok(Video { size, millis })
}

/// The one codec of a track.
fn codec(track: &Track) -> Option<CodecType> {
    let mut entries = track.stsd.as_ref()?.descriptions.iter();
    match (entries.next()?, entries.next()) {
        (SampleEntry::Video(entry), None) => Some(entry.codec_type),
        (SampleEntry::Audio(entry), None) => Some(entry.codec_type),
        _ => None,
    }
}

/// How large the picture is once it stands upright.
fn size(track: &Track) -> Option<Size> {
    let header = track.tkhd.as_ref()?;
    // Fixed point numbers with sixteen bits behind the point.
    let (width, height) = (header.width >> 16, header.height >> 16);
    let lies = header.matrix.a == 0 && header.matrix.d == 0;
    let size = if lies { Size { width: height, height: width } } else { Size { width, height } };
    (size.width > 0 && size.height > 0).then_some(size)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_cut_off_or_has_gaps_is_broken() {
        let part = |kind: &[u8; 4], inside: &[u8]| {
            let length = u32::try_from(inside.len() + 8).unwrap().to_be_bytes();
            [length.as_slice(), kind, inside].concat()
        };
        let whole = [part(b"ftyp", b"isom"), part(b"moov", b""), part(b"mdat", b"1234")].concat();
        for bytes in [
            whole[..whole.len() - 1].to_vec(),
            [whole.as_slice(), b"\0"].concat(),
            [part(b"ftyp", b"isom"), part(b"mdat", b"")].concat(),
            [part(b"ftyp", b"isom"), part(b"moov", b"\0\0\0\x09free"), part(b"mdat", b"")].concat(),
            [part(b"ftyp", b"isom"), b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff".to_vec()].concat(),
            [part(b"ftyp", b"isom"), b"\0\0\0\0moov".to_vec()].concat(),
            part(b"free", b"").repeat(MOST_BOXES + 1),
            Vec::new(),
        ] {
            let told = prepare(&mut Cursor::new(bytes.clone()));
            assert!(matches!(told, Err(Trouble::Unfit(Unfit::BrokenVideo))), "{bytes:?}: {told:?}");
        }
    }

    #[test]
    fn a_length_is_said_in_minutes_and_seconds() {
        let length = |millis| Video { size: Size { width: 1, height: 1 }, millis }.length();
        assert_eq!([400, 5_500, 65_000, 3_601_000].map(length), ["0:00", "0:06", "1:05", "60:01"]);
    }
}
